package dev.sevenfold.backup.mail;

import java.util.Objects;

/** Text that may become a header of a mail: whoever breaks the line writes headers of their own. */
final class OneLine {

  private OneLine() {}

  /** Refuses a text with a control character; {@code what} begins the message. */
  static String require(String what, String text) {
    Objects.requireNonNull(text, what);
    for (int i = 0; i < text.length(); i++) {
      if (isBreaking(text.charAt(i)) || isHalf(text, i)) {
        throw new IllegalArgumentException(
            "%s has the control character U+%04X at position %d; take it out"
                .formatted(what, (int) text.charAt(i), i));
      }
    }
    return text;
  }

  /** The text with a space for each control character, to show what came from elsewhere. */
  static String of(String text) {
    StringBuilder line = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      if (isBreaking(text.charAt(i)) || isHalf(text, i)) {
        line.setCharAt(i, ' ');
      }
    }
    return line.toString();
  }

  private static boolean isBreaking(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }

  /** Half a character that is not followed, or led, by its other half. */
  private static boolean isHalf(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
