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
 * @param outside whether somebody sent it in and nothing says who made it, so that what it says of
 *     the time when it was made proves nothing
 */
public record StagedTenant(Path folder, ArchiveManifest manifest, boolean outside) {

  /** Requires all. */
  public StagedTenant {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(manifest, "manifest");
  }

  /** One that was made here. */
  public StagedTenant(Path folder, ArchiveManifest manifest) {
    this(folder, manifest, false);
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
