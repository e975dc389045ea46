package dev.sevenfold.backup.retention;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps the last archive of each day, week, month or year, for a number of those that have one.
 * Immutable.
 *
 * @param period what is kept one archive of
 * @param count how many periods back; those without any archive are not counted
 * @param zone whose calendar
 */
record CalendarRule(Period period, int count, ZoneId zone) implements RetentionRule {

  /** A part of the calendar. */
  enum Period {
    DAY("day", "daily"),
    /** From Monday to Sunday, as in ISO 8601. */
    WEEK("week", "weekly"),
    MONTH("month", "monthly"),
    YEAR("year", "yearly");

    private final String noun;
    private final String adverb;

    Period(String noun, String adverb) {
      this.noun = noun;
      this.adverb = adverb;
    }

    /** The period that has the date in it. Equal for all its dates. */
    private Object of(LocalDate date) {
      return switch (this) {
        case DAY -> date;
        case WEEK -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTH -> YearMonth.from(date);
        case YEAR -> Year.from(date);
      };
    }

    private String name(LocalDate date) {
      if (this == WEEK) {
        String day = DateTimeFormatter.ISO_WEEK_DATE.format(date); // 2026-W47-7
        return day.substring(0, day.length() - 2);
      }
      return of(date).toString();
    }
  }

  CalendarRule {
    RetentionRule.requirePositive(period.adverb, count);
    Objects.requireNonNull(zone, "zone");
  }

  @Override
  public Map<RetainableArchive, String> keep(List<RetainableArchive> newestFirst) {
    Map<RetainableArchive, String> kept = new LinkedHashMap<>();
    Set<Object> seen = new HashSet<>();
    for (RetainableArchive archive : newestFirst) {
      LocalDate date = dateOf(archive.capturedAt());
      if (seen.size() < count && seen.add(period.of(date))) {
        kept.put(
            archive,
            "last of "
                + period.name(date)
                + ", "
                + Words.ordinal(seen.size())
                + " of "
                + periods());
      }
    }
    return kept;
  }

  private LocalDate dateOf(Instant instant) {
    return LocalDate.ofInstant(instant, zone);
  }

  private String periods() {
    return Words.count(count, period.noun);
  }

  @Override
  public String toString() {
    return "the last of each of " + periods();
  }
}
