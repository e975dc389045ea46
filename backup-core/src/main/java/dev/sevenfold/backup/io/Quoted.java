package dev.sevenfold.backup.io;

/** Text of others, fit for a message: an archive, or who names a file, must not write log lines. */
public final class Quoted {

  private static final int LONGEST = 200;

  private Quoted() {}

  /** The text in quotes, its control characters escaped, its middle left out where it is long. */
  public static String text(String text) {
    if (text.length() <= LONGEST) {
      return '"' + printable(text) + '"';
    }
    String end = text.substring(text.length() - LONGEST / 2);
    return '"' + printable(text.substring(0, LONGEST / 2)) + '…' + printable(end) + '"';
  }

  /** The text as it is, its control characters escaped. */
  public static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isPrintable(c)) {
                printable.appendCodePoint(c);
              } else {
                printable.append("\\u{%x}".formatted(c));
              }
            });
    return printable.toString();
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
