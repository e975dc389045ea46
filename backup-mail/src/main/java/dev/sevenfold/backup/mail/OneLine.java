package dev.sevenfold.backup.mail;

import java.util.Objects;
import java.util.regex.Pattern;

/** Text that may become a header of a mail: whoever breaks the line writes headers of their own. */
final class OneLine {

  /** How a message of the library tells such a character; a mail is for people. */
  private static final Pattern TOLD = Pattern.compile("\\\\u\\{[0-9a-f]{1,6}}");

  private OneLine() {}

  /** Refuses a text with a control character; {@code what} begins the message. */
  static String require(String what, String text) {
    Objects.requireNonNull(text, what);
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      if (isBreaking(text.codePointAt(i))) {
        throw new IllegalArgumentException(
            "%s has the control character U+%04X at position %d; take it out"
                .formatted(what, text.codePointAt(i), i));
      }
    }
    return text;
  }

  /** The text with a space for what steers a line or turns it, to show what is from elsewhere. */
  static String of(String text) {
    return TOLD.matcher(text)
        .replaceAll(" ")
        .codePoints()
        .map(c -> isBreaking(c) || isTurning(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isBreaking(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.SURROGATE -> true; // half a character, whose other half is missing
      default -> false;
    };
  }

  /** Whether the text behind it reads the other way around, to look like what it is not. */
  private static boolean isTurning(int c) {
    return switch (Character.getDirectionality(c)) {
      case Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
          Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE ->
          true;
      default -> false;
    };
  }
}
