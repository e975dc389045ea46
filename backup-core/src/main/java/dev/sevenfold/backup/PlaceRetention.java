package dev.sevenfold.backup;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Applies a retention policy of its own to each place of a mirror: seven archives here, thirty
 * there. Each place is decided on by what it has itself, so the newest proven archive of each place
 * stays in it. Thread-safe.
 */
final class PlaceRetention {

  private final List<RetentionJob> jobs;
  private final MirroredArchiveStore mirror;

  private PlaceRetention(MirroredArchiveStore mirror, List<RetentionJob> jobs) {
    this.jobs = List.copyOf(jobs);
    this.mirror = mirror;
  }

  /**
   * Retention for the places of {@code mirror}.
   *
   * @param own the policies of those places that do not follow {@code otherwise}
   * @param archives reads a store
   * @throws IllegalArgumentException if {@code own} names a store that is not a place of the mirror
   */
  static PlaceRetention of(
      MirroredArchiveStore mirror,
      RetentionPolicy otherwise,
      Map<ArchiveStore, RetentionPolicy> own,
      Function<ArchiveStore, Archives> archives,
      Clock clock) {
    for (ArchiveStore place : own.keySet()) {
      if (mirror.places().stream().noneMatch(known -> known == place)) {
        throw new IllegalArgumentException(
            "There is a retention policy for %s, which is not a place of %s"
                .formatted(place.describe(), mirror.describe()));
      }
    }
    List<RetentionJob> jobs = new ArrayList<>();
    for (ArchiveStore place : mirror.places()) {
      RetentionPolicy policy = own.getOrDefault(place, otherwise);
      jobs.add(new RetentionJob(archives.apply(place), policy, clock));
    }
    return new PlaceRetention(mirror, jobs);
  }

  /**
   * Deletes what the policies let go, place by place; a place that fails keeps no other from its
   * turn.
   *
   * @return the restore points that no place has any more
   */
  List<RestorePoint> apply(TenantId tenant) {
    Map<Label, RestorePoint> gone = new TreeMap<>();
    @Nullable BackupException failure = null;
    for (RetentionJob job : jobs) {
      try {
        job.apply(tenant).forEach(point -> gone.put(point.label(), point));
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
    mirror.list(ArchiveOwner.tenant(tenant)).forEach(archive -> gone.remove(archive.label()));
    return List.copyOf(gone.values());
  }
}
