package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.FolderLayout.Kind;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the archives among the files of a folder. Thread-safe. */
final class FolderListing {

  /**
   * The file of an archive.
   *
   * @param place what stands before the names of the archive's files
   * @param file its name without that
   * @param size how many bytes it has
   */
  record Found(String place, String file, long size) {
    String name() {
      return place + file;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(FolderListing.class);

  private static final String OF_ANOTHER =
      "has the label of another archive and is not listed; give it a label of its own";

  /** So many are held as what was read of them, however many there are; the rest as values. */
  private static final int AT_A_TIME = 4096;

  /** So many folders are left out of a list of all; with more, the list fails. */
  private static final int SILENT_AT_MOST = 20;

  private final Folder folder;
  private final FolderLayout layout;
  private final FolderRecords records;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  FolderListing(Folder folder, FolderLayout layout, FolderRecords records) {
    this.folder = folder;
    this.layout = layout;
    this.records = records;
  }

  /**
   * The owner's archives, and what is named like one of them and is none. Where all owners are
   * asked for, the folder of one that cannot be listed keeps no other from it, and is said to be
   * silent.
   */
  Listing list(ArchiveOwner owner) throws IOException {
    Kind kind = layout.current();
    List<Listing.Silent> silent = new ArrayList<>();
    Listing found = listing(kind, files(kind, owner, silent));
    requireStill(!found.archives().isEmpty());
    return new Listing(found.archives(), silent, found.unreadable());
  }

  /** Nothing is what a disk has that was unmounted since. */
  private void requireStill(boolean found) throws IOException {
    if (!found) {
      layout.requireStill();
    }
  }

  private Map<String, Folder.Entry> files(
      Kind kind, ArchiveOwner owner, List<Listing.Silent> silent) throws IOException {
    Predicate<String> archives =
        name -> ArchiveFileName.labelOf(name).filter(owner::owns).isPresent();
    Map<String, Folder.Entry> files = new HashMap<>();
    if (!owner.equals(ArchiveOwner.anyone())) {
      if (kind != Kind.BY_OWNER) {
        files.putAll(folder.list(FolderLayout.ROOT, archives));
      }
      Optional<String> own = ArchiveFileName.folderOf(owner);
      files.putAll(folder.list(own.stream().toList(), archives));
      return files;
    }
    Predicate<String> folders = ArchiveFileName::isFolderOfOwner;
    files.putAll(folder.list(FolderLayout.ROOT, archives.or(folders)));
    // What has left the root while that was listed may be in a folder that was not there then. As
    // long as the layout is another one, nothing has.
    boolean leaving = kind == Kind.CONVERTING || layout.current() != kind;
    List<String> owners = foldersAmong(leaving ? folder.list(FolderLayout.ROOT, folders) : files);
    files.putAll(listEach(owners, archives, silent));
    return files;
  }

  /** As many at a time as can be listed; those that cannot are looked for by halves. */
  private Map<String, Folder.Entry> listEach(
      List<String> folders, Predicate<String> wanted, List<Listing.Silent> silent)
      throws IOException {
    try {
      return folder.list(folders, wanted);
    } catch (IOException e) {
      requireAnswer(e);
      return listHalves(folders, wanted, e, silent);
    }
  }

  /** Or it is the store itself that does not answer. */
  private void requireAnswer(IOException failure) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    folder.list(FolderLayout.ROOT, name -> false);
  }

  /** Of folders that cannot be listed together. The root was looked at: once is enough. */
  private Map<String, Folder.Entry> listHalves(
      List<String> folders,
      Predicate<String> wanted,
      IOException failure,
      List<Listing.Silent> silent)
      throws IOException {
    if (folders.size() == 1) {
      silent.add(silent(folders.get(0), failure));
      requireFew(silent);
      return Map.of();
    }
    Map<String, Folder.Entry> found = new HashMap<>();
    int half = folders.size() / 2;
    for (List<String> some :
        List.of(folders.subList(0, half), folders.subList(half, folders.size()))) {
      try {
        found.putAll(folder.list(some, wanted));
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        found.putAll(listHalves(some, wanted, e, silent));
      }
    }
    return found;
  }

  /** Where many do not answer it is the store that is to be mended; each costs several requests. */
  private void requireFew(List<Listing.Silent> silent) {
    if (silent.size() > SILENT_AT_MOST) {
      StoreUnavailable first = silent.get(0).why();
      throw new StoreUnavailable(
          "More than %d folders of owners could not be listed in %s, the first of them: %s"
              .formatted(SILENT_AT_MOST, folder.describe(), first.what()),
          first.advice(),
          first);
    }
  }

  private Listing.Silent silent(String owner, IOException failure) {
    String place = folder.describe() + "/" + owner;
    BackupException why = folder.explain("Archives could not be listed in " + place, failure);
    if (why instanceof StoreUnavailable unavailable) {
      return new Listing.Silent(place, true, unavailable, Optional.of(owner));
    }
    throw why;
  }

  private List<String> foldersAmong(Map<String, Folder.Entry> entries) {
    List<String> folders = new ArrayList<>();
    entries.forEach(
        (name, entry) -> {
          // An id may make the name of a folder look like that of a file.
          boolean file = entry.regular() && ArchiveFileName.isOwn(name);
          if (ArchiveFileName.isFolderOfOwner(name) && !file) {
            if (entry.folder()) {
              folders.add(name);
            } else {
              warnOnce(name, "is no folder and is not looked into; put the folder itself there");
            }
          }
        });
    return folders;
  }

  /** The archive with this label. */
  Optional<StoredArchive> find(Label label) throws IOException {
    Kind kind = layout.current();
    Map<String, Folder.Entry> files = new HashMap<>(folder.stat(names(kind, label)));
    Optional<StoredArchive> found = listing(kind, files).archives().stream().findFirst();
    requireStill(found.isPresent());
    return found;
  }

  /** Takes out of {@code listed} what is done with. */
  private Listing listing(Kind kind, Map<String, Folder.Entry> listed) throws IOException {
    Set<Label> labels = new TreeSet<>();
    listed.keySet().forEach(name -> ArchiveFileName.labelOf(name).ifPresent(labels::add));
    List<Label> sorted = List.copyOf(labels);
    labels.clear();
    List<StoredArchive> archives = new ArrayList<>();
    List<Listing.Unreadable> unreadable = new ArrayList<>();
    for (int from = 0; from < sorted.size(); from += AT_A_TIME) {
      List<Label> some = sorted.subList(from, Math.min(from + AT_A_TIME, sorted.size()));
      add(kind, some, listed, archives, unreadable);
      some.forEach(label -> names(Kind.FLAT, label).forEach(listed::remove));
    }
    return new Listing(archives, List.of(), unreadable);
  }

  private void add(
      Kind kind,
      List<Label> labels,
      Map<String, Folder.Entry> listed,
      List<StoredArchive> archives,
      List<Listing.Unreadable> unreadable)
      throws IOException {
    Map<Label, Found> found = new TreeMap<>();
    List<Label> elsewhere = chosen(kind, labels, listed, found);
    Map<String, Folder.Entry> files = new HashMap<>();
    if (!elsewhere.isEmpty()) {
      // They may have moved, or have a folder under a name that only this file system knows.
      files.putAll(listed);
      files.putAll(
          folder.stat(elsewhere.stream().flatMap(label -> names(kind, label).stream()).toList()));
      chosen(kind, elsewhere, files, found);
    }
    found.keySet().forEach(label -> warnOfMisplaced(kind, label, listed));
    Map<Label, RecordFile> known =
        records.read(
            labels,
            label -> {
              // What lies in its folder has its record there, and nowhere else.
              List<String> all = kind.places(label);
              Found file = found.get(label);
              return file == null ? all : all.subList(all.indexOf(file.place()), all.size());
            });
    archives.addAll(archives(kind, found, known));
    elsewhere.stream()
        .filter(label -> !found.containsKey(label))
        .map(
            label ->
                new Listing.Unreadable(
                    label,
                    known.getOrDefault(label, RecordFile.NONE).record(),
                    problem(kind, label, files)))
        .forEach(unreadable::add);
  }

  /** Adds the files of those labels that have one; gives the others. */
  private List<Label> chosen(
      Kind kind,
      Collection<Label> labels,
      Map<String, Folder.Entry> files,
      Map<Label, Found> found) {
    List<Label> without = new ArrayList<>();
    for (Label label : labels) {
      choose(kind, label, files)
          .ifPresentOrElse(file -> found.put(label, file), () -> without.add(label));
    }
    return without;
  }

  /** Of those that nothing hides, the listing tells. */
  private void warnOfMisplaced(Kind kind, Label label, Map<String, Folder.Entry> listed) {
    if (kind == Kind.BY_OWNER) {
      ArchiveFileName.SUFFIXES.stream()
          .map(suffix -> label.value() + suffix)
          .filter(listed::containsKey)
          .forEach(file -> warnOnce(file, OF_ANOTHER));
    }
  }

  private static String problem(Kind kind, Label label, Map<String, Folder.Entry> files) {
    return names(kind, label).stream().anyMatch(files::containsKey)
        ? "it is a link or a folder, not a file of the store"
        : "it does not lie in the folder "
            + ArchiveFileName.folderOf(label)
            + "; move it there, or convert the store to take it in";
  }

  /** An archive that is deleted loses its record last: one without is looked for once more. */
  private List<StoredArchive> archives(
      Kind kind, Map<Label, Found> found, Map<Label, RecordFile> known) throws IOException {
    List<String> unrecorded =
        found.entrySet().stream()
            .filter(archive -> !known.containsKey(archive.getKey()))
            .flatMap(archive -> names(kind, archive.getKey(), archive.getValue().file()))
            .toList();
    Set<String> still = folder.stat(unrecorded).keySet();
    List<StoredArchive> archives = new ArrayList<>();
    found.forEach(
        (label, file) -> {
          if (known.containsKey(label)
              || names(kind, label, file.file()).anyMatch(still::contains)) {
            ArchiveRecord of = known.getOrDefault(label, RecordFile.NONE).of(file.size());
            archives.add(new StoredArchive(label, file.size(), of));
          }
        });
    return archives;
  }

  /** The file of the archive with this label. */
  Optional<Found> file(Label label) throws IOException {
    Optional<Found> found = file(layout.current(), label);
    requireStill(found.isPresent());
    return found;
  }

  /** As the one above, where the layout is known. */
  Optional<Found> file(Kind kind, Label label) throws IOException {
    return choose(kind, label, folder.stat(names(kind, label)));
  }

  /** Whether any file stands in the way of an archive with this label, be it in the wrong place. */
  boolean isTaken(Label label) throws IOException {
    return !folder.stat(names(Kind.FLAT, label)).isEmpty();
  }

  /** Whether there is anything of an archive with this label, be it only its record. */
  boolean isThere(Label label) throws IOException {
    Kind kind = layout.current();
    boolean there =
        !folder
            .stat(
                Stream.concat(
                        names(kind, label).stream(),
                        names(kind, label, ArchiveFileName.recordOf(label)))
                    .toList())
            .isEmpty();
    requireStill(there);
    return there;
  }

  private static List<String> names(Kind kind, Label label) {
    return ArchiveFileName.SUFFIXES.stream()
        .flatMap(suffix -> names(kind, label, label.value() + suffix))
        .toList();
  }

  private static Stream<String> names(Kind kind, Label label, String file) {
    return kind.places(label).stream().map(place -> place + file);
  }

  private Optional<Found> choose(Kind kind, Label label, Map<String, Folder.Entry> files) {
    Optional<Found> chosen = Optional.empty();
    for (String suffix : ArchiveFileName.SUFFIXES) {
      String file = label.value() + suffix;
      for (String place : kind.places(label)) {
        Folder.Entry entry = files.get(place + file);
        if (entry == null) {
          continue;
        }
        if (!entry.regular()) {
          warnOnce(
              place + file, "is not an ordinary file and is no archive; put the file itself there");
        } else if (chosen.isEmpty()) {
          chosen = Optional.of(new Found(place, file, entry.sizeBytes()));
        } else if (!chosen.get().file().equals(file)) { // or it is being moved
          warnOnce(place + file, OF_ANOTHER);
        }
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
