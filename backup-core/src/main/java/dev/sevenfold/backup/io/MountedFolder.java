package dev.sevenfold.backup.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks whether a folder that files are to be in is there and has any: where a disk is not mounted,
 * it is not, or has none. Opens nothing.
 */
public final class MountedFolder {

  /** What a file system puts into its root by itself. */
  private static final String LOST_AND_FOUND = "lost+found";

  private static final String OWN = "-sevenfold.";

  private MountedFolder() {}

  /**
   * What is the matter with a folder, to follow its name; empty if it has any file.
   *
   * @param others files that may be in it and are none of those that are looked for
   */
  public static Optional<String> doubt(Path folder, List<Path> others) {
    if (!Files.isDirectory(folder)) {
      return Optional.of(whyNone(folder));
    }
    try {
      return hasFile(folder.toRealPath(), others)
          ? Optional.empty()
          : Optional.of("has no file in it");
    } catch (IOException | UncheckedIOException e) {
      // It is there, and not for us to look into: whoever reads the files will say so.
      return Optional.empty();
    }
  }

  /** Why there is no such folder, to follow its name. */
  public static String whyNone(Path folder) {
    if (Files.isSymbolicLink(folder)) {
      return "is a link that leads to no folder";
    }
    return Files.exists(folder) ? "is not a folder" : "is not there";
  }

  /** Whether a file is one that an empty folder may have, by its path below the folder. */
  public static boolean isNothing(Path below) {
    String first = below.getName(0).toString();
    return first.equals(LOST_AND_FOUND)
        // .keep and the like, which hold the place of a folder
        || (below.getNameCount() == 1 && first.startsWith("."))
        || below.getFileName().toString().contains(OWN);
  }

  private static boolean hasFile(Path root, List<Path> others) throws IOException {
    try (Stream<Path> files =
        Files.find(root, Integer.MAX_VALUE, (file, attributes) -> !attributes.isDirectory())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!isNothing(root.relativize(file)) && !isAny(file, others)) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean isAny(Path file, List<Path> others) throws IOException {
    for (Path other : others) {
      if (LiveFiles.isSame(file, other)) {
        return true;
      }
    }
    return false;
  }
}
