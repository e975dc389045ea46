package dev.sevenfold.backup.retention;

import java.time.Duration;
import java.time.Instant;
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
 * One reason to keep archives. Immutable.
 *
 * <p>Whatever a rule keeps of some archives, it also keeps when some of the others are gone. On
 * that the planner builds: applying a plan and planning again finds nothing more to delete.
 */
sealed interface RetentionRule {

  /**
   * The archives to keep, each with the reason.
   *
   * @param newestFirst the archives that count, the newest first
   */
  Map<RetainableArchive, String> keep(List<RetainableArchive> newestFirst);

  /** What the rule keeps, for people: {@code the last 7}. */
  @Override
  String toString();

  /** Keeps a number of archives, the newest. */
  record Last(int count) implements RetentionRule {

    public Last {
      requirePositive("keepLast", count);
    }

    @Override
    public Map<RetainableArchive, String> keep(List<RetainableArchive> newestFirst) {
      Map<RetainableArchive, String> kept = new LinkedHashMap<>();
      for (int i = 0; i < Math.min(count, newestFirst.size()); i++) {
        kept.put(newestFirst.get(i), Words.ordinal(i + 1) + " of " + this);
      }
      return kept;
    }

    @Override
    public String toString() {
      return "the last " + count;
    }
  }

  /**
   * Keeps the archives that are at most so much older than the newest one.
   *
   * <p>Age is measured from archive to archive, not against the clock, and the longest gap does not
   * count if it is longer than the window: whether a clock jumped or nothing was backed up for a
   * while, archives on the far side of the gap age no faster than new ones come.
   */
  record Within(Duration window) implements RetentionRule {

    public Within {
      if (window.isNegative() || window.isZero()) {
        throw new IllegalArgumentException(
            "keepWithin(" + window + ") keeps nothing; the shortest time is above zero");
      }
    }

    @Override
    public Map<RetainableArchive, String> keep(List<RetainableArchive> newestFirst) {
      Map<RetainableArchive, String> kept = new LinkedHashMap<>();
      Duration span = Duration.ZERO;
      Duration longestGap = Duration.ZERO;
      for (int i = 0; i < newestFirst.size(); i++) {
        if (i > 0) {
          Instant newer = newestFirst.get(i - 1).capturedAt();
          Duration gap = Duration.between(newestFirst.get(i).capturedAt(), newer);
          span = span.plus(gap);
          longestGap = longestGap.compareTo(gap) < 0 ? gap : longestGap;
        }
        Duration age = longestGap.compareTo(window) > 0 ? span.minus(longestGap) : span;
        if (age.compareTo(window) > 0) {
          break;
        }
        kept.put(newestFirst.get(i), reason(longestGap));
      }
      return kept;
    }

    @Override
    public String toString() {
      return "those within " + Words.duration(window) + " of the newest";
    }

    private String reason(Duration longestGap) {
      String reason = "within " + Words.duration(window) + " of the newest";
      return longestGap.compareTo(window) > 0
          ? reason + ", not counting " + Words.roughly(longestGap) + " without any"
          : reason;
    }
  }

  /**
   * Keeps the last archive of each day, week, month or year, for a number of those that have one.
   * Immutable.
   *
   * @param period what is kept one archive of
   * @param count how many periods back; those without any archive are not counted
   * @param zone whose calendar
   */
  record Calendar(Period period, int count, ZoneId zone) implements RetentionRule {

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

    public Calendar {
      requirePositive(period.adverb, count);
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
              archive,
              "last of %s, %s of %s".formatted(name, Words.ordinal(seen.size()), periods()));
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

  /** Refuses a rule that would keep nothing. */
  static void requirePositive(String rule, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          rule + "(" + count + ") keeps nothing; the smallest number is 1");
    }
  }
}
