package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.InterruptedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archives that restores take first. One counts as verified only when its restore is committed:
 * an undo finds the tenant as it was before the last restore that really happened. Thread-safe.
 */
public record SafetyArchives(
    ArchiveCatalog archives,
    UndoPoints points,
    Verifier verifier,
    TenantPublisher publisher,
    Listeners listeners,
    TenantSource source) {

  private static final Logger log = LoggerFactory.getLogger(SafetyArchives.class);

  /** Publishes an archive that was read back, and that no undo finds yet. */
  public RestorePoint publish(TenantSnapshot before, Progress progress) {
    return publisher.safety(before, progress);
  }

  /** Makes an archive that was read back the one that an undo finds. */
  public RestorePoint confirm(RestorePoint safety) {
    return verifier.recordVerified(safety);
  }

  /** Deletes one that a newer one stands in for. If that fails, retention will see to it. */
  public void discard(RestorePoint safety) {
    try {
      delete(safety);
    } catch (StoreUnavailable e) {
      log.warn(
          "The safety archive {} is of no use any more, and stays",
          safety.label(),
          Printable.failure(e));
    }
  }

  public void delete(RestorePoint safety) {
    archives.store().delete(safety.label());
  }

  /**
   * Takes the lock of a tenant: the one way to it. Tells what was recovered, and settles what is
   * left of a restore that was interrupted. A store that is down is no reason not to work on the
   * tenant: whoever needs it settled asks for {@link #lockSettled}.
   */
  public TenantLock lock(TenantId tenant) {
    return recovered(source.lock(tenant), this::settleIfPossible);
  }

  /** As {@link #lock}, where what is left has to be settled before anything is done. */
  public TenantLock lockSettled(TenantId tenant) {
    return recovered(source.lock(tenant), this::settle);
  }

  /** Recovers and settles all tenants that nobody is at work on. */
  public void recoverAll() {
    source.recover(lock -> recovered(lock, this::settleIfPossible));
  }

  private TenantLock recovered(TenantLock lock, Consumer<TenantLock> settle) {
    boolean done = false;
    try {
      for (String what : lock.recovered()) {
        listeners.tell(listener -> listener.recovered(what));
      }
      settle.accept(lock);
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
      log.warn(
          "The safety archives of a restore that was interrupted are not settled yet",
          Printable.failure(e));
    }
  }

  /**
   * Has the store say of the safety archives what became of a restore that was interrupted: of one
   * that was done the newest whole one is verified, and the others go.
   *
   * @return whether there was such a restore
   */
  public boolean settle(TenantLock lock) {
    Optional<InterruptedRestore> found = lock.interrupted();
    if (found.isEmpty()) {
      return false;
    }
    InterruptedRestore restore = found.get();
    List<RestorePoint> open =
        points.list(restore.tenant()).points().stream()
            .filter(point -> !point.verified() && restore.safety().contains(point.capturedAt()))
            .toList();
    if (restore.committed()) {
      verifyNewest(open);
    } else {
      open.forEach(this::delete);
    }
    lock.settled(restore);
    return true;
  }

  /** Leaves them all as they are if none is whole: then it is not known what an undo should do. */
  private void verifyNewest(List<RestorePoint> newestFirst) {
    for (RestorePoint point : newestFirst) {
      try {
        verifier.verify(
            archives.store().stat(point.label()),
            listeners.progressOf(point.owner(), Progress.none()),
            listeners.findingsOf(point.label()));
      } catch (ArchiveCorrupt e) {
        log.warn("The safety archive {} is not what it says", point.label(), Printable.failure(e));
        continue;
      }
      newestFirst.stream().filter(other -> !other.equals(point)).forEach(this::delete);
      return;
    }
  }
}
