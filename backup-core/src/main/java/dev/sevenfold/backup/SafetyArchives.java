package dev.sevenfold.backup;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.source.CutOffRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archives that restores take first. One counts as proven only when its restore is committed:
 * an undo finds the tenant as it was before the last restore that really happened. Thread-safe.
 */
final class SafetyArchives {

  private static final Logger log = LoggerFactory.getLogger(BackupService.class);

  private final Archives archives;
  private final ArchiveProof proof;
  private final TenantPublisher publisher;
  private final Listeners listeners;

  SafetyArchives(
      Archives archives, ArchiveProof proof, TenantPublisher publisher, Listeners listeners) {
    this.archives = archives;
    this.proof = proof;
    this.publisher = publisher;
    this.listeners = listeners;
  }

  /** A tenant as it was before each of its restores, newest first. */
  List<RestorePoint> list(TenantId tenant) {
    return archives.list(ArchiveOwner.tenant(tenant), Label.Kind.SAFETY, Archives.Needed.FIRST);
  }

  /** Publishes an archive that was read back, and that no undo finds yet. */
  RestorePoint publish(TenantSnapshot before, Progress progress) {
    return publisher.publish(
        before, Purpose.SAFETY, progress, (label, heard) -> proof.check(label, heard, told(label)));
  }

  private Consumer<List<String>> told(Label label) {
    return findings -> listeners.archiveFindings(label, findings);
  }

  /** Makes an archive that was read back the one that an undo finds. */
  RestorePoint confirm(RestorePoint safety) {
    return proof.mark(safety.label());
  }

  /** Deletes one that a newer one stands in for. If that fails, retention will see to it. */
  void discard(RestorePoint safety) {
    try {
      delete(safety);
    } catch (StoreUnavailable e) {
      log.warn("The safety archive {} is of no use any more, and stays", safety.label(), e);
    }
  }

  void delete(RestorePoint safety) {
    archives.store().delete(safety.label());
  }

  /**
   * Tells what was recovered when a lock was taken, and settles what is left of that restore. A
   * store that is down is no reason not to work on the tenant: whoever needs it settled asks again.
   */
  TenantLock recovered(TenantLock lock) {
    boolean done = false;
    try {
      for (String what : lock.recovered()) {
        listeners.tell(listener -> listener.recovered(what));
      }
      settleIfPossible(lock);
      done = true;
      return lock;
    } finally {
      if (!done) {
        lock.close();
      }
    }
  }

  private void settleIfPossible(TenantLock lock) {
    try {
      settle(lock);
    } catch (BackupException e) {
      log.warn("The safety archives of a restore that was cut off are not settled yet", e);
    }
  }

  /**
   * Has the store say of the safety archives what became of a restore that was cut off: of one that
   * was done the newest whole one is proven, and the others go.
   *
   * @return whether there was such a restore
   */
  boolean settle(TenantLock lock) {
    Optional<CutOffRestore> found = lock.cutOff();
    if (found.isEmpty()) {
      return false;
    }
    CutOffRestore restore = found.get();
    List<RestorePoint> open =
        list(restore.tenant()).stream()
            .filter(point -> !point.proven() && restore.safety().contains(point.capturedAt()))
            .toList();
    if (restore.committed()) {
      proveNewest(open);
    } else {
      open.forEach(this::delete);
    }
    lock.settled();
    return true;
  }

  /** Leaves them all as they are if none is whole: then it is not known what an undo should do. */
  private void proveNewest(List<RestorePoint> newestFirst) {
    for (RestorePoint point : newestFirst) {
      try {
        proof.prove(point.label(), listeners.progressOf(point.tenant()), told(point.label()));
      } catch (ArchiveCorrupt e) {
        log.warn("The safety archive {} is not what it says", point.label(), e);
        continue;
      }
      newestFirst.stream().filter(other -> !other.equals(point)).forEach(this::delete);
      return;
    }
  }
}
