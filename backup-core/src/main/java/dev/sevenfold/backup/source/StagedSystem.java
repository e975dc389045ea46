package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.ArchiveManifest;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A whole system as it was, laid out in a folder and verified against its manifest: {@code
 * databases/} and {@code trees/}. Immutable; the folder belongs to whoever staged it.
 *
 * @param folder where the archive's entries are
 * @param manifest what they were checked against
 */
public record StagedSystem(Path folder, ArchiveManifest manifest) {

  /** Requires both, and a system's manifest. */
  public StagedSystem {
    Objects.requireNonNull(folder, "folder");
    if (manifest.kind() != ArchiveManifest.Kind.SYSTEM) {
      throw new IllegalArgumentException("An archive of kind " + manifest.kind() + " is no system");
    }
  }

  /** Where the entry with this name is. */
  public Path entry(String entryName) {
    return folder.resolve(entryName);
  }
}
