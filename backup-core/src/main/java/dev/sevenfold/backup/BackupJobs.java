package dev.sevenfold.backup;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.DrillJob;
import dev.sevenfold.backup.job.RestoreTenantJob;
import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  private final BackupCatalog archives;
  private final Optional<BackupService> tenants;
  private final Optional<SystemBackups> system;
  private final Clock clock;

  private BackupJobs(
      BackupCatalog archives, Optional<BackupService> tenants, Optional<SystemBackups> system) {
    this.archives = archives;
    this.tenants = tenants;
    this.system = system;
    this.clock = archives.clock();
  }

  /** The jobs of {@code service}, by its own clock. */
  public static BackupJobs of(BackupService service) {
    return new BackupJobs(service, Optional.of(service), service.optionalSystem());
  }

  /** The jobs of a system alone, by its own clock, where nothing is known of tenants. */
  public static BackupJobs of(SystemBackups system) {
    return new BackupJobs(system, Optional.empty(), Optional.of(system));
  }

  private BackupService tenants() {
    return tenants.orElseThrow(
        () -> new IllegalStateException("These are the jobs of a system, which has no tenants"));
  }

  /**
   * Backs up one tenant at each firing; a firing that has its backup already makes no second one.
   *
   * @throws IllegalStateException if these are the jobs of a system alone
   */
  public BackupTenantJob backupTenant() {
    BackupService service = tenants();
    return BackupTenantJob.of(
        (tenant, progress) -> service.backup(tenant, progress).restorePoint().label(),
        (tenant, from, until) -> newest(archives, ArchiveOwner.tenant(tenant), from, until),
        clock);
  }

  private static Optional<Label> newest(
      BackupCatalog archives, ArchiveOwner owner, Instant from, Instant until) {
    return archives.restorePoints(owner).stream()
        .filter(point -> point.verified() && !point.pinned())
        .filter(point -> isBetween(point.capturedAt(), from, until))
        .map(RestorePoint::label)
        .findFirst();
  }

  /**
   * Backs up the whole system at each firing; a firing that has its backup already makes no second
   * one.
   *
   * @throws IllegalStateException if the service was built without a system
   */
  public SystemBackupJob backupSystem() {
    SystemBackups backups =
        system.orElseThrow(
            () ->
                new IllegalStateException(
                    "There is no system to back up; name one to the builder"));
    return SystemBackupJob.of(
        progress ->
            tenants
                .map(service -> service.backupSystem(progress))
                .orElseGet(() -> backups.backup(progress))
                .point()
                .label(),
        (from, until) -> newest(backups, ArchiveOwner.system(), from, until),
        clock);
  }

  /**
   * Verifies archives again at each firing, as {@link BackupCatalog#drillAll} and, if the service
   * has a system, {@link SystemBackups#drill()} do. Once a week is plenty; see there how long it
   * takes.
   */
  public DrillJob drill() {
    return DrillJob.of(
        () -> {
          List<String> failures = new ArrayList<>(failures(archives.drillAll()));
          system.ifPresent(backups -> failures.addAll(failures(backups.drill())));
          return failures;
        });
  }

  private static List<String> failures(List<DrillOutcome> outcomes) {
    return outcomes.stream()
        .flatMap(
            outcome ->
                outcome.failure().map(failure -> outcome.label() + ": " + failure.what()).stream())
        .toList();
  }

  /**
   * Restores one tenant in the background, for a dashboard. A firing that is tried again, by a
   * framework that revives the work of a dead process, puts nothing back: a second restore would
   * throw away what was written since the first. It fails, names the safety archive that shows that
   * the tenant was restored, or nearly, since the firing, and a person decides.
   *
   * @throws IllegalStateException if these are the jobs of a system alone
   */
  public RestoreTenantJob restoreTenant() {
    BackupService service = tenants();
    return RestoreTenantJob.of(
        (tenant, label, options, progress) ->
            service.restore(tenant, label, options, progress).safety().map(RestorePoint::label),
        this::requireNoRestoreSince,
        clock);
  }

  /** Whether it was this restore, and whether it was committed, cannot be told from outside. */
  private Optional<Label> requireNoRestoreSince(
      TenantId tenant, Label label, Instant from, Instant until) {
    Optional<Label> safety =
        archives.safetyPoints(tenant).stream()
            .filter(point -> isBetween(point.capturedAt(), from, until))
            .map(RestorePoint::label)
            .findFirst();
    if (safety.isPresent()) {
      throw new RestoreRefused(
          "Tenant " + tenant + " may have been restored since this restore was asked for",
          List.of("the safety archive " + safety.get() + " was taken at that time"),
          "Look at the tenant; if it is not what it should be, ask for the restore of "
              + label
              + " again");
    }
    return Optional.empty();
  }

  private static boolean isBetween(Instant instant, Instant from, Instant until) {
    return !instant.isBefore(from) && !instant.isAfter(until);
  }
}
