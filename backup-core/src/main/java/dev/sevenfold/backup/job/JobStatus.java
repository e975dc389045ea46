package dev.sevenfold.backup.job;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A job and how it does: its definition, what comes next, what runs, what was last. What a
 * dashboard shows. Immutable.
 *
 * @param job the definition
 * @param next the firing that is planned; empty while one runs
 * @param running the firing that is under way
 * @param last what became of the latest attempt; of a schedule that cannot be read any more, why
 * @param firstFiredAt the earliest firing of which an attempt was made
 */
public record JobStatus(
    Job job,
    Optional<PlannedFiring> next,
    Optional<Running> running,
    Optional<FiringRecord> last,
    Optional<Instant> firstFiredAt) {

  /**
   * A firing that is under way.
   *
   * @param node who runs it, for people
   * @param scheduledAt which firing
   * @param attempt 1 for the first
   * @param progress how far the work is, as of a moment ago
   */
  public record Running(
      String node, Instant scheduledAt, int attempt, Optional<JobProgress> progress) {
    /** Requires all parts. */
    public Running {
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(scheduledAt, "scheduledAt");
      Objects.requireNonNull(progress, "progress");
    }
  }

  /** Requires all parts. */
  public JobStatus {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(next, "next");
    Objects.requireNonNull(running, "running");
    Objects.requireNonNull(last, "last");
    Objects.requireNonNull(firstFiredAt, "firstFiredAt");
  }

  /** The state, for a dashboard. */
  public JobState state() {
    if (running.isPresent()) {
      return JobState.RUNNING;
    }
    if (!job.active()) {
      return JobState.INACTIVE;
    }
    if (last.isPresent() && last.get().outcome() instanceof JobOutcome.Failed && !askedAgain()) {
      return JobState.FAILED;
    }
    if (next.isPresent()) {
      return JobState.PLANNED;
    }
    return last.isPresent() ? JobState.FINISHED : JobState.UNPLANNED;
  }

  /** A job without a schedule that is planned afresh was requested again after its failure. */
  private boolean askedAgain() {
    return job.schedule().isEmpty() && next.filter(firing -> firing.attempt() == 1).isPresent();
  }
}
