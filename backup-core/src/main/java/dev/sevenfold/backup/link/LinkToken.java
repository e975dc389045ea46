package dev.sevenfold.backup.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Objects;

/**
 * What makes a link work for whoever has it: keep it out of every log. It consists of letters,
 * digits, {@code -} and {@code _}, and its text is had by {@link #value()} alone; {@link
 * #toString()} hides it. Immutable.
 */
public final class LinkToken {

  private final String value;

  LinkToken(String value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /** The secret text, for the link itself and for nothing else. */
  public String value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LinkToken token
        && MessageDigest.isEqual(value.getBytes(UTF_8), token.value.getBytes(UTF_8));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Says that there is a token, and not which. */
  @Override
  public String toString() {
    return "LinkToken[hidden]";
  }
}
