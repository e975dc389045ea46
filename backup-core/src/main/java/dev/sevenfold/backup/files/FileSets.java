package dev.sevenfold.backup.files;

import dev.sevenfold.backup.io.FileIdentity;
import dev.sevenfold.backup.tenant.FileSet;
import dev.sevenfold.backup.tenant.Ownership;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The file sets of a model under the names that they have in an archive: {@code files/blobs/…} for
 * the files that rows of {@code blobs} name. Made anew for each piece of work, as it remembers what
 * it saw on the disk. Use from one thread.
 */
public final class FileSets {

  private static final String FOLDER = "files/";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

  private final Map<String, FileSet> byName;
  private final FileIdentity identity = new FileIdentity();

  private FileSets(Map<String, FileSet> byName) {
    this.byName = byName;
  }

  public static FileSets of(Ownership ownership) {
    Map<String, FileSet> byName = new LinkedHashMap<>();
    for (FileSet set : ownership.files()) {
      String wanted = PLAIN.matcher(set.table()).matches() ? set.table() : "table";
      String name = wanted;
      for (int number = 2; byName.containsKey(name); number++) {
        name = wanted + '-' + number;
      }
      byName.put(name, set);
    }
    return new FileSets(byName);
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  List<String> names() {
    return new ArrayList<>(byName.keySet());
  }

  FileSet set(String name) {
    FileSet set = byName.get(name);
    if (set == null) {
      throw new IllegalArgumentException("There is no file set " + name + " in " + names());
    }
    return set;
  }

  /** The name in an archive of a file of a set. */
  static String entryName(String set, String path) {
    return FOLDER + set + '/' + path;
  }

  /** Whether an entry of an archive is a file of some set. */
  public static boolean isFile(String entryName) {
    return entryName.startsWith(FOLDER);
  }

  /**
   * What a file of an archive is on the disk: the same for each set and each path that reaches it.
   * Empty if no file can have the name, in this locale.
   */
  Optional<Path> file(String entryName) {
    String name = setOf(entryName).orElseThrow();
    try {
      String path = entryName.substring(prefix(name).length());
      return Optional.of(identity.of(set(name).root().resolve(path)));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** A path that is the same for every path of a file, as of all that {@link #file} gives. */
  Path identity(Path file) {
    return identity.of(file);
  }

  /**
   * The file that an application reaches that puts a path behind the root, however it is written:
   * {@code a//b}, {@code ./a}. Told apart as {@link #file} does. Empty if that can be no file.
   */
  Optional<Path> reached(String set, String path) {
    try {
      return Optional.of(identity.of(Path.of(set(set).root() + "/" + path).normalize()));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The set that the name of a file in an archive belongs to; empty if none has that name. */
  Optional<String> setOf(String entryName) {
    return byName.keySet().stream().filter(name -> entryName.startsWith(prefix(name))).findFirst();
  }

  private static String prefix(String set) {
    return entryName(set, "");
  }

  /**
   * Where a file belongs.
   *
   * @param root the folder of its set
   * @param path its path below
   */
  record Place(Path root, String path) {}

  /** Where the file with this name in an archive belongs; empty if no set has that name. */
  Optional<Place> place(String entryName) {
    return setOf(entryName)
        .map(name -> new Place(set(name).root(), entryName.substring(prefix(name).length())));
  }
}
