package dev.sevenfold.backup.io;

import dev.sevenfold.backup.error.Printable;

/** Text of others, fit for a message: an archive, or who names a file, must not write log lines. */
public final class Quoted {

  private static final int LONGEST = 200;

  private Quoted() {}

  /** The text in quotes, its control characters escaped, its middle left out where it is long. */
  public static String text(String text) {
    if (text.length() <= LONGEST) {
      return '"' + Printable.of(text) + '"';
    }
    String end = text.substring(text.length() - LONGEST / 2);
    return '"' + Printable.of(text.substring(0, LONGEST / 2)) + '…' + Printable.of(end) + '"';
  }
}
