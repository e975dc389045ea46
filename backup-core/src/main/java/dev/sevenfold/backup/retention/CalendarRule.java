package dev.sevenfold.backup.retention;

import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
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

    /** The name of the period that has the date in it: {@code 2026-W47}. */
    private String of(LocalDate date) {
      return switch (this) {
        case DAY -> date.toString();
        case WEEK -> date.format(DateTimeFormatter.ISO_WEEK_DATE).replaceFirst("-\\d$", "");
        case MONTH -> YearMonth.from(date).toString();
        case YEAR -> Year.from(date).toString();
      };
    }
  }

  CalendarRule {
    RetentionRule.requirePositive(period.adverb, count);
    Objects.requireNonNull(zone, "zone");
  }

  @Override
  public Map<RetainableArchive, String> keep(List<RetainableArchive> newestFirst) {
    Map<RetainableArchive, String> kept = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (RetainableArchive archive : newestFirst) {
      String name = period.of(LocalDate.ofInstant(archive.capturedAt(), zone));
      if (seen.size() < count && seen.add(name)) {
        kept.put(
            archive, "last of %s, %s of %s".formatted(name, Words.ordinal(seen.size()), periods()));
      }
    }
    return kept;
  }

  private String periods() {
    return Words.count(count, period.noun);
  }

  @Override
  public String toString() {
    return "the last of each of " + periods();
  }
}
