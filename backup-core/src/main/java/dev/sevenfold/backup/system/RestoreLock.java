package dev.sevenfold.backup.system;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.PosixModes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** The right to restore into one folder, of all processes on this machine. Use from one thread. */
public final class RestoreLock implements AutoCloseable {

  private static final Set<StandardOpenOption> LOCK_FILE =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final int LONGEST = 65_536;

  /** The locks of this process: the system's are no lock against itself. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Path key;
  private final FileChannel channel;

  private RestoreLock(Path file, Path key, FileChannel channel) {
    this.file = file;
    this.key = key;
    this.channel = channel;
  }

  /**
   * Takes the lock, in a folder that is there.
   *
   * @throws RestoreRefused if somebody has it
   */
  public static RestoreLock acquire(Path file) throws IOException {
    Path key = file.toAbsolutePath().normalize();
    // Not even opened a second time: closing it again would let the system's lock go.
    if (!HELD.add(key)) {
      throw refused(file);
    }
    try {
      return acquire(file, key);
    } catch (IOException | RuntimeException e) {
      HELD.remove(key);
      throw e;
    }
  }

  private static RestoreRefused refused(Path file) {
    return new RestoreRefused(
        "Another restore is at work, and holds " + file, List.of(), "Let it finish");
  }

  private static RestoreLock acquire(Path file, Path key) throws IOException {
    while (true) {
      FileChannel channel = FileChannel.open(file, LOCK_FILE, PosixModes.ownFile(file));
      try {
        if (channel.tryLock() == null) {
          throw refused(file);
        }
        // Whoever had it before may have deleted the file between our opening and locking it.
        if (isStill(file, channel)) {
          return new RestoreLock(file, key, channel);
        }
        channel.close();
      } catch (OverlappingFileLockException e) {
        channel.close();
        throw refused(file);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }
  }

  /** Fails if it was released. */
  void requireHeld() {
    if (!channel.isOpen()) {
      throw new IllegalStateException("The lock " + file + " is not held any more");
    }
  }

  /**
   * Whether the file that we have locked still has its name. A channel cannot be asked; but nobody
   * else writes to the file, so a length drawn at random tells it from another file.
   */
  private static boolean isStill(Path file, FileChannel channel) throws IOException {
    int length = ThreadLocalRandom.current().nextInt(LONGEST);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(new byte[] {0}), length);
    return Files.exists(file) && Files.size(file) == length + 1;
  }

  /** Deletes the file and lets it go, in this order: it is not another one's yet. */
  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    } finally {
      HELD.remove(key);
    }
  }
}
