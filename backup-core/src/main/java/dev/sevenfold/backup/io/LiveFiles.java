package dev.sevenfold.backup.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads files that rows name. What a row names is not trusted: nothing outside of the root is read,
 * no link is followed out of it, and above all no live database: opening one and closing it again
 * would drop the locks that SQLite holds on it in this process.
 */
public final class LiveFiles {

  private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

  /** A file that a row names, and why it is left out. */
  public static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1L;

    public Unreadable(String message) {
      super(message);
    }
  }

  private LiveFiles() {}

  /** Opens a file, and refuses a link in its place. */
  public static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Refuses what is no plain file below the root, and what looks like a live database. */
  public static void requireReadable(Path root, Path file) throws IOException {
    if (!DurableFiles.attributes(file).isRegularFile()) {
      throw new Unreadable(file + " is not a plain file");
    }
    if (!file.toRealPath().startsWith(root.toRealPath())) {
      throw new Unreadable(file + " leads out of " + root);
    }
    if (isPartOfDatabase(file)) {
      throw new Unreadable(file + " is a database in use, or belongs to one");
    }
  }

  /** Whether a file is a SQLite database that is open, or one of its companions, by its name. */
  public static boolean isPartOfDatabase(Path file) {
    String name = String.valueOf(file.getFileName());
    for (String companion : COMPANIONS) {
      // Some file systems take both cases for one.
      if (name.toLowerCase(Locale.ROOT).endsWith(companion)
          || Files.exists(file.resolveSibling(name + companion))) {
        return true;
      }
    }
    return false;
  }

  /** Whether two paths are the same file, by a stat of each. */
  public static boolean isSame(Path one, Path other) throws IOException {
    return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
  }

  public static List<Path> withCompanions(Path database) {
    List<Path> files = new ArrayList<>(List.of(database));
    COMPANIONS.forEach(
        companion -> files.add(database.resolveSibling(database.getFileName() + companion)));
    return files;
  }
}
