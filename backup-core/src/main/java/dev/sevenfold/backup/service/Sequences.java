package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers the publications of an owner, so that the newest is known whatever a clock says. Used
 * under the owner's lock. Thread-safe.
 */
final class Sequences {

  private static final Logger log = LoggerFactory.getLogger(Sequences.class);

  private final ArchiveStore store;
  private final Function<StoredArchive, KnownHead> head;

  /**
   * @param head reads what an archive says of itself
   */
  Sequences(ArchiveStore store, Function<StoredArchive, KnownHead> head) {
    this.store = store;
    this.head = head;
  }

  /** The number of an archive; empty if it is older than numbers are. */
  static OptionalLong of(StoredArchive archive, KnownHead head) {
    // What was imported tells its place among those it was made with, which may be another store's.
    return archive.label().isByDate() ? archive.record().sequence() : head.sequence();
  }

  /**
   * The greatest number of these archives of one owner, and one. What cannot be read and has no
   * number noted is given one here: from now on it is known to be older than what comes next.
   */
  long next(Listing listing) {
    long greatest =
        listing.unreadable().stream()
            .mapToLong(each -> each.record().sequence().orElse(0))
            .max()
            .orElse(0);
    List<StoredArchive> unknown = new ArrayList<>();
    for (StoredArchive archive : listing.archives()) {
      OptionalLong sequence = archive.record().sequence();
      if (sequence.isEmpty() && !archive.label().isByDate()) {
        sequence = read(archive, unknown);
      }
      greatest = Math.max(greatest, sequence.orElse(0));
    }
    unknown.sort(Comparator.comparing(StoredArchive::label));
    for (StoredArchive archive : unknown) {
      greatest = after(greatest);
      note(archive, greatest);
    }
    return after(greatest);
  }

  private OptionalLong read(StoredArchive archive, List<StoredArchive> unknown) {
    try {
      return head.apply(archive).sequence();
    } catch (BackupException e) {
      log.debug("{} does not say its number", archive.label(), Printable.failure(e));
      // One that was verified had it noted, if it had any.
      if (!archive.record().verified()) {
        unknown.add(archive);
      }
      return OptionalLong.empty();
    }
  }

  private void note(StoredArchive archive, long sequence) {
    try {
      store.record(archive.label(), archive.record().withSequence(OptionalLong.of(sequence)));
    } catch (BackupException e) {
      // It counts all the same; the next publication tries again.
      log.warn(
          "The archive {} could not be given the number {}",
          archive.label(),
          sequence,
          Printable.failure(e));
    }
  }

  /** Whoever may write to the store can note any number; none of them stops a backup. */
  private static long after(long sequence) {
    return sequence == Long.MAX_VALUE ? sequence : sequence + 1;
  }
}
