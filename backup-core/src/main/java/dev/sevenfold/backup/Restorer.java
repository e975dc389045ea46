package dev.sevenfold.backup;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.report.RestoreGuard;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.service.Listeners;
import dev.sevenfold.backup.service.Retention;
import dev.sevenfold.backup.service.SafetyArchives;
import dev.sevenfold.backup.service.Scratch;
import dev.sevenfold.backup.source.AnnouncedRestore;
import dev.sevenfold.backup.source.AppliedRestore;
import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one tenant back to what it was, in place, while every other tenant goes on. Takes the tenant
 * from wherever it was staged: out of an archive, out of a copy of the whole system, or elsewhere.
 *
 * <p>A restore takes a safety archive of the tenant first. Then it writes, in one transaction, only
 * the rows that differ, verifies the outcome, and commits. If anything stands in the way, nothing
 * is changed. {@link #preview} works out the very plan that {@link #restore} would execute. If
 * nothing differs, nothing is written, and there is nothing to undo.
 *
 * <p>Thread-safe; restores and backups of one tenant wait for each other.
 */
public final class Restorer {

  private static final Logger log = LoggerFactory.getLogger(Restorer.class);

  private final TenantSource source;
  private final SafetyArchives safety;
  private final Retention retention;
  private final Listeners listeners;
  private final Path scratch;
  private final RestoreGuard guard;

  Restorer(
      TenantSource source,
      SafetyArchives safety,
      Retention retention,
      Listeners listeners,
      RestoreGuard guard,
      Path scratch) {
    this.source = source;
    this.safety = safety;
    this.retention = retention;
    this.listeners = listeners;
    this.guard = guard;
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
    return previewOf(staged, source.canonical(target), options);
  }

  private RestorePlan previewOf(StagedTenant staged, TenantId target, RestoreOptions options) {
    Progress progress = listeners.progressOf(target);
    try (TenantLock lock = safety.lock(target);
        Scratch folder = Scratch.in(scratch)) {
      Path worked = folder.newFolder("restore");
      PlannedRestore planned = source.plan(staged, target, options, worked, progress);
      return planned.plan().identifiedBy(planned.digest());
    }
  }

  /**
   * Makes the rows and files of {@code target} those of {@code staged}.
   *
   * @throws RestoreRefused if something stands in the way, or it is not {@link
   *     RestoreOptions#exactly} what was shown; nothing was changed
   * @throws SourceUnavailable if the database cannot be written; nothing was changed
   * @throws OperationFailed if files could not be laid beside their places, and nothing was
   *     changed; or if the rows are restored and files could not be moved into their places, or the
   *     safety archive could not be made the one to undo with, which is then done before the next
   *     work on the tenant; or if the database did not say whether the rows are restored, which is
   *     then found out. The message says which
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
    return restoreOf(staged, source.canonical(target), options, progress);
  }

  private RestoreReport restoreOf(
      StagedTenant staged, TenantId target, RestoreOptions options, Progress progress) {
    Progress heard = listeners.progressOf(ArchiveOwner.tenant(target), progress);
    listeners.tell(listener -> listener.restoreStarted(target));
    try {
      RestoreReport report;
      // Nothing may be done that could not be told from what was interrupted.
      try (TenantLock lock = safety.lockSettled(target);
          Scratch folder = Scratch.in(scratch)) {
        report = restoreLocked(lock, staged, target, options, folder.newFolder("restore"), heard);
        prune(target);
      }
      listeners.tell(listener -> listener.restoreCompleted(report));
      return report;
    } catch (BackupException e) {
      listeners.tell(listener -> listener.restoreFailed(target, e));
      throw e;
    }
  }

  /** The restore is done, whatever becomes of older archives; the next backup prunes them too. */
  private void prune(TenantId target) {
    try {
      retention.apply(ArchiveOwner.tenant(target));
    } catch (BackupException e) {
      log.warn(
          "Tenant {} is restored; older archives were not pruned", target, Printable.failure(e));
    }
  }

  private RestoreReport restoreLocked(
      TenantLock lock,
      StagedTenant staged,
      TenantId target,
      RestoreOptions options,
      Path folder,
      Progress progress) {
    long start = System.nanoTime();
    PlannedRestore planned = source.plan(staged, target, options, folder, progress);
    planned.requireExecutable();
    if (planned.plan().isEmpty()) {
      // An undo takes back the last restore that wrote something. This one must not hide it.
      return report(target, staged, planned.plan(), Optional.empty(), start);
    }
    requireNoVeto(planned.plan());
    RestoreGuard.Pause pause = pause(planned.plan());
    try {
      return write(lock, planned, staged, start, progress);
    } finally {
      goOn(target, pause);
    }
  }

  private void requireNoVeto(RestorePlan plan) {
    Optional<String> veto = orRefused(plan, () -> guard.veto(plan));
    if (veto.isPresent()) {
      throw refused(plan, veto.get(), null);
    }
  }

  private RestoreGuard.Pause pause(RestorePlan plan) {
    return orRefused(plan, () -> guard.pause(plan));
  }

  private static <T> T orRefused(RestorePlan plan, Supplier<T> guarding) {
    try {
      return guarding.get();
    } catch (RuntimeException e) {
      throw refused(plan, e.toString(), e);
    }
  }

  private static RestoreRefused refused(
      RestorePlan plan, String why, @Nullable RuntimeException cause) {
    return new RestoreRefused(
        "The application does not let tenant " + plan.target() + " be restored",
        List.of(why),
        "Nothing was changed; ask whoever runs the application, and try again",
        cause);
  }

  private static void goOn(TenantId target, RestoreGuard.Pause pause) {
    try {
      pause.close();
    } catch (RuntimeException e) {
      log.warn(
          "After a restore of tenant {} the application's writers did not go on",
          target,
          Printable.failure(e));
    }
  }

  private RestoreReport write(
      TenantLock lock, PlannedRestore planned, StagedTenant staged, long start, Progress progress) {
    TenantId target = planned.plan().target();
    // If this process dies, the next one has to know whether there is a restore to take back.
    AnnouncedRestore announced = planned.announce();
    RestorePoint published =
        orWithdrawn(lock, Optional.empty(), () -> safety.publish(announced.before(), progress));
    AppliedRestore applied =
        orWithdrawn(lock, Optional.of(published), () -> announced.apply(progress));
    Optional<RestorePoint> undo =
        afterCommit(target, published, () -> confirm(published, applied, progress));
    applied.settled();
    return report(target, staged, applied.plan(), undo, start);
  }

  private static RestoreReport report(
      TenantId target,
      StagedTenant staged,
      RestorePlan done,
      Optional<RestorePoint> undo,
      long start) {
    return new RestoreReport(
        target,
        staged.manifest().capturedAt(),
        done,
        undo,
        Duration.ofNanos(System.nanoTime() - start));
  }

  /**
   * Work that changes nothing when it fails: then there is nothing to undo, and an undo must find
   * the safety archive of the restore before.
   */
  private <T> T orWithdrawn(TenantLock lock, Optional<RestorePoint> published, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      withdraw(lock, published, e);
      throw e;
    }
  }

  private void withdraw(TenantLock lock, Optional<RestorePoint> published, RuntimeException cause) {
    try {
      // An interrupt ends the work, and not what has to follow it, done or failed.
      Interrupts.defer(
          () -> {
            if (!safety.settle(lock)) {
              published.ifPresent(safety::delete);
            }
            return published;
          });
    } catch (BackupException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Makes the safety archive the one that an undo finds; none, if in the end nothing was written
   * because the tenant's people have made it so meanwhile.
   */
  private Optional<RestorePoint> confirm(
      RestorePoint published, AppliedRestore applied, Progress progress) {
    if (applied.plan().isEmpty()) {
      safety.delete(published);
      return Optional.empty();
    }
    Optional<TenantSnapshot> replaced = applied.announceReplaced();
    if (replaced.isEmpty()) {
      return Optional.of(safety.confirm(published));
    }
    // The tenant's people wrote meanwhile; what can be undone to is what was there at the end.
    RestorePoint newer = safety.confirm(safety.publish(replaced.get(), progress));
    safety.discard(published);
    return Optional.of(newer);
  }

  /** What belongs to a restore that is committed. */
  private static Optional<RestorePoint> afterCommit(
      TenantId target, RestorePoint published, Supplier<Optional<RestorePoint>> work) {
    try {
      return Interrupts.defer(work::get);
    } catch (BackupException e) {
      throw new OperationFailed(
          "Tenant "
              + target
              + " is restored, but its safety archive could not be made the one to undo it with: "
              + e.what(),
          "Whatever is done with this tenant next does that, an undo too; or restore "
              + published.label(),
          e);
    }
  }
}
