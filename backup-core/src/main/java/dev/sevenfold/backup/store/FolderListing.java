package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the archives among the files of a folder. Thread-safe. */
final class FolderListing {

  /**
   * The file of an archive.
   *
   * @param name its name in the folder
   * @param size how many bytes it has
   */
  record Found(String name, long size) {}

  private static final Logger LOG = LoggerFactory.getLogger(FolderListing.class);

  private final Folder folder;
  private final FolderRecords records;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  FolderListing(Folder folder, FolderRecords records) {
    this.folder = folder;
    this.records = records;
  }

  /** The owner's archives, and what is named like one of them and is none. */
  Listing list(ArchiveOwner owner) throws IOException {
    return listing(
        folder.list(name -> ArchiveFileName.labelOf(name).filter(owner::owns).isPresent()));
  }

  /** The archive with this label. */
  Optional<StoredArchive> find(Label label) throws IOException {
    return listing(folder.stat(names(label))).archives().stream().findFirst();
  }

  private Listing listing(Map<String, Folder.Entry> files) throws IOException {
    Set<Label> labels = new TreeSet<>();
    files.keySet().forEach(name -> ArchiveFileName.labelOf(name).ifPresent(labels::add));
    Map<Label, Found> found = new TreeMap<>();
    labels.forEach(label -> choose(label, files).ifPresent(file -> found.put(label, file)));
    Map<Label, RecordFile> known = records.read(labels);
    List<StoredArchive> archives = archives(found, known);
    labels.removeAll(found.keySet());
    List<Listing.Unreadable> unreadable =
        labels.stream()
            .map(
                label ->
                    new Listing.Unreadable(
                        label,
                        known.getOrDefault(label, RecordFile.NONE).record(),
                        "it is a link or a folder, not a file of the store"))
            .toList();
    return new Listing(archives, List.of(), unreadable);
  }

  /** An archive that is deleted loses its record last: one without is looked for once more. */
  private List<StoredArchive> archives(Map<Label, Found> found, Map<Label, RecordFile> known)
      throws IOException {
    List<String> unrecorded =
        found.entrySet().stream()
            .filter(archive -> !known.containsKey(archive.getKey()))
            .map(archive -> archive.getValue().name())
            .toList();
    Set<String> still = folder.stat(unrecorded).keySet();
    List<StoredArchive> archives = new ArrayList<>();
    found.forEach(
        (label, file) -> {
          if (known.containsKey(label) || still.contains(file.name())) {
            ArchiveRecord of = known.getOrDefault(label, RecordFile.NONE).of(file.size());
            archives.add(new StoredArchive(label, file.size(), of));
          }
        });
    return archives;
  }

  /** The file of the archive with this label. */
  Optional<Found> file(Label label) throws IOException {
    return choose(label, folder.stat(names(label)));
  }

  /** Whether any file stands in the way of an archive with this label. */
  boolean isTaken(Label label) throws IOException {
    return !folder.stat(names(label)).isEmpty();
  }

  /** Whether there is anything of an archive with this label, be it only its record. */
  boolean isThere(Label label) throws IOException {
    return !folder
        .stat(
            Stream.concat(names(label).stream(), Stream.of(ArchiveFileName.recordOf(label)))
                .toList())
        .isEmpty();
  }

  private static List<String> names(Label label) {
    return ArchiveFileName.SUFFIXES.stream().map(suffix -> label.value() + suffix).toList();
  }

  private Optional<Found> choose(Label label, Map<String, Folder.Entry> files) {
    Optional<Found> chosen = Optional.empty();
    for (String name : names(label)) {
      Folder.Entry file = files.get(name);
      if (file == null) {
        continue;
      }
      if (!file.regular()) {
        warnOnce(name, "is not an ordinary file and is no archive; put the file itself there");
      } else if (chosen.isPresent()) {
        warnOnce(
            name, "has the label of another archive and is not listed; give it a label of its own");
      } else {
        chosen = Optional.of(new Found(name, file.sizeBytes()));
      }
    }
    return chosen;
  }

  private void warnOnce(String name, String problem) {
    if (warned.add(name)) {
      LOG.warn("{} in {} {}", name, folder.describe(), problem);
    }
  }
}
