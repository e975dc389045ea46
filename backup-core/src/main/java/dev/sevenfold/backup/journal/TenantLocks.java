package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.files.OwnNames;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One lock a tenant, held by at most one job of all processes on this machine that share a
 * database: a byte of an empty file beside it. Thread-safe.
 */
public final class TenantLocks {

  /** What the name of the file has behind that of the database. */
  public static final String SUFFIX = "-sevenfold.lock";

  private static final Duration PAUSE = Duration.ofMillis(20);

  /**
   * The open lock files of this Java process. Shared by all sources, because the system forgets
   * every lock of a process on a file as soon as the process closes that file once.
   */
  private static final Map<Path, Shared> OPEN = new HashMap<>();

  private static final class Shared {
    private final FileChannel channel;
    private int users;

    private Shared(FileChannel channel) {
      this.channel = channel;
    }
  }

  private final Path file;
  private final Duration timeout;

  public TenantLocks(Path file, Duration timeout) {
    this.file = file;
    this.timeout = timeout;
  }

  /** Those beside a live database. */
  public static TenantLocks beside(Path live, Duration timeout) {
    String name = OwnNames.beside(live, SUFFIX.length()) + SUFFIX;
    return new TenantLocks(live.resolveSibling(name), timeout);
  }

  /** Waits for the lock. */
  public TenantLock acquire(TenantId tenant) {
    TenantLock lock = acquire(position(tenant), timeout);
    if (lock == null) {
      throw new SourceUnavailable(
          "Another job has been working on tenant " + tenant + " for longer than " + timeout,
          "Let it finish, or raise the busy timeout");
    }
    return lock;
  }

  /** Takes the lock at a {@link #position} if nobody has it; else null. */
  public @Nullable TenantLock tryAcquire(long position) {
    return acquire(position, Duration.ZERO);
  }

  /** Waits so long for the lock at a position; null if somebody has it all the time. */
  public @Nullable TenantLock acquire(long position, Duration patience) {
    long start = System.nanoTime();
    try {
      Shared shared = open();
      try {
        FileLock lock = tryLock(shared, position);
        while (lock == null && System.nanoTime() - start < patience.toNanos()) {
          TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
          lock = tryLock(shared, position);
        }
        if (lock == null) {
          release(shared);
          return null;
        }
        FileLock held = lock;
        return () -> release(shared, held);
      } catch (IOException | InterruptedException | RuntimeException e) {
        release(shared);
        throw e;
      }
    } catch (IOException e) {
      throw new SourceUnavailable(
          "The lock file " + file + " could not be used: " + Printable.reason(e),
          "Check that this process may write to the folder of the database",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationFailed(
          "The wait for the lock of a tenant was interrupted", "Start again", e);
    }
  }

  private static @Nullable FileLock tryLock(Shared shared, long position) throws IOException {
    try {
      return shared.channel.tryLock(position, 1, false);
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
      return null;
    }
  }

  private Shared open() throws IOException {
    synchronized (OPEN) {
      Shared shared = OPEN.get(file);
      if (shared == null) {
        FileOwners.createBeside(file, database());
        shared =
            new Shared(FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        OPEN.put(file, shared);
      }
      shared.users++;
      return shared;
    }
  }

  private Path database() {
    String name = String.valueOf(file.getFileName());
    int end = name.endsWith(SUFFIX) ? name.length() - SUFFIX.length() : 0;
    return file.resolveSibling(name.substring(0, end));
  }

  private void release(Shared shared, FileLock lock) {
    try {
      lock.release();
    } catch (IOException e) {
      throw new SourceUnavailable(
          "The lock file " + file + " could not be used: " + Printable.reason(e),
          "See the cause",
          e);
    } finally {
      release(shared);
    }
  }

  private void release(Shared shared) {
    synchronized (OPEN) {
      shared.users--;
      if (shared.users == 0) {
        OPEN.remove(file);
        try {
          shared.channel.close();
        } catch (IOException e) {
          throw new SourceUnavailable(
              "The lock file " + file + " could not be closed: " + Printable.reason(e),
              "See the cause",
              e);
        }
      }
    }
  }

  /** A byte of the file for each tenant: two tenants that share one only wait for each other. */
  public static long position(TenantId tenant) {
    byte[] digest = Sha256.digest().digest(tenant.value().getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong() >>> 2;
  }
}
