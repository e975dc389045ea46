package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.util.List;
import java.util.TreeMap;

/**
 * Archives of several places as one list: each as the first place has it that has it, and pinned if
 * any of them says so, for a place may have missed a pin while it did not answer; a sequence, too.
 * Use from one thread.
 */
final class MergedArchives {

  private final TreeMap<Label, StoredArchive> archives = new TreeMap<>();

  /** Adds what a place has; the places in their order. */
  void add(StoredArchive archive) {
    archives.merge(archive.label(), archive, MergedArchives::merged);
  }

  private static StoredArchive merged(StoredArchive first, StoredArchive other) {
    return new StoredArchive(
        first.label(), first.sizeBytes(), merged(first.marks(), other.marks()));
  }

  /** The marks of the first place, with what it may have missed and another one has. */
  static Marks merged(Marks first, Marks other) {
    return first
        .withPinned(first.pinned() || other.pinned())
        .withSequence(first.sequence().isPresent() ? first.sequence() : other.sequence());
  }

  /** By label, ascending. */
  List<StoredArchive> all() {
    return List.copyOf(archives.values());
  }
}
