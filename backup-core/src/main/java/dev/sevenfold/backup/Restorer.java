package dev.sevenfold.backup;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.source.AppliedRestore;
import dev.sevenfold.backup.source.PreparedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one tenant back to what it was, in place, while every other tenant goes on. Takes the tenant
 * from wherever it was staged: out of an archive, out of a copy of the whole system, or elsewhere.
 *
 * <p>A restore takes a safety archive of the tenant first. Then it writes, in one transaction, only
 * the rows that differ, proves the outcome, and commits. If anything stands in the way, nothing is
 * changed. {@link #preview} works out the very plan that {@link #restore} would execute.
 *
 * <p>Thread-safe; restores and backups of one tenant wait for each other.
 */
public final class Restorer {

  private static final Logger log = LoggerFactory.getLogger(BackupService.class);

  private final TenantSource source;
  private final TenantPublisher publisher;
  private final Archives archives;
  private final Retention<RestorePoint> retention;
  private final Listeners listeners;
  private final Path scratch;

  Restorer(
      TenantSource source,
      TenantPublisher publisher,
      Archives archives,
      Retention<RestorePoint> retention,
      Listeners listeners,
      Path scratch) {
    this.source = source;
    this.publisher = publisher;
    this.archives = archives;
    this.retention = retention;
    this.listeners = listeners;
    this.scratch = scratch;
  }

  /**
   * Works out what a restore would change, and changes nothing. What stands in the way is part of
   * the plan.
   *
   * @throws RestoreRefused if the archive is another tenant's, or the schemas cannot be reconciled
   * @throws SourceUnavailable if the database cannot be read
   */
  public RestorePlan preview(StagedTenant staged, TenantId target, RestoreOptions options) {
    Objects.requireNonNull(staged, "staged");
    Progress progress = listeners.progressOf(target);
    try (TenantLock lock = listeners.heard(source.lock(target));
        Scratch folder = Scratch.in(scratch);
        PreparedRestore prepared =
            source.prepare(staged, target, options, folder.newFolder("restore"), progress)) {
      return prepared.plan();
    }
  }

  /**
   * Makes the rows and files of {@code target} those of {@code staged}.
   *
   * @throws RestoreRefused if something stands in the way; nothing was changed
   * @throws SourceUnavailable if the database cannot be written; nothing was changed
   * @throws OperationFailed if files could not be laid beside their places, and nothing was
   *     changed; or if the rows are restored and files could not be moved into their places, which
   *     is then done before the next work on the tenant
   */
  public RestoreReport restore(StagedTenant staged, TenantId target, RestoreOptions options) {
    return restore(staged, target, options, Progress.none());
  }

  /**
   * As {@link #restore(StagedTenant, TenantId, RestoreOptions)}, also telling {@code progress} how
   * far it is.
   */
  public RestoreReport restore(
      StagedTenant staged, TenantId target, RestoreOptions options, Progress progress) {
    Objects.requireNonNull(staged, "staged");
    Progress heard = listeners.progressOf(target, progress);
    listeners.tell(listener -> listener.restoreStarted(target));
    try {
      RestoreReport report;
      try (TenantLock lock = listeners.heard(source.lock(target));
          Scratch folder = Scratch.in(scratch)) {
        report = restoreLocked(staged, target, options, folder.newFolder("restore"), heard);
        letGo(target);
      }
      listeners.tell(listener -> listener.restoreCompleted(report));
      return report;
    } catch (BackupException e) {
      listeners.tell(listener -> listener.restoreFailed(target, e));
      throw e;
    }
  }

  /** The restore is done, whatever becomes of older archives; the next backup lets them go too. */
  private void letGo(TenantId target) {
    try {
      retention.apply(ArchiveOwner.tenant(target));
    } catch (BackupException e) {
      log.warn("Tenant {} is restored; older archives were not let go", target, e);
    }
  }

  private RestoreReport restoreLocked(
      StagedTenant staged,
      TenantId target,
      RestoreOptions options,
      Path folder,
      Progress progress) {
    long start = System.nanoTime();
    try (PreparedRestore prepared = source.prepare(staged, target, options, folder, progress)) {
      if (!prepared.plan().obstacles().isEmpty()) {
        throw refused(target, prepared.plan().obstacles(), options);
      }
      TenantSnapshot before = prepared.before();
      RestorePoint safety = publisher.publish(before, Purpose.SAFETY, progress);
      // Undo looks for a proven one. If this process dies before the commit, there is no restore
      // to take back, and the safety archive of the one before must be found.
      Marks proven = archives.store().stat(safety.label()).marks();
      archives.store().mark(safety.label(), proven.withoutProof());
      AppliedRestore applied = apply(prepared, safety, progress);
      RestorePoint undo =
          afterCommit(target, safety, () -> confirm(safety, proven, before, applied, progress));
      requireFinished(target, applied);
      return new RestoreReport(
          target,
          staged.manifest().capturedAt(),
          applied.plan(),
          undo,
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private static void requireFinished(TenantId target, AppliedRestore applied) {
    if (!applied.unfinished().isEmpty()) {
      throw new OperationFailed(
          "The rows of tenant "
              + target
              + " are restored, but not all of its files are in place: "
              + String.join("; ", applied.unfinished()),
          "Clear the cause; whatever is done with this tenant next completes the restore first");
    }
  }

  /** Makes the safety archive the one that an undo finds. */
  private RestorePoint confirm(
      RestorePoint safety,
      Marks proven,
      TenantSnapshot before,
      AppliedRestore applied,
      Progress progress) {
    archives.store().mark(safety.label(), proven);
    if (applied.replaced().equals(before)) {
      return safety;
    }
    // The tenant's people wrote meanwhile; what can be undone to is what was there at the end.
    RestorePoint newer = publisher.publish(applied.replaced(), Purpose.SAFETY, progress);
    try {
      archives.store().delete(safety.label());
    } catch (StoreUnavailable e) {
      // Undo takes the newer one; retention will see to this.
      log.warn("The safety archive {} is of no use any more, and stays", safety.label(), e);
    }
    return newer;
  }

  /** What belongs to a restore that is committed. */
  private static RestorePoint afterCommit(
      TenantId target, RestorePoint safety, Supplier<RestorePoint> work) {
    try {
      return uninterrupted(work);
    } catch (BackupException e) {
      throw new OperationFailed(
          "Tenant "
              + target
              + " is restored, but its safety archive could not be made the one to undo it with: "
              + e.what(),
          "To take the restore back, restore " + safety.label(),
          e);
    }
  }

  /** An interrupt ends the work, and not what has to follow it, done or failed. */
  private static <T> T uninterrupted(Supplier<T> work) {
    boolean interrupted = Thread.interrupted();
    try {
      return work.get();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private AppliedRestore apply(PreparedRestore prepared, RestorePoint safety, Progress progress) {
    try {
      return prepared.apply(progress);
    } catch (RuntimeException e) {
      // Nothing was changed, so there is nothing to undo; an undo must find the one before.
      discard(safety, e);
      throw e;
    }
  }

  private void discard(RestorePoint safety, RuntimeException failure) {
    try {
      uninterrupted(
          () -> {
            archives.store().delete(safety.label());
            return safety;
          });
    } catch (BackupException e) {
      failure.addSuppressed(e);
    }
  }

  private static RestoreRefused refused(
      TenantId target, List<String> obstacles, RestoreOptions options) {
    boolean mayRemap = options.collisions() == RestoreOptions.Collisions.REMAP;
    return new RestoreRefused(
        "Tenant " + target + " cannot be restored",
        obstacles,
        "Nothing was changed; clear what stands in the way, then try again"
            + (mayRemap ? "" : "; where ids are taken, restore with new ids"));
  }
}
