package dev.sevenfold.backup.schedule;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The right of one node to run one firing, kept by beating. Immutable.
 *
 * @param job the job as it was when it was claimed
 * @param token unique to this claim
 * @param node who has it, for people
 * @param scheduledAt which firing
 * @param attempt 1 for the first
 * @param startedAt when it was claimed
 * @param beats how often its node has said since that it lives
 * @param progress how far the work is, as of the last beat
 */
public record Claim(
    Job job,
    String token,
    String node,
    Instant scheduledAt,
    int attempt,
    Instant startedAt,
    long beats,
    Optional<JobProgress> progress) {

  /** Requires all parts. */
  public Claim {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(scheduledAt, "scheduledAt");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(progress, "progress");
  }

  /** What {@link ScheduledJob#run} is called with. */
  public Firing firing() {
    return job.firing(scheduledAt);
  }
}
