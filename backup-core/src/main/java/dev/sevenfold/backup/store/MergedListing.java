package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The lists of several replicas as one: each archive as the first replica has it that has it, and
 * pinned if any of them says so, for a replica may have missed a pin while it did not answer; a
 * sequence and a summary, too. Use from one thread.
 */
final class MergedListing {

  private final TreeMap<Label, StoredArchive> archives = new TreeMap<>();
  private final TreeMap<Label, Listing.Unreadable> unreadable = new TreeMap<>();
  private final List<Listing.Silent> silent = new ArrayList<>();

  /** Adds what a replica has; the replicas in their order. */
  void add(StoredArchive archive) {
    archives.merge(archive.label(), archive, MergedListing::merged);
  }

  /** Adds what a replica, which may be a mirror itself, knows. */
  void add(Listing listing, boolean isFirst) {
    listing.archives().forEach(this::add);
    listing.unreadable().forEach(each -> unreadable.putIfAbsent(each.label(), each));
    listing
        .silent()
        .forEach(
            s ->
                silent.add(
                    new Listing.Silent(s.replica(), isFirst && s.first(), s.why(), s.folder())));
  }

  void addSilent(String replica, boolean isFirst, StoreUnavailable why) {
    silent.add(new Listing.Silent(replica, isFirst, why));
  }

  private static StoredArchive merged(StoredArchive first, StoredArchive other) {
    return new StoredArchive(
        first.label(), first.sizeBytes(), merged(first.record(), other.record()));
  }

  /** The record of the first replica, with what it may have missed and another one has. */
  static ArchiveRecord merged(ArchiveRecord first, ArchiveRecord other) {
    return new ArchiveRecord(
        first.verifiedAt(),
        first.pinned() || other.pinned(),
        first.hold().or(other::hold),
        first.trusted() || other.trusted(),
        first.sequence().isPresent() ? first.sequence() : other.sequence(),
        first.summary().or(other::summary));
  }

  /** By label, ascending. */
  List<StoredArchive> archives() {
    return List.copyOf(archives.values());
  }

  /** What one replica cannot read and another one can is no problem of the reader's. */
  Listing listing() {
    return new Listing(
        archives(),
        silent,
        unreadable.values().stream().filter(u -> !archives.containsKey(u.label())).toList());
  }
}
