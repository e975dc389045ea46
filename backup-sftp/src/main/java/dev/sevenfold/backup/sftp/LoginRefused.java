package dev.sevenfold.backup.sftp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One side does not trust the other: an unknown or changed host key, a key or password that the
 * server does not take. It stays that way until a person changes something.
 */
final class LoginRefused extends IOException {

  private static final long serialVersionUID = 1L;

  private final String advice;

  LoginRefused(String what, String advice) {
    this(what, advice, null);
  }

  LoginRefused(String what, String advice, @Nullable Throwable cause) {
    super(what, cause);
    this.advice = advice;
  }

  /** What a person can do about it. */
  String advice() {
    return advice;
  }
}
