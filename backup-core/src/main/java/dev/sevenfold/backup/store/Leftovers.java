package dev.sevenfold.backup.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What killed processes left behind in a folder: unfinished uploads and claims. Removed once nobody
 * has written to them for a day. Thread-safe.
 */
final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  /** An upload that is going on writes more often than this. */
  static final Duration MAX_AGE = Duration.ofHours(24);

  /** A folder of many thousand archives takes a while to read; not at every publish. */
  static final Duration INTERVAL = Duration.ofHours(1);

  private final DurableFolder folder;
  private final Clock clock;
  private Instant lastSweep = Instant.MIN;

  Leftovers(DurableFolder folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Removes what is old enough, now and then. Never fails: it is not what the caller is about. */
  void sweep() {
    Instant now = clock.instant();
    if (!isDue(now)) {
      return;
    }
    Instant limit = now.minus(MAX_AGE);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            folder.root(), file -> ArchiveFileName.isTemporary(file.getFileName().toString()))) {
      for (Path file : files) {
        removeIfOlder(file, limit);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn(
          "Leftovers of killed uploads in {} could not be removed: {}",
          folder.root(),
          e.toString());
    }
  }

  private synchronized boolean isDue(Instant now) {
    // A clock that went back does not put the next time off.
    boolean due = now.isBefore(lastSweep) || lastSweep.isBefore(now.minus(INTERVAL));
    if (due) {
      lastSweep = now;
    }
    return due;
  }

  private void removeIfOlder(Path file, Instant limit) throws IOException {
    BasicFileAttributes attributes = folder.attributes(file);
    if (attributes != null
        && attributes.isRegularFile()
        && attributes.lastModifiedTime().toInstant().isBefore(limit)) {
      Files.deleteIfExists(file);
    }
  }
}
