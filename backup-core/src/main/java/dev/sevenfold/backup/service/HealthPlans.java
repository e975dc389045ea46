package dev.sevenfold.backup.service;

import dev.sevenfold.backup.report.BackupStatus.Failure;
import dev.sevenfold.backup.schedule.BackupScheduler;
import dev.sevenfold.backup.schedule.BackupTenantJob;
import dev.sevenfold.backup.schedule.CronSchedule;
import dev.sevenfold.backup.schedule.DrillJob;
import dev.sevenfold.backup.schedule.FiringRecord;
import dev.sevenfold.backup.schedule.Job;
import dev.sevenfold.backup.schedule.JobOutcome;
import dev.sevenfold.backup.schedule.JobStore;
import dev.sevenfold.backup.schedule.StoredJob;
import dev.sevenfold.backup.schedule.SystemBackupJob;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** When backups are to be made, and what a scheduler remembers of those that were tried. */
public interface HealthPlans {

  /** The schedules of a tenant, or of the system; none if nothing is planned. */
  List<CronSchedule> schedules(Optional<TenantId> subject);

  /** The last attempt that failed and is remembered. */
  Optional<Failure> lastFailure(Optional<TenantId> subject);

  /** The earliest firing that is remembered. */
  Optional<Instant> earliestFiring(Optional<TenantId> subject);

  /** Why the last drill failed, if it did. */
  Optional<Failure> drillFailure();

  /** What the host says, whose own framework runs the jobs. */
  static HealthPlans of(Function<Optional<TenantId>, Optional<CronSchedule>> schedules) {
    return new OfHost(schedules);
  }

  /** What our scheduler knows now. */
  static HealthPlans of(BackupScheduler scheduler) {
    return new OfScheduler(
        scheduler,
        scheduler.jobs().stream()
            .filter(stored -> isBackup(stored.job()))
            .collect(Collectors.groupingBy(stored -> stored.job().key().tenant())));
  }

  private static boolean isBackup(Job job) {
    return job.key()
        .label()
        .equals(job.key().tenant().isPresent() ? BackupTenantJob.LABEL : SystemBackupJob.LABEL);
  }

  /** See {@link #of(Function)}. */
  record OfHost(Function<Optional<TenantId>, Optional<CronSchedule>> host) implements HealthPlans {
    @Override
    public List<CronSchedule> schedules(Optional<TenantId> subject) {
      return host.apply(subject).stream().toList();
    }

    @Override
    public Optional<Failure> lastFailure(Optional<TenantId> subject) {
      return Optional.empty();
    }

    @Override
    public Optional<Instant> earliestFiring(Optional<TenantId> subject) {
      return Optional.empty();
    }

    @Override
    public Optional<Failure> drillFailure() {
      return Optional.empty();
    }
  }

  /** See {@link #of(BackupScheduler)}. */
  record OfScheduler(BackupScheduler scheduler, Map<Optional<TenantId>, List<StoredJob>> jobs)
      implements HealthPlans {

    private List<StoredJob> jobs(Optional<TenantId> subject) {
      return jobs.getOrDefault(subject, List.of());
    }

    @Override
    public List<CronSchedule> schedules(Optional<TenantId> subject) {
      return jobs(subject).stream()
          .map(StoredJob::job)
          .filter(Job::active)
          .flatMap(job -> job.schedule().stream())
          .toList();
    }

    @Override
    public Optional<Failure> lastFailure(Optional<TenantId> subject) {
      return jobs(subject).stream()
          .flatMap(stored -> stored.last().stream())
          .flatMap(record -> failure(record).stream())
          .max(Comparator.comparing(Failure::at));
    }

    @Override
    public Optional<Failure> drillFailure() {
      return scheduler
          .find(DrillJob.job().key())
          .flatMap(StoredJob::last)
          .flatMap(OfScheduler::failure);
    }

    private static Optional<Failure> failure(FiringRecord record) {
      return record.outcome() instanceof JobOutcome.Failed failed
          ? Optional.of(new Failure(record.endedAt(), failed.what(), failed.advice()))
          : Optional.empty();
    }

    @Override
    public Optional<Instant> earliestFiring(Optional<TenantId> subject) {
      return jobs(subject).stream()
          .flatMap(
              stored ->
                  scheduler.history(stored.job().key(), JobStore.KEPT_FIRINGS).stream()
                      .map(FiringRecord::scheduledAt))
          .min(Comparator.naturalOrder());
    }
  }
}
