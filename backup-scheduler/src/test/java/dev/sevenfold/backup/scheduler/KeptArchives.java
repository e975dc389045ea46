package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.retention.RetainableArchive;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The archives of one tenant, of which retention lets go after each backup. Use from one thread.
 */
final class KeptArchives {

  private static final int KEPT = 7;

  private final TenantId tenant;
  private List<RetainableArchive> archives = new ArrayList<>();
  private int made;

  KeptArchives(TenantId tenant) {
    this.tenant = tenant;
  }

  /** A backup is made, and retention applied; what is wrong then, if anything is. */
  Optional<String> backUp(Instant now) {
    made++;
    RetainableArchive archive =
        new RetainableArchive(
            label(now),
            Optional.of(tenant),
            now,
            Purpose.BACKUP,
            true,
            false,
            Lack.NOTHING,
            OptionalLong.empty());
    archives.add(archive);
    Set<Label> kept = new HashSet<>(RetentionPolicy.DEFAULT.plan(archives, now).kept());
    archives =
        new ArrayList<>(archives.stream().filter(one -> kept.contains(one.label())).toList());
    if (!archives.contains(archive)) {
      return Optional.of("retention lost the backup that was just made of " + tenant);
    }
    // What a clock that was ahead has made is kept beside the seven until time has caught up.
    long counted = archives.stream().filter(one -> !one.capturedAt().isAfter(now)).count();
    if (archives.size() < Math.min(KEPT, made) || counted > KEPT) {
      return Optional.of(
          archives.size() + " of " + made + " are kept of " + tenant + ", counted " + counted);
    }
    return Optional.empty();
  }

  private Label label(Instant now) {
    Label label = TenantLabeler.utc().backup(tenant, now);
    while (isTaken(label)) {
      label = label.next();
    }
    return label;
  }

  private boolean isTaken(Label label) {
    return archives.stream().anyMatch(one -> one.label().equals(label));
  }

  /** How many there are in the end. */
  int count() {
    return archives.size();
  }
}
