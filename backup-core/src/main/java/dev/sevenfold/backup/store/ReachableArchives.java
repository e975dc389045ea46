package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What those places of a {@link MirroredArchiveStore} have that answered. Immutable.
 *
 * @param archives by label, ascending; complete if every place answered
 * @param silentPlaces those of the mirror's places that did not answer
 * @param silence which did not answer, and why; empty if all did
 */
public record ReachableArchives(
    List<StoredArchive> archives,
    List<ArchiveStore> silentPlaces,
    Optional<StoreUnavailable> silence) {

  /** Requires all parts and copies the lists. */
  public ReachableArchives {
    archives = List.copyOf(archives);
    silentPlaces = List.copyOf(silentPlaces);
    Objects.requireNonNull(silence, "silence");
    if (silentPlaces.isEmpty() != silence.isEmpty()) {
      throw new IllegalArgumentException(
          silentPlaces.size() + " places did not answer, and the reason is " + silence);
    }
  }
}
