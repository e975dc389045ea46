package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.ArchiveList;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What restores can be taken back with: the safety archives of a store, by the order of their
 * publication. Thread-safe.
 */
public record UndoPoints(ArchiveCatalog archives) {

  /** A tenant as it was before each of its restores; the last restore first, whatever the clock. */
  public ArchiveList list(TenantId tenant) {
    return archives
        .find(
            ArchiveOwner.tenant(tenant),
            ArchiveCatalog.Needed.FIRST,
            label -> label.kind() == Label.Kind.SAFETY)
        .sorted(RestorePoint.byPublication());
  }

  /**
   * What an undo restores: what was taken before the last restore that wrote something.
   *
   * @throws RestoreRefused if there is none, or if that is not known
   */
  public StagedTenant newest(TenantId tenant, Function<Label, StagedTenant> stage) {
    RestorePoint newest = requireNewest(tenant);
    try {
      return stage.apply(newest.label());
    } catch (ArchiveCorrupt | ArchiveNotReadable e) {
      throw unusable(tenant, newest, e);
    }
  }

  private RestorePoint requireNewest(TenantId tenant) {
    ArchiveList found = list(tenant);
    List<RestorePoint> points = found.points();
    if (points.isEmpty() && found.unreadable().isEmpty()) {
      throw new RestoreRefused(
          "There is no restore of tenant " + tenant + " to take back",
          List.of(),
          "Restore one of its restore points instead");
    }
    List<String> unknown =
        points.isEmpty() ? reasons(found.unreadable()) : reasons(found.maybeNewer(points.get(0)));
    if (!unknown.isEmpty()) {
      throw notKnown(
          tenant,
          "a safety archive cannot be read that is, or may be, the newest",
          Stream.concat(unknown.stream(), shown(points)).toList());
    }
    RestorePoint last = points.get(0);
    if (!last.verified()) {
      throw notKnown(tenant, "the newest safety archive is not verified", shown(points).toList());
    }
    return last;
  }

  /** What is to be said if the newest one turns out not to be what its record says. */
  private RestoreRefused unusable(TenantId tenant, RestorePoint newest, BackupException why) {
    return notKnown(
        tenant,
        "the newest safety archive cannot be used",
        Stream.concat(Stream.of(newest.label() + ": " + why.what()), shown(list(tenant).points()))
            .toList());
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
}
