package dev.sevenfold.backup.system;

import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder inside a system's folder, or inside a mount below it, that a restore works in, so that
 * everything is on one file system. Immutable.
 *
 * @param root the folder itself
 */
public record WorkFolder(Path root) {

  /** For its owner alone. */
  public static final int MODE = 0700;

  private static final String PREFIX = ".sevenfold-";
  private static final String NAME = PREFIX + "restore";
  private static final String REPLACED = PREFIX + "replaced-";
  private static final String STRANGE = PREFIX + "set-aside-";

  static WorkFolder in(Path directory) {
    return new WorkFolder(directory.resolve(NAME));
  }

  /** The folder that it is in: of a system, or a mount. */
  Path base() {
    return DurableFiles.folderOf(root);
  }

  /** Where in one of the folders of this one what belongs to a path is put. */
  Path in(Path folder, Path path) {
    return folder.resolve(base().relativize(path));
  }

  /** Whether a path below a system's folder is one of those that restores make. */
  static boolean isOwn(Path relative) {
    return relative.getName(0).toString().startsWith(PREFIX);
  }

  /** Removes what can be made again; the lock stays, and what was there before stays. */
  public void clear(DurableFiles disk) throws IOException {
    for (Path folder :
        List.of(
            staged(),
            folders(),
            rejected(),
            links(),
            DurableFiles.half(journal()),
            DurableFiles.half(mounts()))) {
      disk.deleteAll(folder);
    }
    disk.deleteEmptyFolders(old());
  }

  /** Removes the folder itself; not if a restore has left something for the next one. */
  public void removeIfEmpty() {
    try {
      Files.deleteIfExists(root);
    } catch (IOException e) {
      // Not empty: somebody needs it.
      return;
    }
  }

  /** Held by the restore that is at work. */
  public Path lock() {
    return root.resolve("lock");
  }

  /** What is being done; there from before the first file moves until the last one has. */
  public Path journal() {
    return root.resolve("journal");
  }

  /** The mounts that the restore works in too; there before anything is made in them. */
  Path mounts() {
    return root.resolve("mounts");
  }

  /** In a mount: of which restore this folder is. */
  Path owner() {
    return root.resolve("owner");
  }

  /** What the archive was extracted to. */
  public Path staged() {
    return root.resolve("staged");
  }

  /** Folders that the places of databases need. */
  public Path folders() {
    return root.resolve("folders");
  }

  /** What was there before. */
  Path old() {
    return root.resolve("old");
  }

  /** What had to leave again. */
  Path rejected() {
    return root.resolve("rejected");
  }

  /** Second names of live databases, to lock them by. */
  public Path links() {
    return root.resolve("links");
  }

  /** Where what was there before is kept in the end. */
  Path replaced(String stamp) {
    return Swap.free(root.resolveSibling(REPLACED + stamp));
  }

  /** Where databases are kept that somebody made while nobody should. */
  Path strange(String stamp) {
    return Swap.free(root.resolveSibling(STRANGE + stamp));
  }
}
