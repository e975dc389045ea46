package dev.sevenfold.backup.link;

import java.util.regex.Pattern;

/**
 * Which link it is, to revoke it by and to speak of it. It opens nothing, so it may be logged.
 * Immutable.
 *
 * @param value 16 lower-case hexadecimal digits
 */
public record LinkId(String value) {

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}");

  /** Refuses what is not 16 lower-case hexadecimal digits. */
  public LinkId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "The id of a link has 16 lower-case hexadecimal digits; this text has %d characters"
              .formatted(value.length()));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
