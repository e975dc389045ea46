package dev.sevenfold.backup.link;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of an archive. Immutable.
 *
 * @param first its first byte
 * @param last its last byte; before {@code first} if no byte of the archive was asked for
 */
record ByteRange(long first, long last) {

  private static final Pattern SINGLE =
      Pattern.compile("bytes\\s*=\\s*(\\d*)\\s*-\\s*(\\d*)\\s*", Pattern.CASE_INSENSITIVE);

  // More digits than that do not fit into a long, and no archive is as large.
  private static final int MOST_DIGITS = 18;

  /**
   * What a {@code Range} asks for of an archive of {@code size} bytes; empty if it is to be
   * ignored: it is of another unit, malformed, or of several ranges.
   */
  static Optional<ByteRange> parse(String header, long size) {
    Matcher matcher = SINGLE.matcher(header.trim());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? Optional.empty() : Optional.of(suffix(number(to), size));
    }
    long first = number(from);
    long last = to.isEmpty() ? Long.MAX_VALUE : number(to);
    if (last < first) {
      return Optional.empty();
    }
    return Optional.of(new ByteRange(first, Math.min(last, size - 1)));
  }

  private static ByteRange suffix(long length, long size) {
    return new ByteRange(Math.max(0, size - length), length == 0 ? -1 : size - 1);
  }

  private static long number(String digits) {
    String significant = digits.replaceFirst("^0+(?=\\d)", "");
    return significant.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
  }

  /** Whether it has at least one byte. */
  boolean isSatisfiable() {
    return first <= last;
  }

  long length() {
    return last - first + 1;
  }
}
