package dev.sevenfold.backup;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.retention.RetainableArchive;
import dev.sevenfold.backup.retention.RetentionPlan;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the retention policy to the archives of one tenant. */
final class RetentionJob {

  private static final Logger log = LoggerFactory.getLogger(BackupService.class);

  private final Archives archives;
  private final RetentionPolicy policy;
  private final Clock clock;

  RetentionJob(Archives archives, RetentionPolicy policy, Clock clock) {
    this.archives = archives;
    this.policy = policy;
    this.clock = clock;
  }

  RetentionPlan plan(TenantId tenant) {
    return plan(points(tenant).values());
  }

  private RetentionPlan plan(Iterable<RestorePoint> points) {
    List<RetainableArchive> retainable = new ArrayList<>();
    points.forEach(point -> retainable.add(retainable(point)));
    return policy.plan(retainable, clock.instant());
  }

  private static RetainableArchive retainable(RestorePoint point) {
    return new RetainableArchive(
        point.label(),
        Optional.of(point.tenant()),
        point.capturedAt(),
        point.isSafety() ? Purpose.SAFETY : Purpose.BACKUP,
        point.proven(),
        point.pinned());
  }

  private Map<Label, RestorePoint> points(TenantId tenant) {
    Map<Label, RestorePoint> points = new TreeMap<>();
    for (Label.Kind kind : List.of(Label.Kind.TENANT, Label.Kind.SAFETY)) {
      archives
          .list(ArchiveOwner.tenant(tenant), kind)
          .forEach(point -> points.put(point.label(), point));
    }
    return points;
  }

  /** Deletes what the policy lets go, and says what that was. */
  List<RestorePoint> apply(TenantId tenant) {
    Map<Label, RestorePoint> points = points(tenant);
    List<RestorePoint> deleted = new ArrayList<>();
    for (RetentionPlan.Decision decision : plan(points.values()).decisions()) {
      Label label = decision.archive().label();
      RestorePoint point = points.get(label);
      if (decision.action() == RetentionPlan.Action.DELETE && point != null) {
        archives.store().delete(label);
        log.info("Deleted {}: {}", label, decision.reason());
        deleted.add(point);
      }
    }
    return deleted;
  }
}
