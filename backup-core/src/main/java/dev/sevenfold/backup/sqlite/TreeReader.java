package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SystemParts.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the files of trees where they are, and remembers where to find them again when the archive
 * is written. A file that is on the same file system as the scratch folder is held by a hard link:
 * it can be deleted or replaced meanwhile. Use from one thread.
 */
final class TreeReader {

  private static final int ATTEMPTS = 3;

  private final TreeGuard guard;
  private final Path links;
  private final SnapshotContents contents;
  private final Progress progress;
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private long linked;

  TreeReader(TreeGuard guard, Path links, SnapshotContents contents, Progress progress) {
    this.guard = guard;
    this.links = links;
    this.contents = contents;
    this.progress = progress;
  }

  /** Reads one tree. */
  void read(Part tree, String prefix) {
    TreeWalk.Found found = TreeWalk.of(tree, guard);
    warnings.addAll(found.warnings());
    List<Path> vanished = new ArrayList<>();
    int total = found.files().size();
    for (int i = 0; i < total; i++) {
      Interrupts.check();
      progress.report("read " + tree.name(), Progress.Unit.FILES, i, total);
      Path file = found.files().get(i);
      String name = prefix + entryName(found.root(), file);
      try {
        entries.add(read(found.root(), file, name));
      } catch (NoSuchFileException e) {
        vanished.add(file);
        missing.add(name);
      } catch (IllegalArgumentException e) {
        refusals.add(String.valueOf(e.getMessage()));
      }
    }
    progress.report("read " + tree.name(), Progress.Unit.FILES, total, total);
    if (!vanished.isEmpty()) {
      warnings.add(
          "The %s lost %d files while it was read: %s"
              .formatted(tree, vanished.size(), TreeWalk.examples(found.root(), vanished)));
    }
    if (!refusals.isEmpty()) {
      throw new BackupRefused(
          "The " + tree + " has files whose names no archive can keep",
          refusals,
          "Rename them, or move them out of the tree");
    }
  }

  List<Entry> entries() {
    return entries;
  }

  List<String> missing() {
    return missing;
  }

  List<String> warnings() {
    return warnings;
  }

  private static String entryName(Path root, Path file) {
    String separator = file.getFileSystem().getSeparator();
    String path = root.relativize(file).toString();
    return separator.equals("/") ? path : path.replace(separator, "/");
  }

  private Entry read(Path root, Path file, String name) throws NoSuchFileException {
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<Entry> entry = readOnce(root, file, name);
        if (entry.isPresent()) {
          return entry.get();
        }
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new OperationFailed(
          "The file %s could not be read: %s".formatted(file, e),
          "Check its permissions, then back up again",
          e);
    }
    throw new OperationFailed(
        "The file %s changed each of the %d times that it was read".formatted(file, ATTEMPTS),
        "Back up when it is at rest, or move it out of the tree: a log, for instance");
  }

  /** Reads a file; empty if it changed meanwhile. */
  private Optional<Entry> readOnce(Path root, Path file, String name) throws IOException {
    Path held = hold(file);
    contents.put(name, held.equals(file) ? contents.below(root, file) : contents.at(held));
    BasicFileAttributes before = attributes(held);
    Digests.Digest digest;
    try (InputStream in = contents.open(name)) {
      digest = Digests.of(in);
    }
    OptionalInt mode = PosixModes.of(held);
    if (isSame(before, attributes(held)) && digest.size() == before.size()) {
      return Optional.of(new Entry(name, digest.size(), digest.sha256(), mode));
    }
    if (!held.equals(file)) {
      Files.delete(held);
    }
    return Optional.empty();
  }

  /** A name of the file that nobody else takes away: a hard link, or else its own. */
  private Path hold(Path file) throws NoSuchFileException {
    Path link = links.resolve(Long.toString(linked++));
    try {
      return Files.createLink(link, file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, or a file of somebody else.
      return file;
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isSame(BasicFileAttributes one, BasicFileAttributes other) {
    return one.size() == other.size() && one.lastModifiedTime().equals(other.lastModifiedTime());
  }
}
