package dev.sevenfold.backup;

import dev.sevenfold.backup.error.OperationFailed;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for one piece of work, readable by nobody else, deleted with everything in it at the
 * end. What a killed process has left is deleted by the next one that works in the same place.
 */
final class Scratch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BackupService.class);

  private final Path folder;
  private final ScratchLock lock;

  private Scratch(Path folder, ScratchLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** A new folder; removes those beside it that killed processes have left. */
  static Scratch in(Path parent) {
    try {
      Files.createDirectories(parent);
      while (true) {
        Path folder = Files.createTempDirectory(parent, ScratchLock.prefix());
        Optional<ScratchLock> lock = ScratchLock.take(folder);
        if (lock.isPresent()) {
          ScratchLock.abandonedBeside(folder).forEach(Scratch::removeAbandoned);
          return new Scratch(folder, lock.get());
        }
        // Somebody took it for abandoned before it was locked, and removes it.
      }
    } catch (IOException e) {
      throw new OperationFailed(
          "No scratch folder could be made in " + parent + ": " + e.getMessage(),
          "Check its permissions, or name another scratch folder",
          e);
    }
  }

  private static void removeAbandoned(ScratchLock.Abandoned abandoned) {
    try (abandoned) {
      Files.walkFileTree(abandoned.folder(), new Deletion());
      log.info("Removed {}, which a killed process had left", abandoned.folder());
    } catch (IOException e) {
      log.warn("{}, which a killed process has left, stays: {}", abandoned.folder(), e.toString());
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
    try (lock) {
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
