package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of the archives of a folder, each in a small file beside its archive. Thread-safe.
 */
final class FolderRecords {

  private static final Logger LOG = LoggerFactory.getLogger(FolderRecords.class);

  /**
   * What an unreadable record is taken for. It may have pinned the archive, and an archive that was
   * kept in vain costs less than one that is gone; whether it is good has to be verified again, and
   * whether it came from outside nobody knows.
   */
  private static final RecordFile UNREADABLE =
      new RecordFile(ArchiveRecord.NONE.withPinned(true), 0);

  private final Folder folder;
  private final Set<Label> warned = ConcurrentHashMap.newKeySet();

  FolderRecords(Folder folder) {
    this.folder = folder;
  }

  /**
   * The records of those archives that have one. A bad one does not take the others along.
   *
   * @param places what stands before the names of a label's files: the first that is there counts
   */
  Map<Label, RecordFile> read(Collection<Label> labels, Function<Label, List<String>> places)
      throws IOException {
    Map<Label, RecordFile> records = new HashMap<>();
    List<Label> missing = List.copyOf(labels);
    // All of one place before any of the next: most are in the first.
    for (int place = 0; !missing.isEmpty(); place++) {
      Map<String, Label> names = new LinkedHashMap<>();
      for (Label label : missing) {
        List<String> all = places.apply(label);
        if (place < all.size()) {
          names.put(name(all.get(place), label), label);
        }
      }
      folder
          .readSmall(names.keySet(), RecordFile.MAX_LENGTH)
          .forEach(
              (name, file) -> {
                Label label = Objects.requireNonNull(names.get(name), name);
                records.put(label, parse(label, file));
              });
      missing = names.values().stream().filter(label -> !records.containsKey(label)).toList();
    }
    return records;
  }

  private static String name(String place, Label label) {
    return place + ArchiveFileName.recordOf(label);
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
  void write(String place, Label label, ArchiveRecord record, long sizeBytes) throws IOException {
    folder.replace(name(place, label), new RecordFile(record, sizeBytes).write());
  }

  /**
   * Writes the record of an archive that is about to get its name, if it has one, and leaves
   * nothing of one whose archive somebody removed by hand.
   */
  void begin(FolderLayout.Kind kind, StoredArchive archive) throws IOException {
    Label label = archive.label();
    boolean isRecorded = !archive.record().equals(ArchiveRecord.NONE);
    for (String place : kind.places(label)) {
      if (isRecorded && place.equals(kind.placeOfNew(label))) {
        write(place, label, archive.record(), archive.sizeBytes());
      } else {
        delete(place, label);
      }
    }
  }

  /** Removes the record of a label wherever it may be. Not yet synced. */
  void delete(FolderLayout.Kind kind, Label label) throws IOException {
    for (String place : kind.places(label)) {
      delete(place, label);
    }
  }

  /** Removes a record, if there is one. Not yet synced. */
  void delete(String place, Label label) throws IOException {
    folder.remove(name(place, label));
  }

  /**
   * Puts the record of one place, or none, in the place of that in another. What is no file of a
   * record is carried as what it is taken for; what cannot be read now is not carried.
   *
   * @param file what is there; null if nothing is
   */
  void carry(String from, Folder.@Nullable Entry file, String to, Label label) throws IOException {
    if (file == null) {
      delete(to, label);
    } else if (!file.regular() || file.sizeBytes() > RecordFile.MAX_LENGTH) {
      folder.replace(name(to, label), UNREADABLE.write());
    } else {
      String name = name(from, label);
      Folder.SmallFile small = folder.readSmall(List.of(name), RecordFile.MAX_LENGTH).get(name);
      if (small == null) {
        throw new NoSuchFileException(name);
      }
      folder.replace(name(to, label), small.bytes());
    }
  }
}
