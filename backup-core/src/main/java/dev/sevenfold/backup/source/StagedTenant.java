package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ListedReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A tenant as it was, laid out in scratch space and verified against its manifest: {@code
 * tenant.sqlite3} and {@code files/}. Immutable; the folder belongs to whoever staged it.
 *
 * @param folder where the archive's entries are
 * @param manifest what they were checked against
 * @param outside whether somebody sent it in and nothing says who made it, so that what it says of
 *     the time when it was made proves nothing
 * @param toOthers of one from outside: the references to other owners' rows that the tenant's
 *     archives list which were made here
 */
public record StagedTenant(
    Path folder, ArchiveManifest manifest, boolean outside, List<ListedReference> toOthers) {

  /** Requires all parts and copies the list. */
  public StagedTenant {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(manifest, "manifest");
    toOthers = List.copyOf(toOthers);
  }

  /** One that was made here. */
  public StagedTenant(Path folder, ArchiveManifest manifest) {
    this(folder, manifest, false, List.of());
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
