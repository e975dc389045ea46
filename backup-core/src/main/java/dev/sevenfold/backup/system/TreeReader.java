package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.files.FileText;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.io.MountedFolder;
import dev.sevenfold.backup.io.PosixModes;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.system.SystemParts.Part;
import dev.sevenfold.backup.system.TreeNotes.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads trees where they are, and remembers where to find the files again when the archive is
 * written. A file that is on the same file system as the scratch folder is held by a hard link: it
 * can be deleted or replaced meanwhile. Use from one thread.
 */
public final class TreeReader {

  private static final int LAST_YEAR = 9_999;

  /** Adds one thing. */
  @FunctionalInterface
  private interface Adding {
    void run() throws IOException;
  }

  /** What of a tree no backup could keep: all of it is named at once. */
  private static final class Refused {
    private final List<String> names = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    void unreadable(Path path) {
      unreadable.add(Printable.of(path.toString()));
    }

    void requireNone(Part tree) {
      if (!names.isEmpty()) {
        throw new BackupRefused(
            "The " + tree + " has files whose names no archive can keep",
            names,
            "Rename them, or move them out of the tree, or exclude them");
      }
      if (!unreadable.isEmpty()) {
        throw new BackupRefused(
            "The " + tree + " has what this process may not read",
            unreadable,
            "Let the user that this process runs as read it; or leave it out of every backup, by"
                + " system: {exclude: [NAME]} in the config, or SqliteSystemSource's exclude");
      }
    }
  }

  private final TreeGuard guard;
  private final Path held;
  private final SnapshotContents contents;
  private final Progress progress;
  private final SnapshotContents.Parts found;
  private long heldFiles;

  /**
   * A reader.
   *
   * @param held an empty folder for hard links
   * @param found gets what is in the trees
   */
  public TreeReader(
      TreeGuard guard,
      Path held,
      SnapshotContents contents,
      SnapshotContents.Parts found,
      Progress progress) {
    this.guard = guard;
    this.held = held;
    this.contents = contents;
    this.found = found;
    this.progress = progress;
  }

  /** Reads one tree. */
  public void read(Part tree, String prefix) {
    if (!Files.isDirectory(tree.path())) {
      String name = folderName(prefix);
      found.missing().add(name);
      found.unmounted().put(name, "the " + tree + ", " + MountedFolder.whyNone(tree.path()));
      return;
    }
    TreeNotes notes = new TreeNotes(tree);
    Refused refused = new Refused();
    TreeWalk.Found listed = TreeWalk.of(tree, guard, notes);
    listed.unreadable().forEach(refused::unreadable);
    Path root = listed.root();
    for (TreeWalk.Folder folder : listed.folders()) {
      String name = name(prefix, root, folder.path());
      add("folder", folder.path(), notes, refused, () -> addFolder(folder, name, notes));
    }
    int total = listed.files().size();
    for (int i = 0; i < total; i++) {
      Interrupts.check();
      progress.report("read " + tree.name(), Progress.Unit.FILES, i, total);
      TreeWalk.File file = listed.files().get(i);
      String name = name(prefix, root, file.path());
      add("file", file.path(), notes, refused, () -> addFile(root, file, name, notes));
    }
    for (Path link : listed.links()) {
      add("link", link, notes, refused, () -> addLink(link, name(prefix, root, link), notes));
    }
    progress.report("read " + tree.name(), Progress.Unit.FILES, total, total);
    refused.requireNone(tree);
    if (listed.files().isEmpty()) {
      found.warnings().add("The " + tree + " has no file");
    }
    if (holdsNothing(listed)) {
      found.missing().add(folderName(prefix));
    }
    found.warnings().addAll(notes.sentences(root));
  }

  /** Adds one thing, unless it went meanwhile; what no archive can keep is a refusal. */
  private static void add(String what, Path path, TreeNotes notes, Refused refused, Adding adding) {
    try {
      adding.run();
    } catch (IllegalArgumentException e) {
      refused.names.add(String.valueOf(e.getMessage()));
    } catch (AccessDeniedException e) {
      refused.unreadable(path);
    } catch (NoSuchFileException | NotLinkException e) {
      notes.add(Reason.VANISHED, path);
    } catch (IOException e) {
      throw new OperationFailed(
          Printable.of(
              "The %s %s could not be read: %s".formatted(what, path, Printable.reason(e))),
          "Look at the disk below it, then back up again; or leave it out of every backup, by"
              + " system: {exclude: [NAME]} in the config, or SqliteSystemSource's exclude",
          e);
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

  private void addFolder(TreeWalk.Folder folder, String name, TreeNotes notes) throws IOException {
    OptionalInt mode = mode(folder.path(), folder.path(), notes);
    found.folders().add(new Folder(name, mode, time(folder.attributes())));
  }

  private void addLink(Path link, String name, TreeNotes notes) throws IOException {
    Path target = Files.readSymbolicLink(link);
    if (FileText.isText(target) && Link.staysInTree(name, target.toString())) {
      found.links().add(new Link(name, target.toString()));
    } else {
      notes.add(Reason.LINK, link);
    }
  }

  private void addFile(Path root, TreeWalk.File file, String name, TreeNotes notes)
      throws IOException {
    try {
      found.entries().add(read(root, file, name, notes));
    } catch (IOException e) {
      if (!(e instanceof NoSuchFileException) && !SnapshotContents.isGone(file.path())) {
        throw e;
      }
      found.missing().add(name);
      notes.add(Reason.VANISHED, file.path());
    }
  }

  /** Reads a file as {@link LiveFiles#digest} does; one that never rests is copied. */
  private Entry read(Path root, TreeWalk.File file, String name, TreeNotes notes)
      throws IOException {
    Path at = hold(root, file);
    contents.put(name, at.equals(file.path()) ? contents.below(root, at) : contents.at(at));
    LiveFiles.Read read = LiveFiles.digest(at, () -> contents.open(name));
    Sha256.Content content = read.content();
    OptionalInt mode = mode(at, file.path(), notes);
    switch (read.state()) {
      case RESTING -> {}
      case GROWING -> notes.add(Reason.GROWING, file.path());
      case CHANGING -> {
        notes.add(Reason.CHANGING, file.path());
        Path copy = newHeld();
        try (InputStream in = contents.open(name)) {
          content = LiveFiles.copy(in, copy);
        }
        contents.put(name, contents.at(copy));
      }
    }
    return new Entry(name, content.size(), content.sha256(), mode, time(read.before()));
  }

  private Path newHeld() {
    return held.resolve(Long.toString(heldFiles++));
  }

  /** A name of the file that nobody else takes away: a hard link, or else its own. */
  private Path hold(Path root, TreeWalk.File file) throws IOException {
    Path link = newHeld();
    try {
      Files.createLink(link, file.path());
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, or a file of somebody else.
      return file.path();
    }
    BasicFileAttributes linked = DurableFiles.attributes(link);
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
}
