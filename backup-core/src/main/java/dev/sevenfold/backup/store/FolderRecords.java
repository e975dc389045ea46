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

/** The marks of the archives of a folder, each in a small file beside its archive. Thread-safe. */
final class FolderRecords {

  private static final Logger LOG = LoggerFactory.getLogger(FolderRecords.class);

  /**
   * What unreadable marks are taken for. They may have pinned the archive, and an archive that was
   * kept in vain costs less than one that is gone; whether it is good has to be proven again.
   */
  private static final ArchiveRecord UNREADABLE = ArchiveRecord.NONE.withPinned(true);

  private final Folder folder;
  private final Set<Label> warned = ConcurrentHashMap.newKeySet();

  FolderRecords(Folder folder) {
    this.folder = folder;
  }

  /** The marks of those archives that have any. One bad file does not take the others along. */
  Map<Label, ArchiveRecord> read(Collection<Label> labels) throws IOException {
    Map<String, Folder.SmallFile> files =
        folder.readSmall(
            labels.stream().map(ArchiveFileName::recordOf).toList(), RecordFile.MAX_LENGTH);
    Map<Label, ArchiveRecord> records = new HashMap<>();
    for (Label label : labels) {
      Folder.SmallFile file = files.get(ArchiveFileName.recordOf(label));
      if (file != null) {
        records.put(label, parse(label, file));
      }
    }
    return records;
  }

  private ArchiveRecord parse(Label label, Folder.SmallFile file) {
    try {
      ArchiveRecord record = RecordFile.read(file.bytes());
      warned.remove(label);
      return record;
    } catch (IOException e) {
      if (warned.add(label)) {
        LOG.warn(
            "{} in {} cannot be read ({}). The archive is treated as pinned and not proven until it"
                + " is marked again",
            ArchiveFileName.recordOf(label),
            folder.describe(),
            e.toString());
      }
      return UNREADABLE;
    }
  }

  /** Replaces the marks of an archive. Durable once this returns. */
  void write(Label label, ArchiveRecord record) throws IOException {
    folder.replace(ArchiveFileName.recordOf(label), RecordFile.write(record));
  }

  /** Removes marks, if there are any. Not yet synced. */
  void delete(Label label) throws IOException {
    folder.remove(ArchiveFileName.recordOf(label));
  }
}
