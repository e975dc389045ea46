package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.PublicationOrder;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.source.InterruptedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archives that restores take first. One counts as proven only when its restore is committed:
 * an undo finds the tenant as it was before the last restore that really happened. Thread-safe.
 */
public final class SafetyArchives {

  private static final Logger log = LoggerFactory.getLogger(SafetyArchives.class);

  private final Archives archives;
  private final ArchiveProof proof;
  private final TenantPublisher publisher;
  private final Listeners listeners;
  private final TenantSource source;

  public SafetyArchives(
      Archives archives,
      ArchiveProof proof,
      TenantPublisher publisher,
      Listeners listeners,
      TenantSource source) {
    this.source = source;
    this.archives = archives;
    this.proof = proof;
    this.publisher = publisher;
    this.listeners = listeners;
  }

  /** A tenant as it was before each of its restores; the last restore first, whatever the clock. */
  public List<RestorePoint> list(TenantId tenant) {
    return newestFirst(find(tenant));
  }

  private Found<RestorePoint> find(TenantId tenant) {
    return archives.find(ArchiveOwner.tenant(tenant), Label.Kind.SAFETY, Archives.Needed.FIRST);
  }

  private static List<RestorePoint> newestFirst(Found<RestorePoint> found) {
    return found.points().stream().sorted(PublicationOrder.OF_TENANT.reversed()).toList();
  }

  /** What an undo would restore; empty if there is none, or if that is not known. */
  public Optional<RestorePoint> undoPoint(TenantId tenant) {
    Found<RestorePoint> found = find(tenant);
    return newestFirst(found).stream()
        .findFirst()
        .filter(last -> last.proven() && maybeNewer(found, last).isEmpty());
  }

  /**
   * What an undo restores: what was taken before the last restore that wrote something.
   *
   * @throws RestoreRefused if there is none, or if that is not known
   */
  public RestorePoint requireUndoPoint(TenantId tenant) {
    Found<RestorePoint> found = find(tenant);
    List<RestorePoint> points = newestFirst(found);
    if (points.isEmpty() && found.unreadable().isEmpty()) {
      throw new RestoreRefused(
          "There is no restore of tenant " + tenant + " to take back",
          List.of(),
          "Restore one of its restore points instead");
    }
    List<String> unknown =
        points.isEmpty() ? reasons(found.unreadable()) : reasons(maybeNewer(found, points.get(0)));
    if (!unknown.isEmpty()) {
      throw notKnown(
          tenant,
          "a safety archive cannot be read that is, or may be, the newest",
          Stream.concat(unknown.stream(), shown(points)).toList());
    }
    RestorePoint last = points.get(0);
    if (!last.proven()) {
      throw notKnown(tenant, "the newest safety archive is not proven", shown(points).toList());
    }
    return last;
  }

  private static List<UnreadableArchive> maybeNewer(Found<RestorePoint> found, RestorePoint than) {
    return found.unreadable().stream().filter(archive -> archive.mayBeNewerThan(than)).toList();
  }

  private static List<String> reasons(List<UnreadableArchive> unreadable) {
    return unreadable.stream().map(archive -> archive.label() + ": " + archive.reason()).toList();
  }

  private static Stream<String> shown(List<RestorePoint> newestFirst) {
    return newestFirst.stream()
        .limit(2)
        .map(point -> point.label() + ": the tenant as of " + point.capturedAt());
  }

  private static RestoreRefused notKnown(TenantId tenant, String why, List<String> reasons) {
    return new RestoreRefused(
        "It is not known what the last restore of tenant " + tenant + " is taken back with: " + why,
        reasons,
        "Look at the tenant, and at previews of its safety archives; then restore the one that is"
            + " right, by its label");
  }

  /** Publishes an archive that was read back, and that no undo finds yet. */
  public RestorePoint publish(TenantSnapshot before, Progress progress) {
    return publisher.publish(
        before, Purpose.SAFETY, progress, (label, heard) -> proof.check(label, heard, told(label)));
  }

  private Consumer<List<String>> told(Label label) {
    return findings -> listeners.archiveFindings(label, findings);
  }

  /** Makes an archive that was read back the one that an undo finds. */
  public RestorePoint confirm(RestorePoint safety) {
    return proof.mark(safety.label());
  }

  /** Deletes one that a newer one stands in for. If that fails, retention will see to it. */
  public void discard(RestorePoint safety) {
    try {
      delete(safety);
    } catch (StoreUnavailable e) {
      log.warn("The safety archive {} is of no use any more, and stays", safety.label(), e);
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
      log.warn("The safety archives of a restore that was interrupted are not settled yet", e);
    }
  }

  /**
   * Has the store say of the safety archives what became of a restore that was interrupted: of one
   * that was done the newest whole one is proven, and the others go.
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
        list(restore.tenant()).stream()
            .filter(point -> !point.proven() && restore.safety().contains(point.capturedAt()))
            .toList();
    if (restore.committed()) {
      proveNewest(open);
    } else {
      open.forEach(this::delete);
    }
    lock.settled(restore);
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
