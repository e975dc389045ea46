package dev.sevenfold.backup;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Proves restore points anew: of each tenant those that are not proven, and the one whose proof is
 * the oldest. So a bad one is told again and again, and never keeps the others from their turn.
 */
final class Drill {

  private final Archives archives;
  private final ArchiveProof proof;
  private final Listeners listeners;

  Drill(Archives archives, ArchiveProof proof, Listeners listeners) {
    this.archives = archives;
    this.proof = proof;
    this.listeners = listeners;
  }

  /** One tenant's, or those of all tenants that have any in the store. */
  List<DrillOutcome> run(ArchiveOwner owner) {
    Map<String, List<StoredArchive>> byTenant = new TreeMap<>();
    for (StoredArchive archive : archives.store().list(owner)) {
      if (archive.label().kind() == Label.Kind.TENANT) {
        String tenant = archive.label().tenant().map(TenantId::value).orElseThrow();
        byTenant.computeIfAbsent(tenant, id -> new ArrayList<>()).add(archive);
      }
    }
    List<DrillOutcome> outcomes = new ArrayList<>();
    for (List<StoredArchive> ofOne : byTenant.values()) {
      for (StoredArchive archive : due(ofOne)) {
        prove(archive.label()).ifPresent(outcomes::add);
      }
    }
    return outcomes;
  }

  private static List<StoredArchive> due(List<StoredArchive> ofOne) {
    List<StoredArchive> due = new ArrayList<>();
    ofOne.stream().filter(archive -> !archive.marks().proven()).forEach(due::add);
    ofOne.stream()
        .filter(archive -> archive.marks().proven())
        .min(Comparator.comparing(archive -> archive.marks().provenAt().orElse(Instant.MIN)))
        .ifPresent(due::add);
    return due;
  }

  /** Empty if it was deleted meanwhile, as retention may. */
  private Optional<DrillOutcome> prove(Label label) {
    try {
      TenantId tenant = label.tenant().orElseThrow();
      return Optional.of(DrillOutcome.proven(proof.prove(label, listeners.progressOf(tenant))));
    } catch (ArchiveNotFound e) {
      return Optional.empty();
    } catch (OperationFailed e) {
      // This machine is in the way, of every other archive too: a full disk, an interrupt.
      throw e;
    } catch (BackupException e) {
      listeners.tell(listener -> listener.drillFailed(label, e));
      return Optional.of(DrillOutcome.failed(label, e));
    }
  }
}
