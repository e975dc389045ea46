package dev.sevenfold.backup.tenant;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/** Texts that nobody can guess, and that look like those in the place of which they come. */
final class RandomText implements Replacement {

  private static final Pattern LOWER_HEX = Pattern.compile("[0-9a-f-]+");
  private static final Pattern UPPER_HEX = Pattern.compile("[0-9A-F-]+");
  private static final Pattern DIGITS = Pattern.compile("[0-9-]+");
  private static final String NUMERALS = "0123456789";
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final SecureRandom RANDOM = new SecureRandom();

  @Override
  public Object replace(Object value, int attempt) {
    if (value instanceof byte[]) {
      throw new IllegalArgumentException("Bytes have no text to be like; replace them otherwise");
    }
    return like(value.toString());
  }

  @Override
  public boolean isSecret() {
    return true;
  }

  /** As long, of the same kinds of characters; hexadecimal digits stay such. */
  static String like(String text) {
    StringBuilder drawn = new StringBuilder();
    String hex = hex(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean digit = NUMERALS.indexOf(c) >= 0;
      boolean letter = LOWER.indexOf(c) >= 0 || UPPER.indexOf(c) >= 0;
      String among = hex;
      if (among.isEmpty()) {
        among = digit ? NUMERALS : LOWER.indexOf(c) >= 0 ? LOWER : UPPER;
      }
      drawn.append(digit || letter ? among.charAt(RANDOM.nextInt(among.length())) : c);
    }
    return drawn.toString();
  }

  private static String hex(String text) {
    if (DIGITS.matcher(text).matches()) {
      return NUMERALS;
    }
    if (LOWER_HEX.matcher(text).matches()) {
      return NUMERALS + "abcdef";
    }
    return UPPER_HEX.matcher(text).matches() ? NUMERALS + "ABCDEF" : "";
  }
}
