package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.DrillOutcome;
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
 * Proves archives anew: of each owner the restore points that are not proven, and the one whose
 * proof is the oldest. So a bad one is told again and again, and never keeps the others from their
 * turn. Of what undoes restores, the one whose proof is the oldest.
 */
public final class Drill {

  /** Before that, what a restore took was read back when it was taken. */
  private static final Duration SAFETY_AFTER = Duration.ofDays(1);

  private final Archives archives;
  private final Listeners listeners;
  private final Clock clock;

  public Drill(Archives archives, Listeners listeners, Clock clock) {
    this.archives = archives;
    this.listeners = listeners;
    this.clock = clock;
  }

  /** One owner's, or those of all tenants that have any in the store. */
  public <P> List<DrillOutcome<P>> run(ArchiveOwner owner, Function<Label, P> proof) {
    Map<String, List<StoredArchive>> byTenant = new TreeMap<>();
    for (StoredArchive archive : archives.stored(owner, Archives.Needed.ANY)) {
      boolean system = archive.label().kind() == Label.Kind.SYSTEM;
      if (!system || !owner.equals(ArchiveOwner.anyone())) {
        String tenant = archive.label().tenant().map(TenantId::value).orElse("");
        byTenant.computeIfAbsent(tenant, id -> new ArrayList<>()).add(archive);
      }
    }
    List<DrillOutcome<P>> outcomes = new ArrayList<>();
    for (List<StoredArchive> ofOne : byTenant.values()) {
      for (StoredArchive archive : due(ofOne)) {
        prove(archive.label(), proof).ifPresent(outcomes::add);
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
    points.stream().filter(archive -> !archive.marks().proven()).forEach(due::add);
    oldestProof(points).ifPresent(due::add);
    // One that is not proven belongs to a restore that was interrupted, and a proof would hide
    // that.
    oldestProof(safeties).filter(this::isOld).ifPresent(due::add);
    return due;
  }

  private static Optional<StoredArchive> oldestProof(List<StoredArchive> from) {
    return from.stream()
        .filter(archive -> archive.marks().proven())
        .min(Comparator.comparing(Drill::provenAt));
  }

  private boolean isOld(StoredArchive archive) {
    return provenAt(archive).isBefore(clock.instant().minus(SAFETY_AFTER));
  }

  private static Instant provenAt(StoredArchive archive) {
    return archive.marks().provenAt().orElse(Instant.MIN);
  }

  /** Empty if it was deleted meanwhile, as retention may. */
  private <P> Optional<DrillOutcome<P>> prove(Label label, Function<Label, P> proof) {
    try {
      return Optional.of(DrillOutcome.proven(label, proof.apply(label)));
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
