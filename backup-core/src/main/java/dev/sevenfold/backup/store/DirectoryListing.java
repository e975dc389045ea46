package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the archives among the files of a folder. Thread-safe. */
final class DirectoryListing {

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryListing.class);

  /** In a folder that never stands still, three looks have to do. */
  private static final int MAX_SCANS = 3;

  private final DurableFolder folder;
  private final DirectoryMarks marks;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  DirectoryListing(DurableFolder folder, DirectoryMarks marks) {
    this.folder = folder;
    this.marks = marks;
  }

  /** The owner's archives by label, ascending. */
  List<StoredArchive> list(ArchiveOwner owner) throws IOException {
    SortedSet<Label> labels = new TreeSet<>();
    List<StoredArchive> archives;
    Optional<FileTime> version;
    int scans = 0;
    do {
      // While a folder is read, a file that is renamed may be missed under both of its names.
      version = folder.version();
      scan(owner, labels);
      archives = new ArrayList<>();
      for (Label label : labels) {
        find(label).ifPresent(archives::add);
      }
      scans++;
    } while (scans < MAX_SCANS && !version.equals(folder.version()));
    return List.copyOf(archives);
  }

  private void scan(ArchiveOwner owner, Set<Label> labels) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.root())) {
      for (Path file : files) {
        ArchiveFileName.labelOf(file.getFileName().toString())
            .filter(owner::owns)
            .ifPresent(labels::add);
      }
    } catch (NoSuchFileException e) {
      // Nothing was published yet.
      return;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** The archive with this label. */
  Optional<StoredArchive> find(Label label) throws IOException {
    for (int look = 1; ; look++) {
      Optional<BasicFileAttributes> file = attributes(label);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      Marks read = marks.read(label);
      // Or else it may have got another label in between, and its marks with it: without this, a
      // pinned archive would seem not to be.
      if (read.pinned() || look == MAX_SCANS || isStillThere(label, file.get())) {
        return Optional.of(new StoredArchive(label, file.get().size(), read));
      }
    }
  }

  private boolean isStillThere(Label label, BasicFileAttributes file) throws IOException {
    return attributes(label)
        .filter(now -> Objects.equals(now.fileKey(), file.fileKey()))
        .isPresent();
  }

  /** What the file of the archive with this label is like. */
  Optional<BasicFileAttributes> attributes(Label label) throws IOException {
    Optional<Path> file = file(label);
    return file.isEmpty() ? Optional.empty() : Optional.ofNullable(folder.attributes(file.get()));
  }

  /** The file of the archive with this label. */
  Optional<Path> file(Label label) throws IOException {
    Optional<Path> found = Optional.empty();
    for (String suffix : ArchiveFileName.SUFFIXES) {
      Path file = folder.file(label.value() + suffix);
      BasicFileAttributes attributes = folder.attributes(file);
      if (attributes == null) {
        continue;
      }
      if (!attributes.isRegularFile()) {
        warnOnce(file, "is not an ordinary file and is not listed; put the file itself there");
      } else if (found.isPresent()) {
        warnOnce(
            file, "has the label of another archive and is not listed; give it a label of its own");
      } else {
        found = Optional.of(file);
      }
    }
    return found;
  }

  /** Whether any file stands in the way of an archive with this label. */
  boolean isTaken(Label label) throws IOException {
    for (String suffix : ArchiveFileName.SUFFIXES) {
      if (folder.attributes(folder.file(label.value() + suffix)) != null) {
        return true;
      }
    }
    return false;
  }

  private void warnOnce(Path file, String problem) {
    if (warned.add(file.toString())) {
      LOG.warn("{} {}", file, problem);
    }
  }
}
