package dev.sevenfold.backup;

import dev.sevenfold.backup.schedule.BackupTenantJob;
import dev.sevenfold.backup.schedule.RestoreTenantJob;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The jobs of a service, for the host's job framework or for ours. Immutable and thread-safe.
 *
 * <pre>{@code
 * BackupTenantJob job = BackupJobs.of(backups).backupTenant();
 * JobOutcome outcome = job.run(BackupTenantJob.forTenant(tenant).firing(executionTime));
 * }</pre>
 */
public final class BackupJobs {

  private final BackupService service;
  private final Clock clock;

  private BackupJobs(BackupService service, Clock clock) {
    this.service = Objects.requireNonNull(service, "service");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** The jobs of {@code service}, by its own clock. */
  public static BackupJobs of(BackupService service) {
    return new BackupJobs(service, service.clock());
  }

  /**
   * Backs up one tenant at each firing; a firing that has its backup already makes no second one.
   */
  public BackupTenantJob backupTenant() {
    return BackupTenantJob.of(
        (tenant, progress) -> service.backup(tenant, progress).restorePoint().label(),
        this::newest,
        clock);
  }

  private Optional<Label> newest(TenantId tenant, Instant from, Instant until) {
    return service.restorePoints(tenant).stream()
        .filter(point -> point.proven() && !point.pinned())
        .filter(point -> !point.capturedAt().isBefore(from) && !point.capturedAt().isAfter(until))
        .map(RestorePoint::label)
        .findFirst();
  }

  /**
   * Restores one tenant in the background, for a dashboard. Whether an attempt whose process died
   * was committed cannot be told from outside, so it is never repeated: a person decides.
   */
  public RestoreTenantJob restoreTenant() {
    return RestoreTenantJob.of(
        (tenant, label, progress) ->
            Optional.of(
                service.restore(tenant, label, RestoreOptions.DEFAULT, progress).safety().label()),
        (tenant, label, from, until) -> Optional.empty(),
        clock);
  }
}
