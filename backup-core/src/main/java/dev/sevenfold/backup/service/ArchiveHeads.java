package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.ArchiveHead;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveRecord.Summary;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The heads of archives, and whether they say what was recorded: the one place where a record is
 * believed, and where it is checked. Thread-safe.
 */
record ArchiveHeads(ArchiveStore store, ArchiveReader reader) {

  /** The archive with a summary: that of its record, or else what its head says. */
  StoredArchive described(StoredArchive archive) {
    return archive.record().summary().isPresent()
        ? archive
        : recorded(archive, read(archive.label()));
  }

  ArchiveHead read(Label label) {
    try (InputStream in = store.open(label)) {
      return reader.readHead(in);
    } catch (IOException e) {
      throw unavailable(label, e);
    }
  }

  static StoreUnavailable unavailable(Label label, IOException e) {
    return new StoreUnavailable(
        "The archive " + label + " could not be read: " + e.getMessage(), "Try again", e);
  }

  /** What an archive says that is {@link #described}. */
  static Summary summary(StoredArchive described) {
    return described.record().summary().orElseThrow();
  }

  /**
   * An archive that is {@link #described} as its owner sees it.
   *
   * @throws ArchiveCorrupt if it is another owner's than its label says
   */
  static RestorePoint point(StoredArchive archive) {
    Summary summary = summary(archive);
    requireOwn(archive.label(), summary);
    return new RestorePoint(
        archive.label(),
        summary.owner(),
        summary.capturedAt(),
        archive.sizeBytes(),
        archive.record().verified(),
        archive.record().pinned(),
        archive.record().hold(),
        summary.digest(),
        summary.lack(),
        archive.sequence());
  }

  private static void requireOwn(Label label, Summary summary) {
    if (!ArchiveOwner.of(label).equals(summary.owner())) {
      throw new ArchiveCorrupt(
          "The archive labelled "
              + label
              + " is of "
              + summary.owner().tenant().map(id -> "tenant " + id).orElse("the whole system"),
          "Somebody renamed it; import it again under its own tenant");
    }
  }

  /** The archive with what its head says, if that is what its record says, as far as it does. */
  static StoredArchive recorded(StoredArchive archive, ArchiveHead head) {
    Label label = archive.label();
    ArchiveRecord record = archive.record();
    Summary found = Summary.of(head);
    Optional<Summary> expected = record.summary();
    if (expected.isPresent() && !expected.get().isOfSameArchive(found)) {
      throw other(label, expected.get().toString(), found);
    }
    requireOwn(label, found);
    // Without a summary the number of what was verified tells it from what was copied over it.
    OptionalLong noted = record.sequence();
    boolean isNumbered = noted.isPresent() && !label.isByDate();
    if (expected.isEmpty() && isNumbered && record.verified() && !noted.equals(found.sequence())) {
      throw other(label, "one with the number " + noted.getAsLong(), found);
    }
    return new StoredArchive(label, archive.sizeBytes(), record.withSummary(found));
  }

  private static ArchiveCorrupt other(Label label, String expected, Summary found) {
    return new ArchiveCorrupt(
        "The archive labelled %s is not the one that was recorded: expected %s, found %s"
            .formatted(label, expected, found),
        "Somebody put another archive in its place; bring the right one back from a copy. If it is"
            + " the record that is wrong, remove that and verify the archive");
  }

  /** The head of the archive that has this digest, and of no other one. */
  ArchiveHead read(Label label, ArchiveDigest digest) {
    ArchiveHead head = read(label);
    requireDigest(label, digest, Summary.of(head));
    return head;
  }

  static void requireDigest(Label label, ArchiveDigest expected, Summary found) {
    if (!found.digest().equals(expected)) {
      throw other(label, "one with the digest " + expected, found);
    }
  }
}
