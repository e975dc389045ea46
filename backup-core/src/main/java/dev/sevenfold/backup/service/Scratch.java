package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.PosixModes;
import dev.sevenfold.backup.source.OwnPlace;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for one piece of work, readable by nobody else, deleted with everything in it at the
 * end.
 */
public final class Scratch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Scratch.class);

  // Also the native libraries that drivers unpack there.
  private static final Pattern OWN_NAMES =
      Pattern.compile("sevenfold-.*|sqlite-.*sqlitejdbc.*|libzstd-jni.*", Pattern.DOTALL);

  private static final String NAME_ANOTHER =
      "Check its permissions and its room, or name another scratch folder: with scratch, or Java's"
          + " option -Djava.io.tmpdir=DIR";

  private final ScratchLock lock;
  private final Path folder;

  private Scratch(ScratchLock lock) throws IOException {
    this.lock = lock;
    this.folder = lock.folder();
    Files.createDirectory(folder, PosixModes.ownFolder(folder));
  }

  /** What of a folder, which others may use too, belongs to work that is under way. */
  public static OwnPlace place(Path parent) {
    return OwnPlace.namedIn(
        "the scratch folder", parent, name -> OWN_NAMES.matcher(name).matches());
  }

  /** Makes one in {@code parent}, and removes there what killed processes have left. */
  public static Scratch in(Path parent) {
    try {
      new DurableFiles().createFolders(parent.toAbsolutePath());
      return locked(parent, ScratchLock.take(parent));
    } catch (IOException e) {
      throw new OperationFailed(
          "No scratch folder could be made in " + parent + ": " + Printable.reason(e),
          NAME_ANOTHER,
          e);
    }
  }

  private static Scratch locked(Path parent, ScratchLock lock) throws IOException {
    try {
      sweep(parent, lock);
      return new Scratch(lock);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  private static void sweep(Path parent, ScratchLock own) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parent, "sevenfold-*.lock")) {
      for (Path file : files) {
        removeIfDead(file, own);
      }
    } catch (IOException | DirectoryIteratorException e) {
      log.warn(
          "The scratch folder {} could not be looked through: {}",
          parent,
          Printable.of(e.toString()));
    }
  }

  private static void removeIfDead(Path file, ScratchLock own) {
    try {
      Optional<ScratchLock> dead = ScratchLock.ofDead(file, own.file());
      if (dead.isPresent()) {
        try (ScratchLock lock = dead.get()) {
          delete(lock.folder());
        }
        log.info("Removed {}, which a killed process had left", dead.get().folder());
      }
    } catch (IOException e) {
      // Another sweep was first, or it is not ours to remove; the work at hand does not depend on
      // it.
      log.debug("Left {} alone: {}", file, Printable.of(e.toString()));
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(folder, new Deletion());
    }
  }

  /** Makes an empty folder inside. */
  public Path newFolder(String name) {
    try {
      return Files.createDirectory(folder.resolve(name));
    } catch (IOException e) {
      throw new OperationFailed(
          "The scratch folder "
              + folder.resolve(name)
              + " could not be made: "
              + Printable.reason(e),
          NAME_ANOTHER,
          e);
    }
  }

  @Override
  public void close() {
    try (lock) {
      delete(folder);
    } catch (IOException e) {
      throw new OperationFailed(
          "The scratch folder " + folder + " could not be deleted: " + Printable.reasonWithFile(e),
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
