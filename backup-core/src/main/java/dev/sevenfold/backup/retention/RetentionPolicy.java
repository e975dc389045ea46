package dev.sevenfold.backup.retention;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.retention.RetentionRule.Calendar.Period;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which archives of one tenant, or of the system, stay. Immutable.
 *
 * <pre>{@code
 * RetentionPolicy policy =
 *     RetentionPolicy.keepLast(7)
 *         .or(RetentionPolicy.daily(30, zone))
 *         .or(RetentionPolicy.monthly(12, zone));
 * RetentionPlan plan = policy.plan(archives, clock.instant());
 * }</pre>
 *
 * <p>An archive stays if any rule keeps it. Beyond that, whatever the rules say:
 *
 * <ul>
 *   <li>Only verified archives count. The newest of them always stays; while there is none, nothing
 *       is deleted. So does what was published last, whatever the clock said at the time.
 *   <li>An archive that is not verified makes no verified one go. It goes only beside one that is,
 *       and if no rule keeps it among all, verified or not; the newest of all stays.
 *   <li>An archive that lacks files never makes one go that has them: it goes if no rule keeps it
 *       among those that lack no more, and of the others nothing goes on its account.
 *   <li>Pinned archives stay and do not count.
 *   <li>Archives from after {@code now} stay and do not count: a clock is or was wrong. A clock
 *       that jumps back only makes more of them stay.
 *   <li>Safety archives, which restores take, have rules of their own, and neither kind counts for
 *       the other: the last 3 and those within 30 days, unless {@link #withSafety} says otherwise.
 * </ul>
 */
public final class RetentionPolicy {

  private static final List<RetentionRule> SAFETY =
      List.of(new RetentionRule.Last(3), new RetentionRule.Within(Duration.ofDays(30)));

  /** Seven deep: {@code keepLast(7)}. */
  public static final RetentionPolicy DEFAULT = keepLast(7);

  private final List<RetentionRule> rules;
  private final List<RetentionRule> safetyRules;

  private RetentionPolicy(List<RetentionRule> rules, List<RetentionRule> safetyRules) {
    this.rules = List.copyOf(rules);
    this.safetyRules = List.copyOf(safetyRules);
  }

  private static RetentionPolicy of(RetentionRule rule) {
    return new RetentionPolicy(List.of(rule), SAFETY);
  }

  /**
   * Keeps the newest archives.
   *
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public static RetentionPolicy keepLast(int count) {
    return of(new RetentionRule.Last(count));
  }

  /**
   * Keeps the archives that are at most this much older than the newest one. The time is measured
   * between archives and not against the clock, so nothing goes while no new ones come; and the
   * longest gap between two archives does not count if it is longer than {@code window}, so neither
   * a clock that jumps nor a long pause makes the earlier ones go at once.
   *
   * @throws IllegalArgumentException if {@code window} is zero or negative
   */
  public static RetentionPolicy keepWithin(Duration window) {
    return of(new RetentionRule.Within(window));
  }

  /**
   * Keeps the last archive of each day, for the most recent {@code days} that have one.
   *
   * @throws IllegalArgumentException if {@code days} is less than 1
   */
  public static RetentionPolicy daily(int days, ZoneId zone) {
    return of(new RetentionRule.Calendar(Period.DAY, days, zone));
  }

  /**
   * Keeps the last archive of each week, Monday to Sunday, for the most recent {@code weeks} that
   * have one.
   *
   * @throws IllegalArgumentException if {@code weeks} is less than 1
   */
  public static RetentionPolicy weekly(int weeks, ZoneId zone) {
    return of(new RetentionRule.Calendar(Period.WEEK, weeks, zone));
  }

  /**
   * Keeps the last archive of each month, for the most recent {@code months} that have one.
   *
   * @throws IllegalArgumentException if {@code months} is less than 1
   */
  public static RetentionPolicy monthly(int months, ZoneId zone) {
    return of(new RetentionRule.Calendar(Period.MONTH, months, zone));
  }

  /**
   * Keeps the last archive of each year, for the most recent {@code years} that have one.
   *
   * @throws IllegalArgumentException if {@code years} is less than 1
   */
  public static RetentionPolicy yearly(int years, ZoneId zone) {
    return of(new RetentionRule.Calendar(Period.YEAR, years, zone));
  }

  /** Keeps what this policy or the other one keeps, of safety archives too. */
  public RetentionPolicy or(RetentionPolicy other) {
    return new RetentionPolicy(union(rules, other.rules), union(safetyRules, other.safetyRules));
  }

  /** Keeps the safety archives that {@code policy} would keep if they were ordinary ones. */
  public RetentionPolicy withSafety(RetentionPolicy policy) {
    return new RetentionPolicy(rules, policy.rules);
  }

  private static List<RetentionRule> union(List<RetentionRule> some, List<RetentionRule> others) {
    return Stream.concat(some.stream(), others.stream()).distinct().toList();
  }

  /**
   * Decides for each archive whether it stays, and why. Changes nothing.
   *
   * @param archives all archives of one tenant, or of the system. Those left out are not decided
   *     on: leave out what cannot be read
   * @param now the time of the decision
   * @throws IllegalArgumentException if the archives belong to different owners, or two have the
   *     same label
   */
  public RetentionPlan plan(List<RetainableArchive> archives, Instant now) {
    Objects.requireNonNull(now, "now");
    requireOneOwner(archives);
    requireDistinct(archives);
    List<RetentionPlan.Decision> decisions = new ArrayList<>();
    for (Purpose purpose : Purpose.values()) {
      List<RetainableArchive> alike =
          archives.stream().filter(archive -> archive.purpose() == purpose).toList();
      decisions.addAll(new RetentionPlanner(rules(purpose), alike, now).decide());
    }
    decisions.sort((a, b) -> RetainableArchive.NEWEST_FIRST.compare(a.archive(), b.archive()));
    return new RetentionPlan(decisions);
  }

  private List<RetentionRule> rules(Purpose purpose) {
    return switch (purpose) {
      case BACKUP -> rules;
      case SAFETY -> safetyRules;
    };
  }

  private static void requireOneOwner(List<RetainableArchive> archives) {
    List<String> owners =
        archives.stream()
            .map(archive -> archive.tenant().map(id -> "tenant " + id).orElse("the system"))
            .distinct()
            .toList();
    if (owners.size() > 1) {
      throw new IllegalArgumentException(
          "A retention plan is for one tenant at a time; these archives are of " + owners);
    }
  }

  private static void requireDistinct(List<RetainableArchive> archives) {
    archives.stream()
        .collect(Collectors.groupingBy(RetainableArchive::label, Collectors.counting()))
        .forEach(
            (label, count) -> {
              if (count > 1) {
                throw new IllegalArgumentException(
                    "The archive " + label + " was passed " + count + " times");
              }
            });
  }

  /** What the policy keeps, for people: {@code the last 7; of safety archives the last 3 …}. */
  @Override
  public String toString() {
    return words(rules) + "; of safety archives " + words(safetyRules);
  }

  static String words(List<RetentionRule> rules) {
    return rules.stream().map(RetentionRule::toString).collect(Collectors.joining(", "));
  }
}
