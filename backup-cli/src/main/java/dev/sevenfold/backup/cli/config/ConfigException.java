package dev.sevenfold.backup.cli.config;

import org.jspecify.annotations.Nullable;

/** The config file is wrong. Says where, what is wrong there, and what is allowed instead. */
public final class ConfigException extends RuntimeException {

  private final String what;
  private final String advice;

  /** Says what is wrong, with the place and the value, and what is allowed. */
  public ConfigException(String what, String advice) {
    this(what, advice, null);
  }

  /** As {@link #ConfigException(String, String)}; keeps the cause. */
  public ConfigException(String what, String advice, @Nullable Throwable cause) {
    super(what + ". " + advice, cause);
    this.what = what;
    this.advice = advice;
  }

  /** What is wrong, and where. */
  public String what() {
    return what;
  }

  /** What is allowed instead. */
  public String advice() {
    return advice;
  }
}
