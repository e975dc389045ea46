package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.io.Quoted;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Where a part of a system belongs, below the folder that the system lives in. An archive names the
 * places itself, so that it can be put back on a machine that has nothing else. Immutable.
 *
 * @param role what is there
 * @param name what the host calls it; a database's entry is {@code databases/<name>.sqlite3}, those
 *     of a tree begin with {@code trees/<name>/}, and a rebuilt database has none
 * @param path the path below the system's folder, with {@code /} between the folders; {@code .} is
 *     the folder itself, and only a tree can be there
 */
public record SystemPlace(Role role, String name, String path) {

  /** What can be at a place. */
  public enum Role {
    /** A database, which the archive holds a snapshot of. */
    DATABASE,
    /** A tree of files. */
    TREE,
    /** A database that is not backed up: it goes at a restore, and the host makes it anew. */
    REBUILT
  }

  /** The path of the system's folder itself. */
  public static final String HERE = ".";

  private static final String DATABASES = "databases/";
  private static final String SUFFIX = ".sqlite3";
  private static final String TREES = "trees/";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

  /** Requires a plain name, and a path that does not leave the folder. */
  public SystemPlace {
    Objects.requireNonNull(role, "role");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "The name "
              + Quoted.text(name)
              + " is refused: at most 100 letters, digits, dots, dashes and underscores, no dot or"
              + " dash first");
    }
    if (role != Role.TREE || !path.equals(HERE)) {
      EntryNames.requirePlain(path);
    }
  }

  /** The name of a database's entry in an archive. */
  public String databaseEntry() {
    return DATABASES + name + SUFFIX;
  }

  /** What stands for the whole part in an archive: a database's entry, or the tree's folder. */
  public String entryName() {
    return role == Role.TREE ? TREES + name : databaseEntry();
  }

  /** What the names of a tree's entries in an archive begin with. */
  public String treePrefix() {
    return TREES + name + '/';
  }
}
