package dev.sevenfold.backup.system;

import dev.sevenfold.backup.files.FileText;
import dev.sevenfold.backup.system.SystemParts.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a backup does not keep of a tree, for a person to read: a sentence for each reason, which
 * names every file. Use from one thread.
 */
final class TreeNotes {

  /** Why something does not come back as it was. */
  enum Reason {
    /** Not even a link of that name would be safe to make. */
    LINK("links that lead out of the tree, or may do so, are left out"),
    /** Opening it would drop the locks on it; a restore makes one file of each name. */
    SECOND_NAME(
        "hard links of databases of the system are left out, which are in it by their own names"),
    /** Opening one might never return. */
    SPECIAL("pipes, sockets and devices are left out"),
    /** Java cannot make a file of that name. */
    NAME("what has a name that is not UTF-8 is left out, with all that is in it"),
    /** It was listed, and was not there any more, or was something else. */
    VANISHED("deleted, or replaced by something else, while the tree was read"),
    /** A log, for instance. */
    GROWING("grew while they were read, and are archived as long as they were when opened"),
    /** Two halves of it may not belong together. */
    CHANGING("never rested, and are archived as one reading found them"),
    /** It comes back with the other nine bits. */
    BITS("set-user-ID, set-group-ID and sticky bits are not kept");

    private final String what;

    Reason(String what) {
      this.what = what;
    }
  }

  private final Part tree;
  private final Map<Reason, List<Path>> paths = new EnumMap<>(Reason.class);
  private final Map<String, Set<Path>> own = new TreeMap<>();

  TreeNotes(Part tree) {
    this.tree = tree;
  }

  /** Notes something. */
  void add(Reason reason, Path path) {
    paths.computeIfAbsent(reason, any -> new ArrayList<>()).add(path);
  }

  /**
   * Notes what is Sevenfold's own.
   *
   * @param what what it is
   */
  void addOwn(String what, Path path) {
    own.computeIfAbsent(what, any -> new TreeSet<>()).add(path);
  }

  /** One sentence for each reason. */
  List<String> sentences(Path root) {
    List<String> sentences = new ArrayList<>();
    paths.forEach(
        (reason, all) ->
            sentences.add(
                "The %s: %s (%d): %s".formatted(tree, reason.what, all.size(), names(root, all))));
    own.forEach(
        (what, all) ->
            sentences.add(
                "The %s: left out, since it is Sevenfold's own: %s %s"
                    .formatted(tree, what, names(root, List.copyOf(all)))));
    return sentences;
  }

  private static String names(Path root, List<Path> paths) {
    return paths.stream()
        .sorted()
        .map(path -> path.equals(root) ? root.toString() : FileText.of(root, path))
        .collect(Collectors.joining(", "));
  }
}
