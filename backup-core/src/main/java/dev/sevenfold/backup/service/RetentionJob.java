package dev.sevenfold.backup.service;

import dev.sevenfold.backup.retention.RetainableArchive;
import dev.sevenfold.backup.retention.RetentionPlan;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one policy to the archives of one owner in one store.
 *
 * @param <P> what an archive is to its owner
 */
public final class RetentionJob<P> implements Retention<P> {

  private static final Logger log = LoggerFactory.getLogger(RetentionJob.class);

  private final Archives archives;
  private final RetentionPolicy policy;
  private final Points<P> points;
  private final Clock clock;

  public RetentionJob(Archives archives, RetentionPolicy policy, Points<P> points, Clock clock) {
    this.archives = archives;
    this.policy = policy;
    this.points = points;
    this.clock = clock;
  }

  /** What {@link #apply} would do, and why. */
  public RetentionPlan plan(ArchiveOwner owner) {
    return plan(points.list(archives, owner), Set.of());
  }

  private RetentionPlan plan(List<P> found, Set<Label> pinnedElsewhere) {
    return policy.plan(
        found.stream()
            .map(points::retainable)
            .map(
                archive -> pinnedElsewhere.contains(archive.label()) ? archive.asPinned() : archive)
            .toList(),
        clock.instant());
  }

  /** The labels that the store says are pinned, readable or not. */
  public Set<Label> pinned(ArchiveOwner owner) {
    return archives.stored(owner, Archives.Needed.ALL).stream()
        .filter(archive -> archive.marks().pinned())
        .map(StoredArchive::label)
        .collect(Collectors.toSet());
  }

  @Override
  public List<P> apply(ArchiveOwner owner) {
    return apply(owner, Set.of());
  }

  /** As the other one; what is pinned in another place stays, too. */
  public List<P> apply(ArchiveOwner owner, Set<Label> pinnedElsewhere) {
    List<P> found = points.list(archives, owner);
    Map<Label, P> byLabel = new TreeMap<>();
    found.forEach(point -> byLabel.put(points.retainable(point).label(), point));
    List<P> deleted = new ArrayList<>();
    for (RetentionPlan.Decision decision : plan(found, pinnedElsewhere).decisions()) {
      RetainableArchive archive = decision.archive();
      P point = byLabel.get(archive.label());
      if (decision.action() == RetentionPlan.Action.DELETE && point != null) {
        archives.store().delete(archive.label());
        log.info("Deleted {}: {}", archive.label(), decision.reason());
        deleted.add(point);
      }
    }
    return deleted;
  }
}
