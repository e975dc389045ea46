package dev.sevenfold.backup.job;

import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;

/**
 * One firing of a job. A retry is the same firing: job and instant are its identity. Immutable;
 * serializable, so that a job framework can hand it on.
 *
 * @param job which job
 * @param arguments what it is given
 * @param scheduledAt when it was to fire; it may run later
 */
public record Firing(JobKey job, JobArguments arguments, Instant scheduledAt)
    implements Serializable {

  /** Requires all parts. */
  public Firing {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(arguments, "arguments");
    Objects.requireNonNull(scheduledAt, "scheduledAt");
  }

  /** For people: {@code BackupTenantJob of tenant 42 at 2026-11-24T00:01:00Z}. */
  @Override
  public String toString() {
    return job + " at " + scheduledAt;
  }

  @Serial
  private Object writeReplace() {
    return new Parts(Job.of(job).with(arguments), scheduledAt);
  }

  /** What can be serialized. */
  private record Parts(Job job, Instant scheduledAt) implements Serializable {

    @Serial
    private Object readResolve() {
      return job.firing(scheduledAt);
    }
  }
}
