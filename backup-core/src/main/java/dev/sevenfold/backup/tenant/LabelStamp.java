package dev.sevenfold.backup.tenant;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;

/** The date, or the date and time, in a label: {@code 20261122010100} or {@code 2026-11-22}. */
final class LabelStamp {

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  // A day away from what would need another digit, so that the zone does not matter.
  private static final Instant EARLIEST = Instant.parse("0000-01-02T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private static final int SECOND_LENGTH = 14;

  private LabelStamp() {}

  /** The second that a wall clock in {@code zone} shows. */
  static String second(Instant instant, ZoneId zone) {
    return SECOND.format(local(instant, zone));
  }

  /** The day that a calendar in {@code zone} shows. */
  static String day(Instant instant, ZoneId zone) {
    return DAY.format(local(instant, zone));
  }

  /** Whether digits are a date, or a date and time, that exists. */
  static boolean exists(String stamp) {
    try {
      instant(stamp);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** The instant of a stamp that exists, read as UTC: that second, or the start of that day. */
  static Instant instant(String stamp) {
    LocalDateTime time =
        stamp.length() == SECOND_LENGTH
            ? LocalDateTime.parse(stamp, SECOND)
            : LocalDate.parse(stamp, DAY).atStartOfDay();
    return time.toInstant(ZoneOffset.UTC);
  }

  private static LocalDateTime local(Instant instant, ZoneId zone) {
    if (instant.isBefore(EARLIEST) || !instant.isBefore(LATEST)) {
      throw new IllegalArgumentException(
          "A label cannot name " + instant + ": its year needs four digits. Check the clock");
    }
    return LocalDateTime.ofInstant(instant, zone);
  }
}
