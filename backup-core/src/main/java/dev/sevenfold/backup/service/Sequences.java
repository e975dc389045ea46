package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers the publications of an owner, so that the newest is known whatever a clock says; and
 * notes what archives say of themselves whose records do not, so that no list has to open them
 * again. Used under the owner's lock. Thread-safe.
 *
 * @param describe gives an archive the summary that its record lacks
 */
record Sequences(ArchiveStore store, UnaryOperator<StoredArchive> describe) {

  private static final Logger log = LoggerFactory.getLogger(Sequences.class);

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
      StoredArchive known = complete(archive, unknown);
      greatest = Math.max(greatest, archive.record().sequence().orElse(0));
      greatest = Math.max(greatest, known.sequence().orElse(0));
    }
    unknown.sort(Comparator.comparing(StoredArchive::label));
    for (StoredArchive archive : unknown) {
      greatest = after(greatest);
      OptionalLong given = OptionalLong.of(greatest);
      note(archive, record -> record.withSequence(given));
    }
    return after(greatest);
  }

  private StoredArchive complete(StoredArchive archive, List<StoredArchive> unknown) {
    if (archive.record().summary().isPresent()) {
      return archive;
    }
    StoredArchive known;
    try {
      known = describe.apply(archive);
    } catch (BackupException e) {
      log.debug("{} does not say its number", archive.label(), Printable.failure(e));
      // One that was verified had it noted, if it had any. A label by date says that only its
      // record has one.
      ArchiveRecord record = archive.record();
      if (record.sequence().isEmpty() && !record.verified() && !archive.label().isByDate()) {
        unknown.add(archive);
      }
      return archive;
    }
    ArchiveRecord.Summary summary = known.record().summary().orElseThrow();
    note(archive, record -> record.withSummary(summary));
    return known;
  }

  private void note(StoredArchive archive, UnaryOperator<ArchiveRecord> what) {
    try {
      // Asked anew: somebody may have pinned it since it was listed.
      store.record(archive.label(), what.apply(store.stat(archive.label()).record()));
    } catch (BackupException e) {
      // It counts all the same; the next publication tries again.
      log.warn(
          "What is known of the archive {} could not be noted",
          archive.label(),
          Printable.failure(e));
    }
  }

  /** Whoever may write to the store can note any number; none of them stops a backup. */
  private static long after(long sequence) {
    return sequence == Long.MAX_VALUE ? sequence : sequence + 1;
  }
}
