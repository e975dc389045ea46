package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Backs up tenants of a source, one of them or all. Thread-safe. */
public record TenantBackups(
    ArchiveCatalog archives,
    TenantPublisher publisher,
    SafetyArchives safety,
    Retention retention,
    Listeners listeners,
    TenantLabeler labeler,
    Path scratch,
    Clock clock) {

  /** Backs up one tenant under its lock, and prunes older archives of it. */
  public BackupReport one(
      TenantSource from, TenantId tenant, BackupOptions options, Progress progress) {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(options, "options");
    listeners.tell(listener -> listener.backupStarted(tenant));
    try {
      requireLabel(tenant);
      BackupReport report =
          backupLocked(
              from, tenant, options, listeners.progressOf(ArchiveOwner.tenant(tenant), progress));
      listeners.tell(listener -> listener.backupCompleted(report));
      return report;
    } catch (BackupException e) {
      listeners.tell(listener -> listener.backupFailed(tenant, e));
      throw e;
    }
  }

  /** An id that is too long for a label is refused like everything else, and a run goes on. */
  private void requireLabel(TenantId tenant) {
    try {
      labeler.backup(tenant, clock.instant());
    } catch (IllegalArgumentException e) {
      throw new BackupRefused(
          "Tenant " + tenant + " cannot be named in a label",
          List.of(String.valueOf(e.getMessage())),
          "Use a shorter tenant id");
    }
  }

  private BackupReport backupLocked(
      TenantSource from, TenantId tenant, BackupOptions options, Progress progress) {
    long start = System.nanoTime();
    try (TenantLock lock = safety.lock(tenant);
        Scratch folder = Scratch.in(scratch)) {
      TenantSnapshot snapshot = from.extract(tenant, folder.newFolder("extract"), progress);
      List<String> warnings = new ArrayList<>(requireMounted(snapshot, options));
      warnings.addAll(snapshot.warnings());
      RestorePoint point = publisher.backup(snapshot, progress, warnings::addAll);
      List<RestorePoint> deleted = retention.applyAfter(point, warnings::add);
      return new BackupReport(
          point,
          snapshot.tables().stream().mapToLong(table -> table.rows()).sum(),
          snapshot.files().size(),
          warnings,
          deleted,
          Duration.ofNanos(System.nanoTime() - start),
          snapshot.completenessCheckedAt(),
          snapshot.ownership());
    }
  }

  private List<String> requireMounted(TenantSnapshot snapshot, BackupOptions options) {
    if (snapshot.missing().isEmpty()) {
      return List.of();
    }
    return Unmounted.require(
        "Tenant " + snapshot.tenant(),
        Unmounted.of(
            snapshot,
            archives.newestVerifiedManifest(
                archives.listing(
                    ArchiveOwner.tenant(snapshot.tenant()), ArchiveCatalog.Needed.ANY))),
        options);
  }

  /** Backs up every tenant, one after the other; one that fails does not stop the run. */
  public List<BackupOutcome> all(TenantSource source, BackupOptions options) {
    Objects.requireNonNull(options, "options");
    List<BackupOutcome> outcomes = new ArrayList<>();
    TenantSource from = source.forRun();
    List<TenantId> tenants = from.tenants();
    if (tenants.isEmpty()) {
      requireNoArchives(options);
    }
    for (TenantId tenant : tenants) {
      try {
        outcomes.add(BackupOutcome.completed(tenant, one(from, tenant, options, Progress.none())));
      } catch (BackupException e) {
        outcomes.add(BackupOutcome.failed(tenant, e));
      }
    }
    return outcomes;
  }

  /** A database without tenants is another one than that which the archives are of. */
  private void requireNoArchives(BackupOptions options) {
    Listing all = archives.listing(ArchiveOwner.anyone(), ArchiveCatalog.Needed.ANY);
    long archived = ArchiveCatalog.tenants(all).count();
    List<String> reasons = new ArrayList<>();
    if (archived > 0) {
      reasons.add("it has no tenant, and the store has archives of " + archived);
    } else {
      // What does not answer may have them.
      all.silence()
          .map(silence -> "it has no tenant, and the store may have archives: " + silence.what())
          .ifPresent(reasons::add);
    }
    Unmounted.require("The database", reasons, options);
  }
}
