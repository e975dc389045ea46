package dev.sevenfold.backup.retention;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.SystemPlace;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How much an archive lacks of what it should hold, from little to much. One that lacks more never
 * makes one go that lacks less: the archives of an unmounted disk must not push out those that were
 * made before.
 */
public enum Lack {
  /** Every file is there that a row names. */
  NOTHING,
  /** Some files were not there. */
  SOME,
  /**
   * More than half of a tenant's files were not there; or of a system a whole tree had no file or
   * had lost most of them, or a database no row.
   */
  MOST;

  /** What the archive of this manifest lacks. */
  public static Lack of(ArchiveManifest manifest) {
    if (manifest.missing().isEmpty()) {
      return NOTHING;
    }
    Set<String> wholeParts =
        manifest.places().stream().map(SystemPlace::entryName).collect(Collectors.toSet());
    boolean most =
        manifest.kind() == ArchiveManifest.Kind.SYSTEM
            ? manifest.missing().stream().anyMatch(wholeParts::contains)
            // Beside the files there is the database.
            : manifest.missing().size() > manifest.entries().size() - 1;
    return most ? MOST : SOME;
  }
}
