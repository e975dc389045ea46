package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tenant that was taken out, staged as an archive of it would be. */
final class Staged {

  private Staged() {}

  /** Copies a snapshot into a new folder below {@code parent}. */
  static StagedTenant of(TenantSnapshot snapshot, Path parent) throws IOException {
    Path target = Files.createTempDirectory(parent, "staged");
    Files.copy(snapshot.database(), target.resolve(ArchiveManifest.TENANT_DATABASE));
    List<ArchiveManifest.Entry> entries = new ArrayList<>();
    entries.add(
        new ArchiveManifest.Entry(
            ArchiveManifest.TENANT_DATABASE, Files.size(snapshot.database()), "0".repeat(64)));
    for (TenantSnapshot.AttachedFile file : snapshot.files()) {
      Path copy = target.resolve(file.entryName());
      Files.createDirectories(copy.getParent());
      Files.copy(file.path(), copy);
      entries.add(new ArchiveManifest.Entry(file.entryName(), file.size(), file.sha256()));
    }
    return new StagedTenant(
        target,
        new ArchiveManifest(
            ArchiveManifest.Kind.TENANT,
            ArchiveManifest.Purpose.BACKUP,
            Optional.of(snapshot.tenant()),
            snapshot.capturedAt(),
            snapshot.origin(),
            "test",
            snapshot.tables(),
            entries,
            snapshot.missing()));
  }
}
