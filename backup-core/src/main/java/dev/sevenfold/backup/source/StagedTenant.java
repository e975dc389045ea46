package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.ArchiveManifest;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A tenant as it was, laid out in scratch space and verified against its manifest: {@code
 * tenant.sqlite3} and {@code files/}. Immutable; the folder belongs to whoever staged it.
 *
 * @param folder where the archive's entries are
 * @param manifest what they were checked against
 */
public record StagedTenant(Path folder, ArchiveManifest manifest) {

  /** Requires both. */
  public StagedTenant {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(manifest, "manifest");
  }

  /** The tenant's database. */
  public Path database() {
    return folder.resolve(ArchiveManifest.TENANT_DATABASE);
  }

  /** Where the entry with this name is. */
  public Path entry(String entryName) {
    return folder.resolve(entryName);
  }
}
