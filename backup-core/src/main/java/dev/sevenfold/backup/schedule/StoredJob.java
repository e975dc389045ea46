package dev.sevenfold.backup.schedule;

import java.util.Objects;
import java.util.Optional;

/**
 * A job as a store keeps it: its definition, what comes next, what runs, what was last. What a
 * dashboard shows. Immutable.
 *
 * @param job the definition
 * @param revision changes with everything but beats
 * @param next the firing that is planned; while one runs, only what was planned since
 * @param running the firing that is under way
 * @param last what became of the latest attempt
 */
public record StoredJob(
    Job job,
    long revision,
    Optional<PlannedFiring> next,
    Optional<Claim> running,
    Optional<FiringRecord> last) {

  /** Requires all parts. */
  public StoredJob {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(next, "next");
    Objects.requireNonNull(running, "running");
    Objects.requireNonNull(last, "last");
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
