package dev.sevenfold.backup.io;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text of others, fit for a message: an archive, or who names a file, must not write log lines. */
public final class Quoted {

  private static final int LONGEST = 200;

  // Control and format characters, halves of surrogate pairs, line and paragraph separators.
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

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
    return UNPRINTABLE
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement("\\u{%x}".formatted(found.group().codePointAt(0))));
  }
}
