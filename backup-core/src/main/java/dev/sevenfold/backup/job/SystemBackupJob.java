package dev.sevenfold.backup.job;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Backs up the whole system when it fires. As with {@link BackupTenantJob}, a firing asks for an
 * archive that is not older than its scheduled instant. Thread-safe.
 */
public final class SystemBackupJob extends HostedJob {

  /** What the job is called. */
  public static final String LABEL = "SystemBackupJob";

  /** Backs up the system: the host's call of the library. Thread-safe. */
  @FunctionalInterface
  public interface Work {
    /** Makes a backup, reports how far it is, and names the archive. */
    Label backUp(Progress progress) throws Exception;
  }

  /** Finds archives of the system: the host's call of the library. Thread-safe. */
  @FunctionalInterface
  public interface Archives {
    /** The newest archive captured at or after {@code from} and not after {@code until}. */
    Optional<Label> newest(Instant from, Instant until) throws Exception;
  }

  private final Work work;
  private final Archives archives;
  private final Clock clock;

  private SystemBackupJob(Work work, Archives archives, Clock clock) {
    super(LABEL);
    this.work = Objects.requireNonNull(work, "work");
    this.archives = Objects.requireNonNull(archives, "archives");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** The job, by the system's clock. */
  public static SystemBackupJob of(Work work, Archives archives) {
    return of(work, archives, Clock.systemUTC());
  }

  /** The job, by a clock: an archive of its future does not count. */
  public static SystemBackupJob of(Work work, Archives archives, Clock clock) {
    return new SystemBackupJob(work, archives, clock);
  }

  /** The system's job, to be given a schedule and arguments. */
  public static Job job() {
    return Job.of(JobKey.system(LABEL));
  }

  @Override
  Callable<JobOutcome> attempt(Firing firing, Progress progress) {
    return () ->
        unlessDone(
            archives.newest(firing.scheduledAt(), clock.instant()),
            () -> Optional.of(work.backUp(progress)));
  }
}
