package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.io.Quoted;

/** Which names the folders and links of a system's trees may have, and where links may lead. */
final class TreeNames {

  private static final String TREES = "trees";
  // trees, the tree, the link
  private static final int LINK_PARTS = 3;

  private TreeNames() {}

  /** Refuses a folder that is neither a tree nor inside of one. */
  static void requireFolder(String name) {
    EntryNames.requireSafe(name);
    String[] parts = name.split("/", -1);
    if (parts.length < LINK_PARTS - 1 || !parts[0].equals(TREES)) {
      throw new IllegalArgumentException(
          "The folder " + Quoted.text(name) + " is refused: it is in no tree");
    }
  }

  /** Refuses a link that is outside of a tree, or that leads out of its own. */
  static void requireLink(String name, String target) {
    EntryNames.requireSafe(name);
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
        || !parts[0].equals(TREES)
        || target.length() > EntryNames.LONGEST
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
}
