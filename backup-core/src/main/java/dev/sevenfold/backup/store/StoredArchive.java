package dev.sevenfold.backup.store;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One archive as a store lists it. Immutable.
 *
 * @param label its name
 * @param sizeBytes its length as it is stored
 * @param record what is known of it without opening it
 */
public record StoredArchive(Label label, long sizeBytes, ArchiveRecord record) {

  /** Requires all parts. */
  public StoredArchive {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(record, "record");
    if (sizeBytes < 0) {
      throw new IllegalArgumentException(
          "Archive " + label + " cannot have " + sizeBytes + " bytes");
    }
  }

  /**
   * The number of its publication among its owner's; empty if it has none, or none is known.
   *
   * <p>What was imported is labelled by date: its manifest counts among those that it was made
   * with, which may be another store's, and its place here is in the record alone. Of any other
   * archive the manifest counts, where it is known: what the record says may have been noted while
   * the archive could not be read.
   */
  public OptionalLong sequence() {
    return label.isByDate()
        ? record.sequence()
        : record.summary().map(ArchiveRecord.Summary::sequence).orElse(record.sequence());
  }

  /**
   * Whether it came in from outside, neither signed nor known here, because somebody consented:
   * what it says of other tenants is not believed. So is what an earlier version imported, which
   * did not ask.
   */
  public boolean untrusted() {
    return label.isByDate() && !record.trusted();
  }

  /** The digest that a store remembers when the archive is deleted. */
  public Optional<ArchiveDigest> remembered() {
    // What says that it is another's than its label is nobody's.
    return record
        .summary()
        .filter(known -> !untrusted() && known.owner().equals(ArchiveOwner.of(label)))
        .map(ArchiveRecord.Summary::digest);
  }
}
