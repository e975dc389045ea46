package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.EntryPlaces;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A whole system as it was, laid out in a folder and verified against its manifest: {@code
 * databases/} and {@code trees/}. Immutable; the folder belongs to whoever staged it.
 *
 * @param places where the archive's entries are
 * @param manifest what they were checked against
 */
public record StagedSystem(EntryPlaces places, ArchiveManifest manifest) {

  /** Requires both, and a system's manifest. */
  public StagedSystem {
    Objects.requireNonNull(places, "places");
    if (manifest.kind() != ArchiveManifest.Kind.SYSTEM) {
      throw new IllegalArgumentException("An archive of kind " + manifest.kind() + " is no system");
    }
  }

  /** All of it in one folder. */
  public StagedSystem(Path folder, ArchiveManifest manifest) {
    this(EntryPlaces.in(folder), manifest);
  }

  /** Where the entries are that are not elsewhere. */
  public Path folder() {
    return places.folder();
  }

  /** Where the entry with this name is. */
  public Path entry(String entryName) {
    return places.of(entryName);
  }
}
