package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.PlannedFiring;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Decides when a job fires next. Touches nothing: the time is told. Immutable.
 *
 * @param jitter the span that firings of one instant are spread over
 * @param retry when a failed firing is tried again
 */
record Planner(Duration jitter, RetryPolicy retry) {

  /**
   * The first firing after now.
   *
   * @param over a firing that is over: where the clock was put back, it would come once more
   */
  Optional<PlannedFiring> first(Job job, Optional<Instant> over, Instant now) {
    return schedule(job)
        .map(
            schedule -> {
              Instant next = schedule.next(now);
              boolean before = over.filter(next::equals).isPresent();
              return at(job, before ? schedule.next(next) : next, now);
            });
  }

  private static Optional<CronSchedule> schedule(Job job) {
    return job.active() ? job.schedule() : Optional.empty();
  }

  /** The firing that a planned one has become: firings that it waited over are one with it. */
  PlannedFiring latest(Job job, PlannedFiring planned, Instant now) {
    return schedule(job)
        .flatMap(schedule -> schedule.last(planned.scheduledAt(), now))
        .map(missed -> at(job, missed, now))
        .orElse(planned);
  }

  /** A plan that holds now where there is none, or one that was made by a clock that was ahead. */
  Optional<PlannedFiring> renewed(
      Job job, Optional<PlannedFiring> ahead, Optional<Instant> over, Instant now) {
    return ahead
        .filter(plan -> plan.attempt() > 1 || !isScheduled(job, plan.scheduledAt()))
        .map(plan -> moved(plan, now))
        .or(() -> first(job, over, now));
  }

  /** As far ahead of now as it was of the moment when it was planned. */
  private static PlannedFiring moved(PlannedFiring plan, Instant now) {
    Duration wait = Duration.between(plan.plannedAt(), plan.dueAt());
    return new PlannedFiring(plan.scheduledAt(), now.plus(wait), plan.attempt(), now);
  }

  /** Whether a firing is one of the schedule, and not one that somebody asked for. */
  static boolean isScheduled(Job job, Instant instant) {
    return job.schedule()
        .filter(schedule -> schedule.next(instant.minusMillis(1)).equals(instant))
        .isPresent();
  }

  /** What follows a firing that is over: one that came due meanwhile, or the first after now. */
  Optional<PlannedFiring> following(Job job, Instant scheduledAt, Instant now) {
    return schedule(job)
        .flatMap(schedule -> schedule.last(scheduledAt, now))
        .map(missed -> at(job, missed, now))
        .or(() -> first(job, Optional.of(scheduledAt), now));
  }

  /** The next attempt at a firing that ended like this; empty if there is to be none. */
  Optional<PlannedFiring> again(Job job, PlannedFiring firing, JobOutcome outcome, Instant now) {
    Instant scheduledAt = firing.scheduledAt();
    int attempt = firing.attempt();
    if (!job.active()) {
      return Optional.empty();
    }
    if (outcome instanceof JobOutcome.Interrupted) {
      return Optional.of(new PlannedFiring(scheduledAt, now, attempt, now));
    }
    if (!(outcome instanceof JobOutcome.Failed failed) || !failed.worthRetrying()) {
      return Optional.empty();
    }
    Instant due = now.plus(retry.waitAfter(attempt));
    boolean superseded =
        schedule(job).filter(schedule -> !schedule.next(scheduledAt).isAfter(due)).isPresent();
    return superseded || attempt >= retry.attempts()
        ? Optional.empty()
        : Optional.of(new PlannedFiring(scheduledAt, due, attempt + 1, now));
  }

  private PlannedFiring at(Job job, Instant scheduledAt, Instant now) {
    Duration gap =
        schedule(job)
            .map(schedule -> Duration.between(scheduledAt, schedule.next(scheduledAt)))
            .orElse(jitter)
            .dividedBy(2);
    Duration window = jitter.compareTo(gap) < 0 ? jitter : gap;
    long offset = (long) (window.toMillis() * fraction(job.key()));
    return new PlannedFiring(scheduledAt, scheduledAt.plusMillis(offset), 1, now);
  }

  /** From 0 to 1, the same for a job on every node and every day. */
  private static double fraction(JobKey key) {
    CRC32 hash = new CRC32();
    hash.update(key.toString().getBytes(StandardCharsets.UTF_8));
    return hash.getValue() / (double) (1L << Integer.SIZE);
  }
}
