package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.sqlite.SystemParts.Part;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files of one tree that belong into a backup. Follows no link, and opens no file. Use
 * from one thread.
 */
final class TreeWalk extends SimpleFileVisitor<Path> {

  private static final int EXAMPLES = 5;

  /**
   * What was found.
   *
   * @param root the tree's real path
   * @param files regular files, in the order of their paths
   * @param warnings what is left out, one sentence each
   */
  record Found(Path root, List<Path> files, List<String> warnings) {}

  private final Part tree;
  private final TreeGuard guard;
  private final List<Path> files = new ArrayList<>();
  private final List<Path> notKept = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();

  private TreeWalk(Part tree, TreeGuard guard) {
    this.tree = tree;
    this.guard = guard;
  }

  static Found of(Part tree, TreeGuard guard) {
    // A folder that is not there may be one that is not mounted.
    if (!Files.isDirectory(tree.path())) {
      throw new SourceUnavailable(
          "There is no folder of the " + tree, "Check the path, and that its disk is mounted");
    }
    TreeWalk walk = new TreeWalk(tree, guard);
    try {
      Path root = tree.path().toRealPath();
      Files.walkFileTree(root, walk);
      return walk.found(root);
    } catch (IOException e) {
      throw new OperationFailed(
          "The %s could not be listed: %s".formatted(tree, e),
          "Check its permissions, then back up again",
          e);
    }
  }

  private Found found(Path root) {
    if (!refusals.isEmpty()) {
      throw new BackupRefused(
          "The " + tree + " has files that cannot be backed up as files",
          refusals,
          "Name a database in use as a database of the system, or as a rebuilt one, or move it out"
              + " of the tree; rename a file whose name is the reason");
    }
    files.sort(null);
    List<String> warnings = new ArrayList<>();
    if (files.isEmpty()) {
      warnings.add("The " + tree + " has no file");
    }
    if (!notKept.isEmpty()) {
      warnings.add(
          "The %s has %d links or special files, which are left out: %s"
              .formatted(tree, notKept.size(), examples(root, notKept)));
    }
    return new Found(root, files, warnings);
  }

  static String examples(Path root, List<Path> paths) {
    List<String> names =
        paths.stream().limit(EXAMPLES).map(path -> root.relativize(path).toString()).toList();
    return String.join(", ", names) + (paths.size() > EXAMPLES ? ", …" : "");
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    return guard.isOwnFolder(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (!attributes.isRegularFile()) {
      notKept.add(file);
      return FileVisitResult.CONTINUE;
    }
    switch (guard.judge(file, attributes)) {
      case READ -> add(file);
      case UNNAMED_DATABASE ->
          refusals.add(file + " is a SQLite database in use, or belongs to one");
      case LEAVE_OUT -> {}
    }
    return FileVisitResult.CONTINUE;
  }

  private void add(Path file) {
    // Under another locale than the files' own, a name does not survive as a string.
    if (FileText.isText(file)) {
      files.add(file);
    } else {
      refusals.add(file + " has a name that this Java cannot read: " + FileText.OTHER_LOCALE);
    }
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
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
