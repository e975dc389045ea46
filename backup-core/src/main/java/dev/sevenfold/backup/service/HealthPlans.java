package dev.sevenfold.backup.service;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.DrillJob;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.Schedules;
import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.report.BackupStatus.Failure;
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

  /** What a scheduler knows now. */
  static HealthPlans of(Schedules scheduler) {
    List<JobStatus> jobs = scheduler.jobs();
    return new OfScheduler(
        jobs.stream()
            .filter(status -> isBackup(status.job()))
            .collect(Collectors.groupingBy(status -> status.job().key().tenant())),
        jobs.stream()
            .filter(status -> status.job().key().equals(DrillJob.job().key()))
            .findFirst());
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

  /** See {@link #of(Schedules)}. */
  record OfScheduler(Map<Optional<TenantId>, List<JobStatus>> jobs, Optional<JobStatus> drill)
      implements HealthPlans {

    private List<JobStatus> jobs(Optional<TenantId> subject) {
      return jobs.getOrDefault(subject, List.of());
    }

    @Override
    public List<CronSchedule> schedules(Optional<TenantId> subject) {
      return jobs(subject).stream()
          .map(JobStatus::job)
          .filter(Job::active)
          .flatMap(job -> job.schedule().stream())
          .toList();
    }

    @Override
    public Optional<Failure> lastFailure(Optional<TenantId> subject) {
      return jobs(subject).stream()
          .flatMap(status -> status.last().stream())
          .flatMap(record -> failure(record).stream())
          .max(Comparator.comparing(Failure::at));
    }

    @Override
    public Optional<Failure> drillFailure() {
      return drill.flatMap(JobStatus::last).flatMap(OfScheduler::failure);
    }

    private static Optional<Failure> failure(FiringRecord record) {
      return record.outcome() instanceof JobOutcome.Failed failed
          ? Optional.of(new Failure(record.endedAt(), failed.what(), failed.advice()))
          : Optional.empty();
    }

    @Override
    public Optional<Instant> earliestFiring(Optional<TenantId> subject) {
      return jobs(subject).stream()
          .flatMap(status -> status.firstFiredAt().stream())
          .min(Comparator.naturalOrder());
    }
  }
}
