package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Applies a retention policy of its own to each place of a mirror: seven archives here, thirty
 * there. Each place is decided on by what it has itself, so the newest proven archive of each place
 * stays in it. Thread-safe.
 *
 * @param <P> what an archive is to its owner
 */
public final class PlaceRetention<P> implements Retention<P> {

  private final List<RetentionJob<P>> jobs;
  private final Points<P> points;
  private final MirroredArchiveStore mirror;

  private PlaceRetention(
      MirroredArchiveStore mirror, List<RetentionJob<P>> jobs, Points<P> points) {
    this.jobs = List.copyOf(jobs);
    this.points = points;
    this.mirror = mirror;
  }

  /**
   * Retention for the places of {@code mirror}.
   *
   * @param own the policies of those places that do not follow {@code otherwise}
   * @param archives reads a store
   * @throws IllegalArgumentException if {@code own} names a store that is not a place of the mirror
   */
  public static <P> PlaceRetention<P> of(
      MirroredArchiveStore mirror,
      RetentionPolicy otherwise,
      Map<ArchiveStore, RetentionPolicy> own,
      Function<ArchiveStore, Archives> archives,
      Points<P> points,
      Clock clock) {
    for (ArchiveStore place : own.keySet()) {
      if (mirror.replicas().stream().noneMatch(known -> known == place)) {
        throw new IllegalArgumentException(
            "There is a retention policy for %s, which is not a place of %s"
                .formatted(place.describe(), mirror.describe()));
      }
    }
    List<RetentionJob<P>> jobs = new ArrayList<>();
    for (ArchiveStore place : mirror.replicas()) {
      RetentionPolicy policy = own.getOrDefault(place, otherwise);
      jobs.add(new RetentionJob<>(archives.apply(place), policy, points, clock));
    }
    return new PlaceRetention<>(mirror, jobs, points);
  }

  /**
   * Deletes what the policies let go, place by place; a place that fails keeps no other from its
   * turn. What any place says is pinned stays in all: one may have missed the pin while it did not
   * answer. So while one does not answer, nothing is deleted anywhere.
   *
   * @return those that no place has any more
   * @throws dev.sevenfold.backup.error.StoreUnavailable if a place did not answer
   */
  @Override
  public List<P> apply(ArchiveOwner owner) {
    Set<Label> pinned = new HashSet<>();
    jobs.forEach(job -> pinned.addAll(job.pinned(owner)));
    Map<Label, P> gone = new TreeMap<>();
    @Nullable BackupException failure = null;
    for (RetentionJob<P> job : jobs) {
      try {
        job.apply(owner, pinned)
            .forEach(point -> gone.put(points.retainable(point).label(), point));
      } catch (BackupException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    mirror.list(owner).complete().forEach(archive -> gone.remove(archive.label()));
    return List.copyOf(gone.values());
  }
}
