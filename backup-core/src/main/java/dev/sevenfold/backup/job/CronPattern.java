package dev.sevenfold.backup.job;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which minutes of a wall clock a cron expression matches; knows of no time zone. Each part is a
 * set of bits. Immutable.
 *
 * @param minutes bits 0 to 59
 * @param hours bits 0 to 23
 * @param days of the month, bits 1 to 31
 * @param months bits 1 to 12
 * @param weekdays bits 0 (Sunday) to 6
 * @param eitherDay whether a date matches by its day or by its weekday; if not, both must match
 */
record CronPattern(
    long minutes, long hours, long days, long months, long weekdays, boolean eitherDay) {

  /** Five lists of all values fit; a text of thousands of items would only cost time. */
  static final int MAX_LENGTH = 500;

  private static final int FIELDS = 5;

  private static final Map<String, String> ALIASES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private static final int WEEK = 7;
  private static final long WEEKDAYS = (1 << WEEK) - 1;

  /** Times a set of weekdays: the same set in each of five weeks. */
  private static final long EVERY_WEEK = 1 | (1 << 7) | (1 << 14) | (1 << 21) | (1 << 28);

  private static final int SHORTEST_MONTH = 28;
  private static final int MINUTES_OF_HOUR = 60;
  private static final int MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR;

  /** The Gregorian calendar, weekdays included, repeats after 400 years. */
  private static final int MONTHS_OF_CYCLE = 400 * 12;

  /** The text with one space between the fields and none around. */
  static String normalize(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          ("The schedule has %s characters; at most %s are allowed. Use ranges and steps "
                  + "in place of lists")
              .formatted(text.length(), MAX_LENGTH));
    }
    if (text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
      throw new IllegalArgumentException(
          "The schedule holds a line break or another control character. Write it on one line");
    }
    return text.strip().replaceAll("[ \\t]+", " ");
  }

  /**
   * Reads a normalized expression.
   *
   * @throws IllegalArgumentException if it is malformed, or if no date ever matches it
   */
  static CronPattern parse(String expression) {
    List<String> fields = fields(expression);
    long days = CronField.DAY_OF_MONTH.parse(fields.get(2), expression);
    long weekdays = CronField.DAY_OF_WEEK.parse(fields.get(4), expression);
    // As in Vixie cron: a field that begins with a star, steps included, restricts the other one;
    // two lists of days are alternatives.
    boolean eitherDay = !fields.get(2).startsWith("*") && !fields.get(4).startsWith("*");
    CronPattern pattern =
        new CronPattern(
            CronField.MINUTE.parse(fields.get(0), expression),
            CronField.HOUR.parse(fields.get(1), expression),
            days,
            CronField.MONTH.parse(fields.get(3), expression),
            weekdays,
            eitherDay);
    if (pattern.nextDate(LocalDate.of(2000, 1, 1)).isEmpty()) {
      throw new IllegalArgumentException(
          ("The schedule \"%s\" never fires: day of month %s does not occur in month %s. "
                  + "Write a day that these months have")
              .formatted(expression, fields.get(2), fields.get(3)));
    }
    return pattern;
  }

  private static List<String> fields(String expression) {
    String text = expression;
    if (expression.startsWith("@")) {
      text = ALIASES.get(expression.toLowerCase(Locale.ROOT));
      if (text == null) {
        throw new IllegalArgumentException(
            "The schedule \""
                + expression
                + "\" is not known. Write @hourly, @daily, @weekly, @monthly, @yearly,"
                + " or five fields as in 1 1 * * 2-6");
      }
    }
    List<String> fields = text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    if (fields.size() != FIELDS) {
      throw new IllegalArgumentException(
          ("The schedule \"%s\" has %s fields, not five. Write minute, hour, day of "
                  + "month, month and day of week, as in 1 1 * * 2-6; there are neither seconds "
                  + "nor years")
              .formatted(expression, fields.size()));
    }
    return fields;
  }

  /** The first match at or after a minute; empty if there is none in the whole calendar. */
  Optional<LocalDateTime> nextFrom(LocalDateTime minute) {
    LocalDate date = minute.toLocalDate();
    if (matches(date)) {
      int time = nextTime(minute.getHour() * MINUTES_OF_HOUR + minute.getMinute());
      if (time >= 0) {
        return Optional.of(at(date, time));
      }
    }
    return nextDate(date.plusDays(1)).map(next -> at(next, nextTime(0)));
  }

  private static LocalDateTime at(LocalDate date, int minuteOfDay) {
    return date.atTime(minuteOfDay / MINUTES_OF_HOUR, minuteOfDay % MINUTES_OF_HOUR);
  }

  private boolean matches(LocalDate date) {
    return ((datesOf(YearMonth.from(date)) >>> date.getDayOfMonth()) & 1) == 1;
  }

  /** The first matching date at or after {@code date}; empty if the calendar has none. */
  Optional<LocalDate> nextDate(LocalDate date) {
    YearMonth month = YearMonth.from(date);
    long dates = datesOf(month) & (-1L << date.getDayOfMonth());
    for (int i = 0; dates == 0 && i <= MONTHS_OF_CYCLE; i++) {
      month = month.plusMonths(1);
      dates = datesOf(month);
    }
    return dates == 0
        ? Optional.empty()
        : Optional.of(month.atDay(Long.numberOfTrailingZeros(dates)));
  }

  /** Bits 1 to 31 of the days of one month that match. */
  private long datesOf(YearMonth month) {
    if (((months >>> month.getMonthValue()) & 1) == 0) {
      return 0;
    }
    int weekday = month.atDay(1).getDayOfWeek().getValue() % WEEK;
    long fromFirst = ((weekdays >>> weekday) | (weekdays << (WEEK - weekday))) & WEEKDAYS;
    long byWeekday = (fromFirst * EVERY_WEEK) << 1;
    long all = (2L << month.lengthOfMonth()) - 2;
    return all & (eitherDay ? days | byWeekday : days & byWeekday);
  }

  /** The first matching minute of a day at or after one; -1 if the day has no more. */
  private int nextTime(int minuteOfDay) {
    int hour = minuteOfDay / MINUTES_OF_HOUR;
    long rest = minutes & (-1L << (minuteOfDay % MINUTES_OF_HOUR));
    if (((hours >>> hour) & 1) == 1 && rest != 0) {
      return hour * MINUTES_OF_HOUR + Long.numberOfTrailingZeros(rest);
    }
    long later = hours & (-1L << (hour + 1));
    return later == 0
        ? -1
        : Long.numberOfTrailingZeros(later) * MINUTES_OF_HOUR + Long.numberOfTrailingZeros(minutes);
  }

  /** The least time between two matches on the wall clock, over the whole calendar. */
  Duration shortestInterval() {
    int first = nextTime(0);
    int last = first;
    long shortest = Long.MAX_VALUE;
    for (int next = nextTime(first + 1); next >= 0; next = nextTime(last + 1)) {
      shortest = Math.min(shortest, next - last);
      last = next;
    }
    return Duration.ofMinutes(Math.min(shortest, fewestDays() * MINUTES_OF_DAY + first - last));
  }

  /** The fewest days from one matching date to the next. */
  private long fewestDays() {
    long bound =
        eitherDay ? 1 : Math.max(leastGap(weekdays, WEEK), leastGap(days >>> 1, SHORTEST_MONTH));
    LocalDate date = nextDate(LocalDate.of(2000, 1, 1)).orElseThrow();
    LocalDate end = date.plusMonths(MONTHS_OF_CYCLE);
    long fewest = Long.MAX_VALUE;
    while (fewest > bound && date.isBefore(end)) {
      LocalDate next = nextDate(date.plusDays(1)).orElseThrow();
      fewest = Math.min(fewest, ChronoUnit.DAYS.between(date, next));
      date = next;
    }
    return fewest;
  }

  /** The least difference between two bits of a set that comes around. */
  private static int leastGap(long bits, int cycle) {
    int first = Long.numberOfTrailingZeros(bits);
    int last = Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
    // The last days of a month may be after the end of a short one: they come around sooner.
    int least = Math.max(1, cycle + first - last);
    long rest = bits & (bits - 1);
    for (int before = first; rest != 0; rest &= rest - 1) {
      least = Math.min(least, Long.numberOfTrailingZeros(rest) - before);
      before = Long.numberOfTrailingZeros(rest);
    }
    return least;
  }
}
