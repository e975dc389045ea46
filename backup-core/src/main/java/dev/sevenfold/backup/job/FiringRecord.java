package dev.sevenfold.backup.job;

import java.time.Instant;
import java.util.Objects;

/**
 * What became of a firing. Immutable.
 *
 * @param scheduledAt which firing
 * @param attempt which attempt at it was the last so far
 * @param startedAt when that attempt began
 * @param endedAt when it ended
 * @param outcome how it ended
 * @param over whether the firing is over: done or given up. If not, it is tried again
 */
public record FiringRecord(
    Instant scheduledAt,
    int attempt,
    Instant startedAt,
    Instant endedAt,
    JobOutcome outcome,
    boolean over) {

  /** Requires all parts. */
  public FiringRecord {
    Objects.requireNonNull(scheduledAt, "scheduledAt");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(endedAt, "endedAt");
    Objects.requireNonNull(outcome, "outcome");
  }
}
