package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the archives among the files of the folder. Thread-safe. */
final class RemoteListing {

  /**
   * The file of an archive.
   *
   * @param name its name in the folder
   * @param size how many bytes it has
   */
  record Found(String name, long size) {}

  private static final Logger LOG = LoggerFactory.getLogger(RemoteListing.class);

  /** In a folder that never stands still, three looks have to do. */
  private static final int MAX_SCANS = 3;

  private final RemoteFolder folder;
  private final RemoteMarks marks;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  RemoteListing(RemoteFolder folder, RemoteMarks marks) {
    this.folder = folder;
    this.marks = marks;
  }

  /** The owner's archives by label, ascending. */
  List<StoredArchive> list(Sftp sftp, ArchiveOwner owner) throws IOException {
    Map<String, RemoteFile> files = scan(sftp);
    Map<Label, Found> found = new TreeMap<>();
    for (String name : files.keySet()) {
      Optional<Label> label = ArchiveFileName.labelOf(name).filter(owner::owns);
      if (label.isPresent() && !found.containsKey(label.get())) {
        choose(label.get(), files).ifPresent(file -> found.put(label.get(), file));
      }
    }
    Set<Label> marked = marked(sftp, found.keySet(), files);
    Map<Label, Marks> known = marks.readAll(sftp, List.copyOf(marked));
    Set<Label> unmarked = without(found.keySet(), marked);
    Map<String, RemoteFile> still =
        folder.look(
            sftp,
            found.entrySet().stream()
                .filter(entry -> unmarked.contains(entry.getKey()))
                .map(entry -> entry.getValue().name)
                .toList());
    List<StoredArchive> archives = new ArrayList<>();
    for (Map.Entry<Label, Found> entry : found.entrySet()) {
      Label label = entry.getKey();
      Found file = entry.getValue();
      if (known.containsKey(label) || (unmarked.contains(label) && still.containsKey(file.name))) {
        archives.add(new StoredArchive(label, file.size, known.getOrDefault(label, Marks.NONE)));
      } else {
        find(sftp, label).ifPresent(archives::add); // it, or its marks, went elsewhere meanwhile
      }
    }
    return List.copyOf(archives);
  }

  /** Those with marks, also where these came into the folder while it was read. */
  private Set<Label> marked(Sftp sftp, Set<Label> labels, Map<String, RemoteFile> files)
      throws IOException {
    Set<Label> marked = new LinkedHashSet<>(labels);
    marked.removeIf(label -> !files.containsKey(ArchiveFileName.marksOf(label)));
    Set<Label> doubtful = without(labels, marked);
    Map<String, RemoteFile> there =
        folder.look(sftp, doubtful.stream().map(ArchiveFileName::marksOf).toList());
    doubtful.removeIf(label -> !there.containsKey(ArchiveFileName.marksOf(label)));
    marked.addAll(doubtful);
    return marked;
  }

  private static Set<Label> without(Set<Label> all, Set<Label> some) {
    Set<Label> rest = new LinkedHashSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  /** While a folder is read, a file that is renamed may be missed under both of its names. */
  private Map<String, RemoteFile> scan(Sftp sftp) throws IOException {
    Map<String, RemoteFile> seen = new HashMap<>();
    Map<String, RemoteFile> last;
    Optional<Long> version;
    int scans = 0;
    do {
      version = folder.version(sftp);
      last = folder.list(sftp);
      seen.putAll(last);
      scans++;
    } while (scans < MAX_SCANS && !version.equals(folder.version(sftp)));
    List<String> doubtful = new ArrayList<>(seen.keySet());
    doubtful.removeAll(last.keySet());
    seen.keySet().removeAll(doubtful);
    seen.putAll(folder.look(sftp, doubtful));
    return seen;
  }

  /** The archive with this label. */
  Optional<StoredArchive> find(Sftp sftp, Label label) throws IOException {
    for (int look = 1; ; look++) {
      Optional<Found> file = file(sftp, label);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      Marks read = marks.read(sftp, label);
      // Or else it may have got another label in between, and its marks with it: without this, a
      // pinned archive would seem not to be.
      if (read.pinned() || look == MAX_SCANS || file(sftp, label).equals(file)) {
        return Optional.of(new StoredArchive(label, file.get().size, read));
      }
    }
  }

  /** The file of the archive with this label. */
  Optional<Found> file(Sftp sftp, Label label) throws IOException {
    return choose(label, folder.look(sftp, names(label)));
  }

  /** Whether any file stands in the way of an archive with this label. */
  boolean isTaken(Sftp sftp, Label label) throws IOException {
    return !folder.look(sftp, names(label)).isEmpty();
  }

  /** Whether there is anything of an archive with this label, be it only its marks. */
  boolean isThere(Sftp sftp, Label label) throws IOException {
    List<String> names = new ArrayList<>(names(label));
    names.add(ArchiveFileName.marksOf(label));
    return !folder.look(sftp, names).isEmpty();
  }

  private static List<String> names(Label label) {
    return ArchiveFileName.SUFFIXES.stream().map(suffix -> label.value() + suffix).toList();
  }

  private Optional<Found> choose(Label label, Map<String, RemoteFile> files) {
    Optional<Found> chosen = Optional.empty();
    for (String name : names(label)) {
      RemoteFile file = files.get(name);
      if (file == null) {
        continue;
      }
      if (!file.isRegular()) {
        warnOnce(name, "is not an ordinary file and is not listed; put the file itself there");
      } else if (chosen.isPresent()) {
        warnOnce(
            name, "has the label of another archive and is not listed; give it a label of its own");
      } else {
        chosen = Optional.of(new Found(name, file.size()));
      }
    }
    return chosen;
  }

  private void warnOnce(String name, String problem) {
    if (warned.add(name)) {
      LOG.warn("{} {}", folder.path(name), problem);
    }
  }
}
