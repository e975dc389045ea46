package dev.sevenfold.backup.job;

import java.time.Instant;
import java.util.Objects;

/**
 * The next firing of a job, as a scheduler planned it. Instants in milliseconds. Immutable.
 *
 * @param scheduledAt when the schedule says; with the job, the identity of the firing
 * @param dueAt when it may start: spread out, or put off for a retry
 * @param attempt 1 for the first
 * @param plannedAt when this was planned: later than now means that the clock was put back
 */
public record PlannedFiring(Instant scheduledAt, Instant dueAt, int attempt, Instant plannedAt) {

  /** Requires all parts. */
  public PlannedFiring {
    Objects.requireNonNull(scheduledAt, "scheduledAt");
    Objects.requireNonNull(dueAt, "dueAt");
    Objects.requireNonNull(plannedAt, "plannedAt");
    if (attempt < 1) {
      throw new IllegalArgumentException("A firing has no attempt " + attempt + ". Count from 1");
    }
  }
}
