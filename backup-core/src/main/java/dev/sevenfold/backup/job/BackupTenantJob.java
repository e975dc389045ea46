package dev.sevenfold.backup.job;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Backs up one tenant when it fires. Thread-safe.
 *
 * <pre>{@code
 * BackupTenantJob job =
 *     BackupTenantJob.of(
 *         (tenant, progress) -> backups.backup(tenant, progress).restorePoint().label(),
 *         (tenant, from, until) -> newestRestorePoint(tenant, from, until));
 *
 * // a framework of the host's, at the time that it has for the firing:
 * JobOutcome outcome = job.run(BackupTenantJob.forTenant(tenant).firing(executionTime));
 * }</pre>
 *
 * <p>{@code BackupJobs.of(service).backupTenant()} is that job, ready made.
 *
 * <p>A firing asks for a restore point that is not older than its scheduled instant. If there is
 * one, made by an attempt that died before it could say so or by hand, nothing is left to do.
 */
public final class BackupTenantJob extends HostedJob {

  /** What the job is called. */
  public static final String LABEL = "BackupTenantJob";

  /** Backs up one tenant: the host's call of the library. Thread-safe. */
  @FunctionalInterface
  public interface Work {
    /** Makes a backup, reports how far it is, and names the archive. */
    Label backUp(TenantId tenant, Progress progress) throws Exception;
  }

  /** Finds restore points: the host's call of the library. Thread-safe. */
  @FunctionalInterface
  public interface RestorePoints {
    /** The newest restore point captured at or after {@code from} and not after {@code until}. */
    Optional<Label> newest(TenantId tenant, Instant from, Instant until) throws Exception;
  }

  private final Work work;
  private final RestorePoints restorePoints;
  private final Clock clock;
  private final ConcurrentMap<TenantId, ReentrantLock> locks = new ConcurrentHashMap<>();

  private BackupTenantJob(Work work, RestorePoints restorePoints, Clock clock) {
    super(LABEL);
    this.work = Objects.requireNonNull(work, "work");
    this.restorePoints = Objects.requireNonNull(restorePoints, "restorePoints");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** The job, by the system's clock. */
  public static BackupTenantJob of(Work work, RestorePoints restorePoints) {
    return of(work, restorePoints, Clock.systemUTC());
  }

  /** The job, by a clock: a restore point of its future does not count. */
  public static BackupTenantJob of(Work work, RestorePoints restorePoints, Clock clock) {
    return new BackupTenantJob(work, restorePoints, clock);
  }

  /** A tenant's job, to be given a schedule and arguments. */
  public static Job forTenant(TenantId tenant) {
    return Job.of(JobKey.of(LABEL, tenant));
  }

  @Override
  Callable<JobOutcome> attempt(Firing firing, Progress progress) {
    TenantId tenant = tenantOf(firing);
    // Two calls for one firing: the second one looks when the first has finished.
    ReentrantLock lock = locks.computeIfAbsent(tenant, any -> new ReentrantLock());
    return () -> {
      lock.lockInterruptibly();
      try {
        return unlessDone(
            restorePoints.newest(tenant, firing.scheduledAt(), clock.instant()),
            () -> Optional.of(work.backUp(tenant, progress)));
      } finally {
        lock.unlock();
      }
    };
  }
}
