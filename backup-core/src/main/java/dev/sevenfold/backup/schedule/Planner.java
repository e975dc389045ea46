package dev.sevenfold.backup.schedule;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * Decides when a job fires next. Touches nothing: the time, and which firings are over, are told.
 * Immutable.
 *
 * @param jitter the span that firings of one instant are spread over
 * @param retry when a failed firing is tried again
 */
record Planner(Duration jitter, RetryPolicy retry) {

  /** The first firing after now. */
  Optional<PlannedFiring> first(Job job, Instant now, Predicate<Instant> over) {
    return schedule(job)
        .map(
            schedule -> {
              Instant next = schedule.next(now);
              // Where the clock was put back, some of what comes has been before.
              while (over.test(next)) {
                next = schedule.next(next);
              }
              return at(job, next, now);
            });
  }

  private static Optional<CronSchedule> schedule(Job job) {
    return job.active() ? job.schedule() : Optional.empty();
  }

  /** A firing at this instant, by itself. */
  PlannedFiring immediate(Job job, Instant now) {
    return new PlannedFiring(now, now, 1, supersededAt(job, now), now);
  }

  /** What follows a firing that is over. */
  Optional<PlannedFiring> following(
      Job job, Instant scheduledAt, Instant now, Predicate<Instant> over) {
    Predicate<Instant> overOrThis = over.or(scheduledAt::equals);
    Optional<CronSchedule> schedule = schedule(job);
    if (schedule.isEmpty() || !scheduledAt.isBefore(now)) {
      return first(job, now, overOrThis);
    }
    Instant missed = schedule.get().last(scheduledAt, now);
    return missed == null || overOrThis.test(missed)
        ? first(job, now, overOrThis)
        : Optional.of(at(job, missed, now));
  }

  /** The next attempt at a firing; empty if there is to be none. */
  Optional<PlannedFiring> retry(Job job, Claim failed, Instant now) {
    if (!job.active() || failed.attempt() >= retry.attempts()) {
      return Optional.empty();
    }
    Instant due = now.plus(retry.waitAfter(failed.attempt()));
    Optional<Instant> superseded = supersededAt(job, failed.scheduledAt());
    return Optional.of(
        new PlannedFiring(failed.scheduledAt(), due, failed.attempt() + 1, superseded, now));
  }

  /** The same attempt at a firing once more, as soon as possible. */
  PlannedFiring again(Job job, Claim interrupted, Instant now) {
    Instant scheduledAt = interrupted.scheduledAt();
    return new PlannedFiring(
        scheduledAt, now, interrupted.attempt(), supersededAt(job, scheduledAt), now);
  }

  /** A plan that holds now in place of one that does not. */
  Optional<PlannedFiring> renewed(
      Job job, PlannedFiring outdated, Instant now, Predicate<Instant> over) {
    if (outdated.supersededAt().filter(instant -> !instant.isAfter(now)).isPresent()) {
      return following(job, outdated.scheduledAt(), now, over);
    }
    // Planned by a clock that was ahead of this one.
    Optional<PlannedFiring> first = first(job, now, over);
    boolean onItsOwn = outdated.attempt() > 1 || !isScheduled(job, outdated.scheduledAt());
    if (onItsOwn || first.isEmpty()) {
      Duration wait = Duration.between(outdated.plannedAt(), outdated.dueAt());
      return Optional.of(
          new PlannedFiring(
              outdated.scheduledAt(),
              earlier(outdated.dueAt(), now.plus(wait.isNegative() ? Duration.ZERO : wait)),
              outdated.attempt(),
              outdated.supersededAt(),
              now));
    }
    return outdated.scheduledAt().isBefore(first.get().scheduledAt())
        ? Optional.of(at(job, outdated.scheduledAt(), now))
        : first;
  }

  private static boolean isScheduled(Job job, Instant instant) {
    return schedule(job)
        .filter(schedule -> schedule.next(instant.minusMillis(1)).equals(instant))
        .isPresent();
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private PlannedFiring at(Job job, Instant scheduledAt, Instant now) {
    Optional<Instant> superseded = supersededAt(job, scheduledAt);
    Duration gap =
        superseded.map(next -> Duration.between(scheduledAt, next)).orElse(jitter).dividedBy(2);
    Duration window = jitter.compareTo(gap) < 0 ? jitter : gap;
    long offset = (long) (window.toMillis() * fraction(job.key()));
    return new PlannedFiring(scheduledAt, scheduledAt.plusMillis(offset), 1, superseded, now);
  }

  private static Optional<Instant> supersededAt(Job job, Instant scheduledAt) {
    return schedule(job).map(schedule -> schedule.next(scheduledAt));
  }

  /** From 0 to 1, the same for a job on every node and every day. */
  private static double fraction(JobKey key) {
    CRC32 hash = new CRC32();
    hash.update(key.toString().getBytes(StandardCharsets.UTF_8));
    return hash.getValue() / (double) (1L << Integer.SIZE);
  }
}
