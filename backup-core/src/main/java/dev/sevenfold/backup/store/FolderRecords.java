package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of the archives of a folder, each in a small file beside its archive. Thread-safe.
 */
final class FolderRecords {

  private static final Logger LOG = LoggerFactory.getLogger(FolderRecords.class);

  /**
   * What an unreadable record is taken for. It may have pinned the archive, and an archive that was
   * kept in vain costs less than one that is gone; whether it is good has to be verified again.
   */
  private static final RecordFile UNREADABLE =
      new RecordFile(ArchiveRecord.NONE.withPinned(true), 0);

  private final Folder folder;
  private final Set<Label> warned = ConcurrentHashMap.newKeySet();

  FolderRecords(Folder folder) {
    this.folder = folder;
  }

  /** The records of those archives that have one. A bad one does not take the others along. */
  Map<Label, RecordFile> read(Collection<Label> labels) throws IOException {
    Map<String, Folder.SmallFile> files =
        folder.readSmall(
            labels.stream().map(ArchiveFileName::recordOf).toList(), RecordFile.MAX_LENGTH);
    Map<Label, RecordFile> records = new HashMap<>();
    for (Label label : labels) {
      Folder.SmallFile file = files.get(ArchiveFileName.recordOf(label));
      if (file != null) {
        records.put(label, parse(label, file));
      }
    }
    return records;
  }

  private RecordFile parse(Label label, Folder.SmallFile file) {
    try {
      RecordFile record = RecordFile.read(file.bytes());
      warned.remove(label);
      return record;
    } catch (IOException e) {
      if (warned.add(label)) {
        LOG.warn(
            "{} in {} cannot be read ({}). The archive is treated as pinned and not verified until"
                + " it is recorded again",
            ArchiveFileName.recordOf(label),
            folder.describe(),
            e.toString());
      }
      return UNREADABLE;
    }
  }

  /** Replaces the record of an archive whose file has so many bytes. Durable once this returns. */
  void write(Label label, ArchiveRecord record, long sizeBytes) throws IOException {
    folder.replace(ArchiveFileName.recordOf(label), new RecordFile(record, sizeBytes).write());
  }

  /** Removes a record, if there is one. Not yet synced. */
  void delete(Label label) throws IOException {
    folder.remove(ArchiveFileName.recordOf(label));
  }
}
