package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.util.List;
import java.util.TreeMap;

/**
 * Archives of several places as one list: each as the first place has it that has it, and pinned if
 * any of them says so, for a place may have missed a pin while it did not answer. Use from one
 * thread.
 */
final class MergedArchives {

  private final TreeMap<Label, StoredArchive> archives = new TreeMap<>();

  /** Adds what a place has; the places in their order. */
  void add(StoredArchive archive) {
    archives.merge(archive.label(), archive, MergedArchives::pinnedIfAny);
  }

  private static StoredArchive pinnedIfAny(StoredArchive first, StoredArchive other) {
    boolean pinned = first.marks().pinned() || other.marks().pinned();
    return new StoredArchive(first.label(), first.sizeBytes(), first.marks().withPinned(pinned));
  }

  /** By label, ascending. */
  List<StoredArchive> all() {
    return List.copyOf(archives.values());
  }
}
