package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.SystemPoint;
import dev.sevenfold.backup.retention.RetainableArchive;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets archives go that no policy keeps. Thread-safe.
 *
 * @param <P> what an archive is to its owner
 */
public interface Retention<P> {

  /** Deletes what is not kept of one owner, and says what that was. */
  List<P> apply(ArchiveOwner owner);

  /**
   * Retention by one policy for a store, or by one for each place of a mirror.
   *
   * @param own the policies of those places that do not follow {@code policy}
   * @param open reads another store in the way that {@code archives} is read
   * @throws IllegalArgumentException if {@code own} names a store that is not a place of the mirror
   */
  static <P> Retention<P> of(
      Archives archives,
      RetentionPolicy policy,
      Map<ArchiveStore, RetentionPolicy> own,
      Function<ArchiveStore, Archives> open,
      Points<P> points,
      Clock clock) {
    if (own.isEmpty()) {
      return new RetentionJob<>(archives, policy, points, clock);
    }
    if (archives.store() instanceof MirroredArchiveStore mirror) {
      return PlaceRetention.of(mirror, policy, own, open, points, clock);
    }
    throw new IllegalArgumentException(
        "There is a retention policy for a place, and %s is no mirror"
            .formatted(archives.store().describe()));
  }

  /** How the archives of an owner are found, and what retention has to know of them. */
  interface Points<P> {

    /** All of one owner, in all places of a mirror or none. */
    List<P> list(Archives archives, ArchiveOwner owner);

    /** What retention decides by. */
    RetainableArchive retainable(P point);
  }

  /** Backups of a tenant, and what its restores have taken. */
  final class TenantPoints implements Points<RestorePoint> {
    @Override
    public List<RestorePoint> list(Archives archives, ArchiveOwner owner) {
      List<RestorePoint> points = new ArrayList<>();
      for (Label.Kind kind : List.of(Label.Kind.TENANT, Label.Kind.SAFETY)) {
        points.addAll(archives.list(owner, kind, Archives.Needed.ALL));
      }
      return points;
    }

    @Override
    public RetainableArchive retainable(RestorePoint point) {
      return new RetainableArchive(
          point.label(),
          Optional.of(point.tenant()),
          point.capturedAt(),
          point.isSafety() ? Purpose.SAFETY : Purpose.BACKUP,
          point.proven(),
          point.pinned(),
          point.lack(),
          point.sequence());
    }
  }

  /** Backups of the whole system. */
  final class SystemPoints implements Points<SystemPoint> {
    @Override
    public List<SystemPoint> list(Archives archives, ArchiveOwner owner) {
      return archives.listSystem(Archives.Needed.ALL);
    }

    @Override
    public RetainableArchive retainable(SystemPoint point) {
      return new RetainableArchive(
          point.label(),
          Optional.empty(),
          point.capturedAt(),
          Purpose.BACKUP,
          point.proven(),
          point.pinned(),
          point.lack(),
          point.sequence());
    }
  }
}
