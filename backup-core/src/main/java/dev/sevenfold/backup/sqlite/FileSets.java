package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.FileSet;
import dev.sevenfold.backup.tenant.Ownership;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The file sets of a model under the names that they have in an archive: {@code files/blobs/…} for
 * the files that rows of {@code blobs} name. Immutable.
 */
final class FileSets {

  private static final String FOLDER = "files/";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

  private final Map<String, FileSet> byName;

  private FileSets(Map<String, FileSet> byName) {
    this.byName = byName;
  }

  static FileSets of(Ownership ownership) {
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

  /**
   * Where a file belongs.
   *
   * @param root the folder of its set
   * @param path its path below
   */
  record Place(Path root, String path) {}

  /** Where the file with this name in an archive belongs; empty if no set has that name. */
  Optional<Place> place(String entryName) {
    for (Map.Entry<String, FileSet> set : byName.entrySet()) {
      String prefix = FOLDER + set.getKey() + '/';
      if (entryName.startsWith(prefix)) {
        return Optional.of(new Place(set.getValue().root(), entryName.substring(prefix.length())));
      }
    }
    return Optional.empty();
  }
}
