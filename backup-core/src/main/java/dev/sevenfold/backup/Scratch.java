package dev.sevenfold.backup;

import dev.sevenfold.backup.error.OperationFailed;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A folder for one piece of work, readable by nobody else, deleted with everything in it at the
 * end.
 */
final class Scratch implements AutoCloseable {

  private final Path folder;

  private Scratch(Path folder) {
    this.folder = folder;
  }

  static Scratch in(Path parent) {
    try {
      Files.createDirectories(parent);
      return new Scratch(Files.createTempDirectory(parent, "sevenfold-"));
    } catch (IOException e) {
      throw new OperationFailed(
          "No scratch folder could be made in " + parent + ": " + e.getMessage(),
          "Check its permissions, or name another scratch folder",
          e);
    }
  }

  /** Makes an empty folder inside. */
  Path newFolder(String name) {
    try {
      return Files.createDirectory(folder.resolve(name));
    } catch (IOException e) {
      throw new OperationFailed(
          "The scratch folder " + folder.resolve(name) + " could not be made: " + e.getMessage(),
          "Check the space and the permissions there",
          e);
    }
  }

  @Override
  public void close() {
    try {
      Files.walkFileTree(folder, new Deletion());
    } catch (IOException e) {
      throw new OperationFailed(
          "The scratch folder " + folder + " could not be deleted: " + e.getMessage(),
          "Delete it by hand: it holds a tenant's data",
          e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
