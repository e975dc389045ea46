package dev.sevenfold.backup.io;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

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
      Finder finder = new Finder(folder.toRealPath(), others);
      Files.walkFileTree(finder.root, finder);
      return finder.found ? Optional.empty() : Optional.of("has no file in it");
    } catch (IOException e) {
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

  /** Ends with the first file. */
  private static final class Finder extends SimpleFileVisitor<Path> {

    private final Path root;
    private final List<Path> others;
    private boolean found;

    private Finder(Path root, List<Path> others) {
      this.root = root;
      this.others = others;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      found = !isNothing(root.relativize(file)) && !isOther(file);
      return found ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    private boolean isOther(Path file) throws IOException {
      for (Path other : others) {
        if (LiveFiles.isSame(file, other)) {
          return true;
        }
      }
      return false;
    }
  }
}
