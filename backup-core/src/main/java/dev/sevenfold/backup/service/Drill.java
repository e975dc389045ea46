package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Verifies archives anew: of each owner the restore points that are not verified, and the one whose
 * verification is the oldest. So a bad one is told again and again, and never keeps the others from
 * their turn. Of what undoes restores, the one whose verification is the oldest.
 */
public record Drill(ArchiveCatalog archives, Listeners listeners, Clock clock) {

  /** Before that, what a restore took was read back when it was taken. */
  private static final Duration SAFETY_AFTER = Duration.ofDays(1);

  /** One owner's, or those of all tenants that have any in the store. */
  public List<DrillOutcome> run(
      ArchiveOwner owner, Function<StoredArchive, RestorePoint> verifier) {
    Map<String, List<StoredArchive>> byTenant = new TreeMap<>();
    for (StoredArchive archive : archives.stored(owner, ArchiveCatalog.Needed.ANY)) {
      boolean system = archive.label().kind() == Label.Kind.SYSTEM;
      if (!system || !owner.equals(ArchiveOwner.anyone())) {
        String tenant = archive.label().tenant().map(TenantId::value).orElse("");
        byTenant.computeIfAbsent(tenant, id -> new ArrayList<>()).add(archive);
      }
    }
    List<DrillOutcome> outcomes = new ArrayList<>();
    for (List<StoredArchive> ofOne : byTenant.values()) {
      for (StoredArchive archive : due(ofOne)) {
        verify(archive, verifier).ifPresent(outcomes::add);
      }
    }
    return outcomes;
  }

  private List<StoredArchive> due(List<StoredArchive> ofOne) {
    List<StoredArchive> points = new ArrayList<>();
    List<StoredArchive> safeties = new ArrayList<>();
    ofOne.forEach(
        archive -> (archive.label().kind() == Label.Kind.SAFETY ? safeties : points).add(archive));
    List<StoredArchive> due = new ArrayList<>();
    points.stream().filter(archive -> !archive.record().verified()).forEach(due::add);
    oldest(points).ifPresent(due::add);
    // One that is not verified belongs to a restore that was interrupted: that must not be hidden.
    oldest(safeties).filter(this::isOld).ifPresent(due::add);
    return due;
  }

  private static Optional<StoredArchive> oldest(List<StoredArchive> from) {
    return from.stream()
        .filter(archive -> archive.record().verified())
        .min(Comparator.comparing(Drill::verifiedAt));
  }

  private boolean isOld(StoredArchive archive) {
    return verifiedAt(archive).isBefore(clock.instant().minus(SAFETY_AFTER));
  }

  private static Instant verifiedAt(StoredArchive archive) {
    return archive.record().verifiedAt().orElse(Instant.MIN);
  }

  /** Empty if it was deleted meanwhile, as retention may. */
  private Optional<DrillOutcome> verify(
      StoredArchive archive, Function<StoredArchive, RestorePoint> verifier) {
    Label label = archive.label();
    try {
      return Optional.of(DrillOutcome.verified(verifier.apply(archive)));
    } catch (ArchiveNotFound e) {
      return Optional.empty();
    } catch (BackupException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // Whether it is damaged or that is not known now; another one may need less of this machine.
      listeners.tell(listener -> listener.drillFailed(label, e));
      return Optional.of(DrillOutcome.failed(label, e));
    }
  }
}
