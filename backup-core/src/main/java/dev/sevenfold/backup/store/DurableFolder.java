package dev.sevenfold.backup.store;

import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.io.PosixModes;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder whose changes survive a power cut once they are synced, and whose files nobody but the
 * owner can read. Thread-safe.
 */
final class DurableFolder {

  private static final Logger LOG = LoggerFactory.getLogger(DurableFolder.class);

  private final Path root;
  private final boolean posix;

  DurableFolder(Path root) {
    this.root = root.toAbsolutePath();
    this.posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Creates a folder, this one or one of it, and those above it, if it is not there. */
  void ensureExists(Path wanted) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path folder = wanted;
        folder != null && !Files.isDirectory(folder);
        folder = folder.getParent()) {
      missing.push(folder);
    }
    for (Path folder : missing) {
      try {
        Files.createDirectory(folder, PosixModes.ownFolder(root));
        FileOwners.ownAsFolder(folder);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(folder)) {
          throw e;
        }
      }
      Path parent = folder.getParent();
      if (parent != null) {
        sync(parent);
      }
    }
  }

  /** Creates a file that is not there yet, and opens it for writing. */
  FileChannel create(Path file) throws IOException {
    // The mode is given at creation: the content is never readable by others, not for a moment.
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixModes.ownFile(root));
    try {
      FileOwners.ownAsFolder(file);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Removes a file that is of no use any more. Never fails. */
  void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      LOG.debug("{} could not be removed now", temporary, e);
    }
  }

  /** Renames a file; replaces what has the name. Not yet synced. */
  void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Gives a finished file its name, unless the name is taken. Not yet synced.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  void nameExclusively(Path temporary, Path name) throws IOException {
    try {
      // Unlike a rename, a link never replaces a file, whoever put it there.
      Files.createLink(name, temporary);
    } catch (FileAlreadyExistsException e) {
      // A network file system may repeat a link that has succeeded, when the answer got lost.
      if (!isSame(temporary, name)) {
        throw e;
      }
    } catch (UnsupportedOperationException | FileSystemException e) {
      // There are file systems without links (FAT, many network ones); the caller's lock keeps
      // other stores away from the name in the meantime.
      if (attributes(name) != null) {
        throw new FileAlreadyExistsException(name.toString());
      }
      rename(temporary, name);
    }
  }

  /** What had the name may be gone by now, or be a link that leads nowhere: another file. */
  private static boolean isSame(Path temporary, Path name) throws IOException {
    try {
      return Files.isSameFile(temporary, name);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** What a file is, links not followed; null if it is not there. */
  @Nullable BasicFileAttributes attributes(Path file) throws IOException {
    try {
      return DurableFiles.attributes(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Returns once the names of files created, renamed and deleted so far are durable. */
  void sync(Path folder) throws IOException {
    if (!posix) {
      return; // Windows opens no folders, and journals their changes by itself.
    }
    boolean interrupted = false;
    try {
      while (true) {
        // An interrupt closes the channel, and a change that is already visible would be reported
        // as failed.
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          DurableFiles.forceFolder(channel);
          return;
        } catch (ClosedByInterruptException e) {
          LOG.debug("Interrupted while syncing {}; syncing again", folder);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
