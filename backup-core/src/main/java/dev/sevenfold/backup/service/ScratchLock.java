package dev.sevenfold.backup.service;

import dev.sevenfold.backup.io.PosixModes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Says that a scratch folder is in use: a locked file beside it. The system lets the lock go when
 * the process dies, however it dies. Use from one thread.
 *
 * <p>The process is part of the name, because a process must never open a lock file of its own a
 * second time: closing it would let the lock go. Its id alone does not tell: in a container it is
 * the same after each start.
 */
final class ScratchLock implements AutoCloseable {

  private static final String PREFIX = "sevenfold-";
  private static final String SUFFIX = ".lock";
  private static final String OWN = PREFIX + process() + "-";
  private static final Set<StandardOpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;
  private final FileChannel channel;

  private ScratchLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  private static String process() {
    ProcessHandle own = ProcessHandle.current();
    long started = own.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return own.pid() + "-" + started;
  }

  /** Takes a new lock in {@code parent}. */
  static ScratchLock take(Path parent) throws IOException {
    while (true) {
      byte[] random = new byte[8];
      RANDOM.nextBytes(random);
      Path file = parent.resolve(OWN + HexFormat.of().formatHex(random) + SUFFIX);
      FileChannel channel;
      try {
        channel = FileChannel.open(file, NEW_FILE, PosixModes.ownFile(file));
      } catch (FileAlreadyExistsException e) {
        continue;
      }
      ScratchLock lock = new ScratchLock(file, channel);
      // A sweep may have seen the file before it was locked; then it is gone, or about to go.
      if (lock.tryLock() && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return lock;
      }
      lock.close();
    }
  }

  /** The lock that a dead process of the same user has left; empty if that is not what this is. */
  static Optional<ScratchLock> ofDead(Path file, Path own) throws IOException {
    String name = file.getFileName().toString();
    if (!name.startsWith(PREFIX)
        || !name.endsWith(SUFFIX)
        || name.startsWith(OWN)
        || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !isOfOwner(file, own)) {
      return Optional.empty();
    }
    ScratchLock lock =
        new ScratchLock(
            file, FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    boolean strange =
        Files.exists(lock.folder(), LinkOption.NOFOLLOW_LINKS) && !isOfOwner(lock.folder(), own);
    if (!strange && lock.tryLock()) {
      return Optional.of(lock);
    }
    lock.channel.close();
    return Optional.empty();
  }

  /** In a folder for everybody, somebody else's files are not ours to delete. */
  private static boolean isOfOwner(Path path, Path own) throws IOException {
    return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own));
  }

  private boolean tryLock() throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** The lock file. */
  Path file() {
    return file;
  }

  /** The folder that the lock is for. */
  Path folder() {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.length() - SUFFIX.length()));
  }

  /** Removes the lock file, and lets the lock go. */
  @Override
  public void close() throws IOException {
    // In this order: while it is locked, nobody else takes it for a dead one's.
    try (channel) {
      Files.deleteIfExists(file);
    }
  }
}
