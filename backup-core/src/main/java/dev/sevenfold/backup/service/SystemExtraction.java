package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes a restore point of a tenant out of a backup of the whole system. Thread-safe. */
public record SystemExtraction(
    TenantSource source,
    SafetyArchives safety,
    TenantPublisher publisher,
    Verifier verifier,
    Listeners listeners,
    Path scratch) {

  /** Publishes it, under the lock of the tenant, and pins it. */
  public RestorePoint run(Label label, TenantId tenant, String database, Map<String, Path> trees) {
    ArchiveCatalog archives = publisher.archives();
    Progress progress = listeners.progressOf(tenant);
    try (TenantLock lock = safety.lock(tenant);
        Scratch folder = Scratch.in(scratch);
        TenantSource then =
            source.inSystem(
                verifier.stageSystem(
                    archives.store().stat(label),
                    EntryPlaces.in(folder.newFolder("system")),
                    progress),
                database,
                trees)) {
      TenantSnapshot snapshot = then.extract(tenant, folder.newFolder("extract"), progress);
      List<String> findings = new ArrayList<>();
      Label made = publisher.backup(snapshot, progress, findings::addAll).label();
      if (!findings.isEmpty()) {
        listeners.findingsOf(made).accept(findings);
      }
      return archives.pin(made, record -> record.withPinned(true));
    }
  }
}
