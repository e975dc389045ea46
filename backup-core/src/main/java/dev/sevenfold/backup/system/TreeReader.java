package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.files.FileText;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.io.MountedFolder;
import dev.sevenfold.backup.io.PosixModes;
import dev.sevenfold.backup.io.Quoted;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.system.SystemParts.Part;
import dev.sevenfold.backup.system.TreeNotes.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Reads trees where they are, and remembers where to find the files again when the archive is
 * written. A file that is on the same file system as the scratch folder is held by a hard link: it
 * can be deleted or replaced meanwhile. Use from one thread.
 */
public final class TreeReader {

  private static final int ATTEMPTS = 3;
  private static final int LAST_YEAR = 9_999;

  private final TreeGuard guard;
  private final Path held;
  private final SnapshotContents contents;
  private final Progress progress;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Folder> folders = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, String> unmounted = new TreeMap<>();
  private long heldFiles;

  /**
   * A reader without any tree yet.
   *
   * @param held an empty folder for hard links
   */
  public TreeReader(TreeGuard guard, Path held, SnapshotContents contents, Progress progress) {
    this.guard = guard;
    this.held = held;
    this.contents = contents;
    this.progress = progress;
  }

  /** Reads one tree. */
  public void read(Part tree, String prefix) {
    if (!Files.isDirectory(tree.path())) {
      String name = folderName(prefix);
      missing.add(name);
      unmounted.put(name, "the " + tree + ", " + MountedFolder.whyNone(tree.path()));
      return;
    }
    TreeNotes notes = new TreeNotes(tree);
    TreeWalk.Found found = TreeWalk.of(tree, guard, notes);
    List<String> refusals = new ArrayList<>();
    for (TreeWalk.Folder folder : found.folders()) {
      named(refusals, () -> add(folder, name(prefix, found.root(), folder.path()), notes));
    }
    int total = found.files().size();
    for (int i = 0; i < total; i++) {
      Interrupts.check();
      progress.report("read " + tree.name(), Progress.Unit.FILES, i, total);
      TreeWalk.File file = found.files().get(i);
      String name = name(prefix, found.root(), file.path());
      named(refusals, () -> add(found.root(), file, name, notes));
    }
    for (Path link : found.links()) {
      named(refusals, () -> add(link, name(prefix, found.root(), link), notes));
    }
    progress.report("read " + tree.name(), Progress.Unit.FILES, total, total);
    if (!refusals.isEmpty()) {
      throw new BackupRefused(
          "The " + tree + " has files whose names no archive can keep",
          refusals,
          "Rename them, or move them out of the tree");
    }
    if (found.files().isEmpty()) {
      warnings.add("The " + tree + " has no file");
    }
    if (holdsNothing(found)) {
      missing.add(folderName(prefix));
    }
    warnings.addAll(notes.sentences(found.root()));
  }

  public List<Entry> entries() {
    return entries;
  }

  public List<Folder> folders() {
    return folders;
  }

  public List<Link> links() {
    return links;
  }

  public List<String> missing() {
    return missing;
  }

  /** The trees that are not there, each by the name of its folder in an archive. */
  public Map<String, String> unmounted() {
    return unmounted;
  }

  public List<String> warnings() {
    return warnings;
  }

  private static void named(List<String> refusals, Runnable adding) {
    try {
      adding.run();
    } catch (IllegalArgumentException e) {
      refusals.add(String.valueOf(e.getMessage()));
    }
  }

  private static boolean holdsNothing(TreeWalk.Found found) {
    return found.links().isEmpty()
        && found.files().stream()
            .allMatch(file -> MountedFolder.isNothing(found.root().relativize(file.path())));
  }

  private static String folderName(String prefix) {
    return prefix.substring(0, prefix.length() - 1);
  }

  private static String name(String prefix, Path root, Path file) {
    if (file.equals(root)) {
      return folderName(prefix);
    }
    String separator = file.getFileSystem().getSeparator();
    String path = root.relativize(file).toString();
    return prefix + (separator.equals("/") ? path : path.replace(separator, "/"));
  }

  private void add(TreeWalk.Folder folder, String name, TreeNotes notes) {
    try {
      OptionalInt mode = mode(folder.path(), folder.path(), notes);
      folders.add(new Folder(name, mode, time(folder.attributes())));
    } catch (NoSuchFileException e) {
      notes.add(Reason.VANISHED, folder.path());
    } catch (IOException e) {
      throw unreadable("folder", folder.path(), e);
    }
  }

  private void add(Path link, String name, TreeNotes notes) {
    try {
      Path target = Files.readSymbolicLink(link);
      if (FileText.isText(target) && Link.staysInTree(name, target.toString())) {
        links.add(new Link(name, target.toString()));
      } else {
        notes.add(Reason.LINK, link);
      }
    } catch (NoSuchFileException | NotLinkException e) {
      notes.add(Reason.VANISHED, link);
    } catch (IOException e) {
      throw unreadable("link", link, e);
    }
  }

  private void add(Path root, TreeWalk.File file, String name, TreeNotes notes) {
    try {
      entries.add(read(root, file, name, notes));
    } catch (NoSuchFileException e) {
      notes.add(Reason.VANISHED, file.path());
      missing.add(name);
    }
  }

  private Entry read(Path root, TreeWalk.File file, String name, TreeNotes notes)
      throws NoSuchFileException {
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<Entry> entry = readOnce(root, file, name, notes);
        if (entry.isPresent()) {
          return entry.get();
        }
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      if (SnapshotContents.isGone(file.path())) {
        throw new NoSuchFileException(file.path().toString());
      }
      throw unreadable("file", file.path(), e);
    }
    throw new OperationFailed(
        "The file %s changed each of the %d times that it was read"
            .formatted(Quoted.printable(file.path().toString()), ATTEMPTS),
        "Back up when it is at rest, or move it out of the tree: a log, for instance");
  }

  private static OperationFailed unreadable(String what, Path file, IOException e) {
    return new OperationFailed(
        Quoted.printable("The %s %s could not be read: %s".formatted(what, file, e)),
        "Check its permissions, then back up again",
        e);
  }

  /** Reads a file; empty if it changed meanwhile. */
  private Optional<Entry> readOnce(Path root, TreeWalk.File file, String name, TreeNotes notes)
      throws IOException {
    Path at = hold(root, file);
    boolean own = at.equals(file.path());
    contents.put(name, own ? contents.below(root, at) : contents.at(at));
    BasicFileAttributes before = attributes(at);
    Sha256.Content digest;
    try (InputStream in = contents.open(name)) {
      digest = Sha256.of(in);
    }
    if (isSame(before, attributes(at)) && digest.size() == before.size()) {
      OptionalInt mode = mode(at, file.path(), notes);
      return Optional.of(new Entry(name, digest.size(), digest.sha256(), mode, time(before)));
    }
    if (!own) {
      Files.delete(at);
    }
    return Optional.empty();
  }

  /** A name of the file that nobody else takes away: a hard link, or else its own. */
  private Path hold(Path root, TreeWalk.File file) throws IOException {
    Path link = held.resolve(Long.toString(heldFiles++));
    try {
      Files.createLink(link, file.path());
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, or a file of somebody else.
      return file.path();
    }
    BasicFileAttributes linked = attributes(link);
    if (!file.is(linked)) {
      // Another file has taken its place: it must be one that may be read, and the one held.
      BasicFileAttributes now = contents.requireReadable(root, file.path());
      if (!linked.isRegularFile() || !Objects.equals(linked.fileKey(), now.fileKey())) {
        throw new NoSuchFileException(file.path().toString());
      }
    }
    return link;
  }

  private static OptionalInt mode(Path at, Path file, TreeNotes notes) throws IOException {
    if (PosixModes.hasSpecialBits(at)) {
      notes.add(Reason.BITS, file);
    }
    return PosixModes.of(at);
  }

  /** When it was written to; empty for a time that no calendar has. */
  private static Optional<Instant> time(BasicFileAttributes attributes) {
    FileTime modified = attributes.lastModifiedTime();
    int year = modified.toInstant().atOffset(ZoneOffset.UTC).getYear();
    return year >= 0 && year <= LAST_YEAR ? Optional.of(modified.toInstant()) : Optional.empty();
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isSame(BasicFileAttributes one, BasicFileAttributes other) {
    return one.size() == other.size() && one.lastModifiedTime().equals(other.lastModifiedTime());
  }
}
