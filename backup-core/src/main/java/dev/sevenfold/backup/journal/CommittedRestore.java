package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A restore whose rows are committed, and what is left to be done about it. Immutable.
 *
 * @param journal as it is now; empty of a database in memory
 * @param unfinished what could not be done after the commit: the next one who has the tenant's lock
 *     does it
 */
public record CommittedRestore(
    DurableFiles disk, Optional<RestoreJournal> journal, List<String> unfinished) {

  public CommittedRestore {
    unfinished = List.copyOf(unfinished);
  }

  /** Writes down that one more safety archive, of this instant, belongs to the restore. */
  public void announce(Instant capturedAt) {
    journal.ifPresent(noted -> RestoreCommit.note(disk, noted.withSafety(capturedAt)));
  }

  /** Removes the journal: the store says of the safety archives what became of the restore. */
  public void forget() throws IOException {
    if (journal.isPresent()) {
      disk.delete(journal.get().file());
      disk.sync();
    }
  }
}
