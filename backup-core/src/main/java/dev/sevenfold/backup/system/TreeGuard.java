package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.files.FileText;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.io.UsedPlaces;
import dev.sevenfold.backup.journal.RestoreJournal;
import dev.sevenfold.backup.journal.TenantLocks;
import dev.sevenfold.backup.scratch.OwnPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps databases out of file trees: opening a live one through Java and closing it again would
 * drop the locks that SQLite holds on it in this process. Looks at names and at what a stat tells,
 * and opens nothing. Thread-safe.
 */
public final class TreeGuard {

  /** What becomes of a file. */
  enum Verdict {
    /** It is read. */
    READ,
    /** It is left out: a part of the system that is backed up otherwise, or Sevenfold's own. */
    LEAVE_OUT,
    /** It is left out with a word: a database of the system, by another name that it has here. */
    SECOND_NAME,
    /** It is a database in use that nobody has named: a backup without it would not be whole. */
    UNNAMED_DATABASE
  }

  /** Ends the name of what is noted, beside a live database, of the last check of its indexes. */
  public static final String CHECKED_NOTE = "-sevenfold.checked";

  private static final List<String> IN_USE = List.of("-wal", "-shm");
  private static final List<String> OWN_SUFFIXES =
      List.of(
          TenantLocks.SUFFIX,
          CHECKED_NOTE,
          UsedPlaces.SUFFIX,
          RestoreJournal.SUFFIX,
          RestoreJournal.SUFFIX + ".new");
  private static final String OWN_STAGED = ".sevenfold_restore_";
  private static final String OWN_FOLDERS = ".sevenfold-";

  private final Set<Path> paths = new HashSet<>();
  private final Set<Object> keys = new HashSet<>();

  private final OwnPlaces own;
  private final Excluded excluded;

  private TreeGuard(OwnPlaces own, Excluded excluded) {
    this.own = own;
    this.excluded = excluded;
  }

  /**
   * Keeps the databases of a system out of its trees, and what is Sevenfold's own: by their paths
   * and by what they are.
   */
  public static TreeGuard of(SystemParts parts, OwnPlaces own, Excluded excluded)
      throws IOException {
    TreeGuard guard = new TreeGuard(own, excluded);
    for (SystemParts.Part part : parts.all()) {
      if (part.role() != Role.TREE) {
        guard.add(part.path());
      }
    }
    return guard;
  }

  private void add(Path database) throws IOException {
    paths.addAll(LiveFiles.withCompanions(realFolder(database)));
    if (Files.exists(database)) {
      // SQLite keeps the companions beside the file that a link leads to.
      paths.addAll(LiveFiles.withCompanions(database.toRealPath()));
    }
    for (Path file : LiveFiles.withCompanions(database)) {
      // A second name of the same file, by a hard link.
      Object key = DurableFiles.key(file);
      if (key != null) {
        keys.add(key);
      }
    }
  }

  private static Path realFolder(Path file) throws IOException {
    Path folder = file.getParent();
    return folder != null && Files.exists(folder)
        ? folder.toRealPath().resolve(file.getFileName())
        : file;
  }

  /** The places that are left out with a word. */
  OwnPlaces own() {
    return own;
  }

  /** Whether a folder is one that restores work in, or keep what they replace in. */
  static boolean isOwnFolder(Path folder) {
    return String.valueOf(folder.getFileName()).startsWith(OWN_FOLDERS);
  }

  /** Whether a path is that of a database of the system, or of what belongs to one, or our own. */
  boolean isPart(Path file) {
    return paths.contains(file) || isOwn(String.valueOf(file.getFileName()));
  }

  /**
   * Whether the host wants a file or a folder left out, with all that is in it.
   *
   * @param below its path below the tree
   */
  boolean isExcluded(Path below) {
    return excluded.matches(below);
  }

  /** Judges a regular file, whose folder is a real path. */
  Verdict judge(Path file, BasicFileAttributes attributes) {
    String name = String.valueOf(file.getFileName());
    if (isPart(file)) {
      return Verdict.LEAVE_OUT;
    }
    if (keys.contains(attributes.fileKey())) {
      return Verdict.SECOND_NAME;
    }
    if (!FileText.isText(file)) {
      // It has no neighbours that could be asked for; the walk refuses it for its name.
      return Verdict.READ;
    }
    for (String companion : IN_USE) {
      if (Files.exists(file.resolveSibling(name + companion), LinkOption.NOFOLLOW_LINKS)) {
        return Verdict.UNNAMED_DATABASE;
      }
      if (name.endsWith(companion) && isCompanion(file, name, companion)) {
        return Verdict.UNNAMED_DATABASE;
      }
    }
    return Verdict.READ;
  }

  private static boolean isCompanion(Path file, String name, String companion) {
    String base = name.substring(0, name.length() - companion.length());
    return !base.isEmpty() && Files.isRegularFile(file.resolveSibling(base));
  }

  private static boolean isOwn(String name) {
    return name.contains(OWN_STAGED) || OWN_SUFFIXES.stream().anyMatch(name::endsWith);
  }
}
