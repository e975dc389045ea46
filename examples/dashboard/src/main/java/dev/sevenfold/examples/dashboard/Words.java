package dev.sevenfold.examples.dashboard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Says times and sizes as people say them, on the wall clock of a zone. Immutable. */
final class Words {

  private static final DateTimeFormatter TIME = format("HH:mm");
  private static final DateTimeFormatter DAY = format("EEEE d MMMM");
  private static final DateTimeFormatter DAY_OF_YEAR = format("EEEE d MMMM yyyy");
  private static final DateTimeFormatter DATE = format("d MMM");

  private final Clock clock;
  private final ZoneId zone;

  Words(Clock clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
  }

  /** {@code Today, 14:03}, {@code Tuesday 25 November, 01:01}. */
  String when(Instant instant) {
    ZonedDateTime time = instant.atZone(zone);
    return day(time) + ", " + TIME.format(time);
  }

  private String day(ZonedDateTime time) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
    LocalDate date = time.toLocalDate();
    if (date.equals(today)) {
      return "Today";
    }
    if (date.equals(today.minusDays(1))) {
      return "Yesterday";
    }
    if (date.equals(today.plusDays(1))) {
      return "Tomorrow";
    }
    return (date.getYear() == today.getYear() ? DAY : DAY_OF_YEAR).format(time);
  }

  /** Where these are the times of the clock: {@code Europe/Copenhagen}. */
  String zone() {
    return zone.getId();
  }

  /** With the day's name, whatever day it is: {@code Wednesday 25 November, 01:01}. */
  String exactly(Instant instant) {
    ZonedDateTime time = instant.atZone(zone);
    boolean thisYear = time.getYear() == clock.instant().atZone(zone).getYear();
    return (thisYear ? DAY : DAY_OF_YEAR).format(time) + ", " + TIME.format(time);
  }

  /** {@code 25 Nov}. */
  String date(Instant instant) {
    return DATE.format(instant.atZone(zone));
  }

  /** {@code in 9 hours}, {@code 3 days ago}. */
  String fromNow(Instant instant) {
    Duration away = Duration.between(clock.instant(), instant);
    String length = length(away.abs());
    if (length.isEmpty()) {
      return "just now";
    }
    return away.isNegative() ? length + " ago" : "in " + length;
  }

  private static String length(Duration duration) {
    if (duration.toDays() > 1) {
      return duration.toDays() + " days";
    }
    if (duration.toHours() > 1) {
      return duration.toHours() + " hours";
    }
    long minutes = duration.toMinutes();
    return minutes == 0 ? "" : minutes == 1 ? "a minute" : minutes + " minutes";
  }

  /** {@code 14.2 KB}, {@code 512 MB}, in units of 1024. */
  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < 4) {
      value /= 1024;
      unit++;
    }
    String name = new String[] {"bytes", "KB", "MB", "GB", "TB"}[unit];
    return String.format(
        Locale.ENGLISH, unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, name);
  }

  /** {@code 40 ms}, {@code 2.4 s}, {@code 3 min 20 s}. */
  static String took(Duration duration) {
    if (duration.toMillis() < 1000) {
      return duration.toMillis() + " ms";
    }
    if (duration.toMinutes() > 0) {
      return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
    return String.format(Locale.ENGLISH, "%.1f s", duration.toMillis() / 1000.0);
  }

  /** {@code 1 row}, {@code 12 rows}. */
  static String count(long number, String one, String many) {
    return String.format(Locale.ENGLISH, "%,d %s", number, number == 1 ? one : many);
  }
}
