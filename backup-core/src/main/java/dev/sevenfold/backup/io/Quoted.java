package dev.sevenfold.backup.io;

/** Text of an archive, fit for a message: a hostile archive must not write lines into a log. */
public final class Quoted {

  private static final int LONGEST = 200;

  private Quoted() {}

  /** The text in quotes, its control characters escaped, its middle left out where it is long. */
  public static String text(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    if (text.length() <= LONGEST) {
      append(quoted, text);
    } else {
      append(quoted, text.substring(0, LONGEST / 2));
      quoted.append('…');
      append(quoted, text.substring(text.length() - LONGEST / 2));
    }
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, String text) {
    text.codePoints()
        .forEach(
            c -> {
              if (isPrintable(c)) {
                quoted.appendCodePoint(c);
              } else {
                quoted.append("\\u{%x}".formatted(c));
              }
            });
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
