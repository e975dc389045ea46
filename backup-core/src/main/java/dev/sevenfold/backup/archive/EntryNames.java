package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.io.Quoted;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * Which names an entry may have: those that are a path inside a folder on every system; in the
 * trees of a system, those that are one wherever the slash alone separates folders. And where the
 * links of a tree may lead.
 */
final class EntryNames {

  /** More than any file system takes, and little enough for a tar header to be bounded. */
  static final int LONGEST = 4_096;

  private static final String TREES = "trees/";
  // trees, the tree, the link
  private static final int LINK_PARTS = 3;

  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

  private static final int MODES = 0777;

  private EntryNames() {}

  /** Refuses a name that could lead out of the folder it is extracted into, or into another. */
  static void requirePlain(String name) {
    require(name, EntryNames::isForbidden);
  }

  /**
   * As {@link #requirePlain}, but a file of a tree may have the name that somebody gave it, with
   * backslashes and line feeds.
   */
  static void requireSafe(String name) {
    require(name, name.startsWith(TREES) ? EntryNames::isNoText : EntryNames::isForbidden);
  }

  static boolean isPlain(String name) {
    return name.codePoints().noneMatch(EntryNames::isForbidden);
  }

  private static void require(String name, IntPredicate forbidden) {
    if (name.length() > LONGEST) {
      throw refused(name, "it has " + name.length() + " characters, more than " + LONGEST);
    }
    if (DRIVE.matcher(name).matches()) {
      throw refused(name, "it begins with a drive letter");
    }
    if (name.codePoints().anyMatch(forbidden)) {
      throw refused(name, "it has a backslash, a control character or half of a character");
    }
    // An absolute name begins with an empty folder.
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw refused(name, "it is not a plain relative path");
      }
    }
  }

  private static boolean isForbidden(int c) {
    return isNoText(c) || c < ' ' || c == 0x7f || c == '\\';
  }

  static boolean isNoText(int c) {
    return c == 0 || Character.getType(c) == Character.SURROGATE;
  }

  /** Refuses a folder that is neither a tree nor inside of one. */
  static void requireFolder(String name) {
    requireSafe(name);
    if (!name.startsWith(TREES)) {
      throw new IllegalArgumentException(
          "The folder " + Quoted.text(name) + " is refused: it is in no tree");
    }
  }

  /** Refuses a link that is outside of a tree, or that leads out of its own. */
  static void requireLink(String name, String target) {
    requireSafe(name);
    if (!staysInTree(name, target)) {
      throw new IllegalArgumentException(
          "The link %s to %s is refused: it does not stay in its tree"
              .formatted(Quoted.text(name), Quoted.text(target)));
    }
  }

  /**
   * Whether a link leads to something in its own tree. A way up is only taken before any name: what
   * is above the link are folders, while a name may be another link, and what is above that one's
   * target is anywhere.
   */
  static boolean staysInTree(String name, String target) {
    String[] parts = name.split("/", -1);
    if (parts.length < LINK_PARTS
        || !name.startsWith(TREES)
        || target.length() > LONGEST
        || target.codePoints().anyMatch(EntryNames::isNoText)) {
      return false;
    }
    int up = 0;
    boolean down = false;
    for (String part : target.split("/", -1)) {
      if (part.isEmpty()) {
        return false;
      } else if (part.equals("..")) {
        up++;
        if (down) {
          return false;
        }
      } else if (!part.equals(".")) {
        down = true;
      }
    }
    return up <= parts.length - LINK_PARTS;
  }

  /**
   * Refuses two entries of one name, one that is another's folder, and the archive's own names.
   *
   * @param names of files and links
   * @param folders names of folders, which others may be in
   */
  static void requireDistinct(List<String> names, List<String> folders) {
    Set<String> files = new HashSet<>(names.size() * 2);
    files.add(ArchiveManifest.ENTRY_NAME);
    files.add(ArchiveManifest.SIGNATURE_NAME);
    names.forEach(name -> requireNew(name, files));
    Set<String> distinct = new HashSet<>(folders.size() * 2);
    folders.forEach(name -> requireNew(name, distinct));
    for (String name : folders) {
      if (files.contains(name)) {
        throw refused(name, "another entry, which is no folder, has the same name");
      }
    }
    requireNoneInside(names, files);
    requireNoneInside(folders, files);
  }

  private static void requireNew(String name, Set<String> names) {
    if (!names.add(name)) {
      throw refused(name, "another entry has the same name");
    }
  }

  private static void requireNoneInside(List<String> names, Set<String> files) {
    for (String name : names) {
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
        if (files.contains(name.substring(0, slash))) {
          throw refused(name, Quoted.text(name.substring(0, slash)) + " is no folder");
        }
      }
    }
  }

  private static IllegalArgumentException refused(String name, String why) {
    return new IllegalArgumentException(
        "The entry name " + Quoted.text(name) + " is refused: " + why);
  }

  // No set-user-ID and the like: an archive must not be able to hand out rights.
  static void requireMode(String name, OptionalInt mode) {
    if (mode.isPresent() && (mode.getAsInt() & ~MODES) != 0) {
      throw new IllegalArgumentException(
          "Entry %s cannot have the mode %o".formatted(name, mode.getAsInt()));
    }
  }
}
