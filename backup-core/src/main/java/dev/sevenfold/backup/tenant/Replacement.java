package dev.sevenfold.backup.tenant;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes another value for a column that must be unique, where the archived one belongs to somebody
 * else's row by now. Called from the thread that restores, and only by restores that were asked to
 * give new ids.
 *
 * <pre>{@code
 * TenantModel.rootedAt("tenants")
 *     .replaceTaken("users", "email", Replacement.addressTagged("copy"))
 *     .replaceTaken("shops", "slug", Replacement.suffixed("-copy"))
 *     .replaceTaken("users", "api_token", (value, attempt) -> MyApp.newToken());
 * }</pre>
 */
@FunctionalInterface
public interface Replacement {

  /**
   * Another value for one row.
   *
   * @param value the archived value: a {@link Long}, a {@link Double}, a {@link String} or a {@code
   *     byte[]}
   * @param attempt 1 at first; one more each time that the result was taken too
   * @return a value of one of these types; or null, which clears the column
   */
  @Nullable Object replace(Object value, int attempt);

  /** Whether the values are secrets, which no note and no message shows. */
  default boolean isSecret() {
    return false;
  }

  /** Clears the column. */
  static Replacement cleared() {
    return (value, attempt) -> null;
  }

  /**
   * Appends {@code suffix}: {@code shop} becomes {@code shop-copy}, then {@code shop-copy2}.
   *
   * @throws IllegalArgumentException if the suffix is empty
   */
  static Replacement suffixed(String suffix) {
    if (suffix.isEmpty()) {
      throw new IllegalArgumentException("The suffix of a replacement is empty");
    }
    return (value, attempt) -> text(value) + suffix + (attempt == 1 ? "" : attempt);
  }

  /**
   * Tags a mail address: {@code ann@example.com} becomes {@code ann+copy@example.com}, then {@code
   * ann+copy2@example.com}. It still reaches the same person. What is no address gets the tag as a
   * suffix.
   *
   * @throws IllegalArgumentException if the tag is not made of letters, digits and hyphens
   */
  static Replacement addressTagged(String tag) {
    if (!Pattern.matches("[A-Za-z0-9-]+", tag)) {
      throw new IllegalArgumentException(
          "The tag \"" + tag + "\" is not made of letters, digits and hyphens");
    }
    return (value, attempt) -> {
      String address = text(value);
      int at = address.lastIndexOf('@');
      String numbered = "+" + tag + (attempt == 1 ? "" : attempt);
      return at < 0
          ? address + numbered
          : address.substring(0, at) + numbered + address.substring(at);
    };
  }

  /**
   * Draws another text at random, in the manner of the old one: digits for digits, letters for
   * letters, and what parts them as it was. For secrets: whoever knows one could guess a suffix.
   */
  static Replacement random() {
    return new RandomText();
  }

  /** A value as a text; bytes are none. */
  private static String text(Object value) {
    Objects.requireNonNull(value, "value");
    if (value instanceof byte[]) {
      throw new IllegalArgumentException("Bytes cannot be given a suffix; replace them otherwise");
    }
    return value.toString();
  }
}
