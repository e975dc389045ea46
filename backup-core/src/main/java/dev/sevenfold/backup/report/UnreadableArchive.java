package dev.sevenfold.backup.report;

import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;

/**
 * An archive that does not say whose it is and of when, and whose record does not either: its
 * beginning is damaged, it is signed or encrypted with a key that is not there, or the store
 * answers an error for it. It is known by its label alone, which may be wrong. It counts for
 * nothing: retention neither keeps others for it nor deletes it, and no restore takes it. But an
 * undo is refused as long as it may be what the last restore is taken back with. Immutable.
 *
 * @param label the name it is kept under
 * @param sizeBytes its length in the store
 * @param record what is known of it all the same
 * @param reason why it cannot be read
 */
public record UnreadableArchive(Label label, long sizeBytes, ArchiveRecord record, String reason) {

  /** Requires all parts. */
  public UnreadableArchive {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(record, "record");
    Objects.requireNonNull(reason, "reason");
  }

  /** Whether somebody pinned it. */
  public boolean pinned() {
    return record.pinned();
  }

  /** Whether it was, or may have been, published after this archive. */
  public boolean mayBeNewerThan(RestorePoint point) {
    if (record.sequence().isPresent()) {
      return record.sequence().getAsLong() >= point.sequence().orElse(0);
    }
    // An archive that was verified has a sequence in its record if its manifest has one. This one
    // is older only if it was verified and has none, and its label says that it is older too.
    return !record.verified() || !label.stampedAt().isBefore(point.label().stampedAt());
  }
}
