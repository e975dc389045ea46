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
final class FolderMarks {

  private static final Logger LOG = LoggerFactory.getLogger(FolderMarks.class);

  /**
   * What unreadable marks are taken for. They may have pinned the archive, and an archive that was
   * kept in vain costs less than one that is gone; whether it is good has to be proven again.
   */
  private static final Marks UNREADABLE = Marks.NONE.withPinned(true);

  private final Folder folder;
  private final Set<Label> warned = ConcurrentHashMap.newKeySet();

  FolderMarks(Folder folder) {
    this.folder = folder;
  }

  /** The marks of those archives that have any. One bad file does not take the others along. */
  Map<Label, Marks> read(Collection<Label> labels) throws IOException {
    Map<String, Folder.SmallFile> files =
        folder.readSmall(
            labels.stream().map(ArchiveFileName::marksOf).toList(), MarksFile.MAX_LENGTH);
    Map<Label, Marks> marks = new HashMap<>();
    for (Label label : labels) {
      Folder.SmallFile file = files.get(ArchiveFileName.marksOf(label));
      if (file != null) {
        marks.put(label, parse(label, file));
      }
    }
    return marks;
  }

  private Marks parse(Label label, Folder.SmallFile file) {
    try {
      Marks marks = MarksFile.read(file.bytes());
      warned.remove(label);
      return marks;
    } catch (IOException e) {
      if (warned.add(label)) {
        LOG.warn(
            "{} in {} cannot be read ({}). The archive is treated as pinned and not proven until it"
                + " is marked again",
            ArchiveFileName.marksOf(label),
            folder.describe(),
            e.toString());
      }
      return UNREADABLE;
    }
  }

  /** Replaces the marks of an archive. Durable once this returns. */
  void write(Label label, Marks marks) throws IOException {
    folder.replace(ArchiveFileName.marksOf(label), MarksFile.write(marks));
  }

  /** Removes marks, if there are any. Not yet synced. */
  void delete(Label label) throws IOException {
    folder.remove(ArchiveFileName.marksOf(label));
  }
}
