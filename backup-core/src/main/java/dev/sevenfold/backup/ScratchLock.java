package dev.sevenfold.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells a scratch folder that is in use from one that a killed process has left: the system lets a
 * lock go with its process. The folder's name has the process in it, since a process must not even
 * open a lock file of its own: closing it again would drop the lock. Use from one thread.
 */
final class ScratchLock implements AutoCloseable {

  private static final String PREFIX = "sevenfold-";
  private static final String NAME = "lock";

  private final FileChannel channel;

  private ScratchLock(FileChannel channel) {
    this.channel = channel;
  }

  /** What the names of this process's folders begin with. */
  static String prefix() {
    return PREFIX + ProcessHandle.current().pid() + "-";
  }

  /** Locks a new folder; empty if somebody has taken it for abandoned meanwhile. */
  static Optional<ScratchLock> take(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (isHeldElsewhere(channel) || !Files.exists(file)) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new ScratchLock(channel));
  }

  /** A file system without locks is one on which nothing is ever found abandoned. */
  private static boolean isHeldElsewhere(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock == null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A folder of a process that is no more, kept from others until it is closed.
   *
   * @param folder the folder
   * @param channel holds the lock
   */
  record Abandoned(Path folder, FileChannel channel) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** The abandoned folders beside this one, of the same owner. */
  static List<Abandoned> abandonedBeside(Path folder) throws IOException {
    List<Abandoned> found = new ArrayList<>();
    Path parent = folder.toAbsolutePath().getParent();
    if (parent == null) {
      return found;
    }
    // What belongs to others is theirs, and could be changed by them while it is deleted.
    UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*-*")) {
      for (Path other : folders) {
        if (!String.valueOf(other.getFileName()).startsWith(prefix())
            && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
            && owner.equals(Files.getOwner(other, LinkOption.NOFOLLOW_LINKS))) {
          FileChannel channel = lockIfFree(other.resolve(NAME));
          if (channel != null) {
            found.add(new Abandoned(other, channel));
          }
        }
      }
    }
    return found;
  }

  private static @Nullable FileChannel lockIfFree(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      try {
        if (channel.tryLock() != null) {
          return channel;
        }
      } catch (IOException | OverlappingFileLockException e) {
        channel.close();
        return null;
      }
      channel.close();
      return null;
    } catch (IOException e) {
      // It has no lock file, or is gone by now.
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
