package dev.sevenfold.backup.system;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.files.FileText;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.system.SystemParts.Part;
import dev.sevenfold.backup.system.TreeNotes.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists what of one tree belongs into a backup. Follows no link, and opens no file. Use from one
 * thread.
 */
final class TreeWalk extends SimpleFileVisitor<Path> {

  /**
   * What was found, each in the order of the paths.
   *
   * @param root the tree's real path
   * @param folders the folders below it and the root, in the order to finish them: the root last
   * @param links symbolic links, wherever they lead
   * @param unreadable folders that this process may not look into
   */
  record Found(
      Path root, List<Folder> folders, List<File> files, List<Path> links, List<Path> unreadable) {}

  /** A folder, as it was when it was listed. */
  record Folder(Path path, BasicFileAttributes attributes) {}

  /**
   * A regular file.
   *
   * @param key what tells the file from another one of its name; null where nothing does
   */
  record File(Path path, @Nullable Object key) {

    /** Whether these are the attributes of the file that was listed. */
    boolean is(BasicFileAttributes attributes) {
      return attributes.isRegularFile() && key != null && Objects.equals(key, attributes.fileKey());
    }
  }

  private final Part tree;
  private final Path root;
  private final TreeGuard guard;
  private final TreeNotes notes;
  private final List<Folder> folders = new ArrayList<>();
  private final List<File> files = new ArrayList<>();
  private final List<Path> links = new ArrayList<>();
  private final List<Path> unreadable = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final Map<Path, List<OwnPlace>> partlyOwn = new HashMap<>();

  private TreeWalk(Part tree, Path root, TreeGuard guard, TreeNotes notes) {
    this.tree = tree;
    this.root = root;
    this.guard = guard;
    this.notes = notes;
  }

  /**
   * Lists a tree.
   *
   * @param notes hears what is left out
   */
  static Found of(Part tree, TreeGuard guard, TreeNotes notes) {
    // A folder that is not there may be one that is not mounted.
    if (!Files.isDirectory(tree.path())) {
      throw new SourceUnavailable(
          "There is no folder of the " + tree, "Check the path, and that its disk is mounted");
    }
    try {
      Path root = tree.path().toRealPath();
      TreeWalk walk = new TreeWalk(tree, root, guard, notes);
      Files.walkFileTree(root, walk);
      return walk.found();
    } catch (IOException e) {
      throw new OperationFailed(
          "The %s could not be listed: %s".formatted(tree, Printable.reasonWithFile(e)),
          "Check its permissions, then back up again",
          e);
    }
  }

  private Found found() {
    if (!refusals.isEmpty()) {
      throw new BackupRefused(
          "The " + tree + " has files that cannot be backed up as files",
          refusals,
          "Name a database in use as a database of the system, or as a rebuilt one, or move it out"
              + " of the tree; rename a file whose name is the reason");
    }
    folders.sort(Comparator.comparing(Folder::path).reversed());
    files.sort(Comparator.comparing(File::path));
    links.sort(null);
    return new Found(root, folders, files, links, unreadable);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    if (!folder.equals(root) && (isExcluded(folder) || isOwn(folder, attributes))) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    if (TreeGuard.isOwnFolder(folder)) {
      notes.addOwn("what restores have replaced", folder);
      return FileVisitResult.SKIP_SUBTREE;
    }
    if (!isNamed(folder)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    List<OwnPlace> named = guard.own().folders(folder, attributes.fileKey());
    if (!named.isEmpty()) {
      partlyOwn.put(folder, named);
    }
    folders.add(new Folder(folder, attributes));
    return FileVisitResult.CONTINUE;
  }

  private boolean isExcluded(Path path) {
    return guard.isExcluded(root.relativize(path));
  }

  /** Whether something is Sevenfold's own, which is noted then. */
  private boolean isOwn(Path path, BasicFileAttributes attributes) {
    if (guard.isPart(path)) {
      return false;
    }
    Optional<OwnPlace> whole = guard.own().whole(path, attributes.fileKey());
    if (whole.isPresent()) {
      notes.addOwn(whole.get().what(), path);
      return true;
    }
    String name = String.valueOf(path.getFileName());
    for (OwnPlace around : partlyOwn.getOrDefault(path.getParent(), List.of())) {
      if (around.isOwnName(name)) {
        notes.addOwn(around.what() + "'s files in", DurableFiles.folderOf(path));
        return true;
      }
    }
    return false;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (isExcluded(file) || (!attributes.isSymbolicLink() && isOwn(file, attributes))) {
      return FileVisitResult.CONTINUE;
    }
    if (attributes.isOther()) {
      notes.add(Reason.SPECIAL, file);
    } else if (attributes.isSymbolicLink()) {
      if (!guard.isPart(file) && isNamed(file)) {
        links.add(file);
      }
    } else {
      visitRegular(file, attributes);
    }
    return FileVisitResult.CONTINUE;
  }

  private void visitRegular(Path file, BasicFileAttributes attributes) {
    switch (guard.judge(file, attributes)) {
      case READ -> {
        if (isNamed(file)) {
          files.add(new File(file, attributes.fileKey()));
        }
      }
      case UNNAMED_DATABASE ->
          refusals.add(Printable.of(file + " is a SQLite database in use, or belongs to one"));
      case SECOND_NAME -> notes.add(Reason.SECOND_NAME, file);
      case LEAVE_OUT -> {}
    }
  }

  private boolean isNamed(Path file) {
    if (FileText.isText(file)) {
      return true;
    }
    if (FileText.isUnicode()) {
      notes.add(Reason.NAME, file);
    } else {
      // Under another locale than the files' own, no name survives that is not ASCII.
      refusals.add(
          Printable.of(file + " has a name that this Java cannot read: " + FileText.OTHER_LOCALE));
    }
    return false;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (e instanceof NoSuchFileException || isExcluded(file)) {
      return FileVisitResult.CONTINUE;
    }
    if (e instanceof AccessDeniedException && !file.equals(root)) {
      unreadable.add(file);
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
      throws IOException {
    return e == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, e);
  }
}
