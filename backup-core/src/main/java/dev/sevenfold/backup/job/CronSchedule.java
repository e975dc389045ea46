package dev.sevenfold.backup.job;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a job fires: a Unix cron expression on the wall clock of a time zone. Two schedules are
 * equal if their expression and their zone are. Immutable.
 *
 * <pre>{@code
 * CronSchedule nights = CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen"));
 * nights.requireInterval(Duration.ofHours(1));
 * nights.describe(Locale.ENGLISH); // at 01:01, Tuesday to Saturday
 * Instant next = nights.next(clock.instant());
 * }</pre>
 *
 * <p>The five fields are minute, hour, day of month, month and day of week, each a star, a value, a
 * range, any of these with a {@code /step}, or a list. Months and weekdays may be names; Sunday is 0
 * and 7; a range of weekdays may pass the end of the week, {@code FRI-MON}. {@code @hourly}, {@code
 * @daily} (or {@code @midnight}), {@code @weekly}, {@code @monthly} and {@code @yearly} (or {@code
 * @annually}) stand for what they say.
 *
 * <p>Days as in Vixie cron: if neither the day of month nor the day of week begins with a star, a
 * date need match only one of them. If one does, even with a step, a date must match both. Other
 * libraries read a star with a step differently here: mind it when you pass an expression on.
 *
 * <p>Clock changes: a time that a change leaves out fires once, as much later as the change leaves
 * out (02:30 becomes 03:30); two firings that fall together that way are one. A time that a change
 * repeats fires once, the first time.
 */
public final class CronSchedule {

  private final String expression;
  private final ZoneId zone;
  private final CronPattern pattern;

  private CronSchedule(String expression, ZoneId zone, CronPattern pattern) {
    this.expression = expression;
    this.zone = zone;
    this.pattern = pattern;
  }

  /**
   * Reads a schedule.
   *
   * @throws IllegalArgumentException if the expression is malformed, naming the field and its
   *     value, or if it never fires, as {@code 0 0 30 2 *}
   */
  public static CronSchedule parse(String expression, ZoneId zone) {
    Objects.requireNonNull(zone, "zone");
    String normalized = CronPattern.normalize(Objects.requireNonNull(expression, "expression"));
    return new CronSchedule(normalized, zone, CronPattern.parse(normalized));
  }

  /** The expression as it was written, but for spaces. */
  public String expression() {
    return expression;
  }

  /** The zone whose wall clock counts. */
  public ZoneId zone() {
    return zone;
  }

  /** The first firing strictly after an instant. */
  public Instant next(Instant after) {
    LocalDateTime minute = searchFrom(after);
    Instant best = null;
    while (best == null || minute.isBefore(LocalDateTime.ofInstant(best, zone))) {
      LocalDateTime match = pattern.nextFrom(minute).orElseThrow();
      Instant instant = instantOf(match);
      // A time moved out of a gap may fire later than one that follows it on the wall clock.
      if (instant.isAfter(after) && (best == null || instant.isBefore(best))) {
        best = instant;
      }
      minute = match.plusMinutes(1);
    }
    return best;
  }

  /** The first {@code count} firings strictly after an instant, in their order. */
  public List<Instant> next(Instant after, int count) {
    List<Instant> firings = new ArrayList<>();
    Instant last = after;
    for (int i = 0; i < count; i++) {
      last = next(last);
      firings.add(last);
    }
    return List.copyOf(firings);
  }

  /** The wall clock at an instant, or before the gap if times moved out of one are still due. */
  private LocalDateTime searchFrom(Instant after) {
    LocalDateTime minute = LocalDateTime.ofInstant(after, zone).truncatedTo(ChronoUnit.MINUTES);
    ZoneOffsetTransition change = zone.getRules().previousTransition(after.plusNanos(1));
    boolean inShadowOfGap =
        change != null
            && change.isGap()
            && after.isBefore(change.getInstant().plus(change.getDuration()));
    return inShadowOfGap ? minute.minus(change.getDuration()) : minute;
  }

  private Instant instantOf(LocalDateTime local) {
    // In a gap and in an overlap this is the offset before: it moves the time out of the one, and
    // is
    // the first time in the other.
    return local.toInstant(zone.getRules().getOffset(local));
  }

  /** The last firing after one instant and not after another; empty if there is none. */
  public Optional<Instant> last(Instant after, Instant until) {
    if (!after.isBefore(until) || next(after).isAfter(until)) {
      return Optional.empty();
    }
    Duration back = Duration.ofMinutes(1);
    Instant from = until;
    Instant found = null;
    while (found == null && from.isAfter(after)) {
      from = until.minus(back).isAfter(after) ? until.minus(back) : after;
      back = back.multipliedBy(2);
      for (Instant next = next(from); !next.isAfter(until); next = next(next)) {
        found = next;
      }
    }
    return Optional.ofNullable(found);
  }

  /**
   * The least time between two firings on the wall clock, over the whole calendar. A clock change
   * can bring two firings nearer together, by as much as the clock is changed.
   */
  public Duration shortestInterval() {
    return pattern.shortestInterval();
  }

  /**
   * Refuses a schedule that fires more often than the host allows.
   *
   * @param minimum what {@link #shortestInterval} must not be less than
   * @return this
   * @throws IllegalArgumentException if it is less
   */
  public CronSchedule requireInterval(Duration minimum) {
    Duration shortest = shortestInterval();
    if (shortest.compareTo(minimum) < 0) {
      throw new IllegalArgumentException(
          ("The schedule \"%s\" fires every %s at times; at least %s must lie between two "
                  + "firings. Write fewer minutes, hours or days")
              .formatted(expression, inWords(shortest), inWords(minimum)));
    }
    return this;
  }

  private static String inWords(Duration duration) {
    return duration.toString().substring(1).replace("T", "").toLowerCase(Locale.ROOT);
  }

  /**
   * The schedule in plain words: in English and Danish, in the languages of cron-utils (German,
   * Spanish, French, Italian, Dutch, Polish, Portuguese, Romanian, Russian, Greek, Turkish,
   * Indonesian, Swahili, Japanese, Korean and Chinese), and in English for every other language.
   */
  public String describe(Locale locale) {
    return CronDescription.of(pattern, locale);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CronSchedule schedule
        && expression.equals(schedule.expression)
        && zone.equals(schedule.zone);
  }

  @Override
  public int hashCode() {
    return Objects.hash(expression, zone);
  }

  /** The expression and the zone, {@code 1 1 * * 2-6 Europe/Copenhagen}. */
  @Override
  public String toString() {
    return expression + " " + zone;
  }
}
