package dev.sevenfold.backup.report;

import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;

/**
 * An archive that does not say whose it is and of when: its beginning is damaged, it is signed or
 * encrypted with a key that is not there, or the store answers an error for it. It is known by its
 * label alone, which may be wrong. It counts for nothing: retention neither keeps others for it nor
 * deletes it, and no restore takes it. But an undo is refused as long as it may be what the last
 * restore is taken back with. Immutable.
 *
 * @param label the name it is kept under
 * @param sizeBytes its length in the store
 * @param record what is known of it beside its content
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
    // A verification notes the sequence of what has one: this one has none, as far as anybody
    // knows. The others are compared by what they are called, and only if that says so, too, it is
    // older.
    return !record.verified() || !label.stampedAt().isBefore(point.label().stampedAt());
  }
}
