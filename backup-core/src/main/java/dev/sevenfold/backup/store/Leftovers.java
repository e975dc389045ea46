package dev.sevenfold.backup.store;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What killed processes left behind in a folder: unfinished uploads and locks. Removed once nobody
 * has written to them for long: an upload that is going on writes more often. Thread-safe.
 */
final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  /** A folder of many thousand archives takes a while to read; not at every publish. */
  private static final Duration INTERVAL = Duration.ofHours(1);

  private final Folder folder;
  private final Duration age;
  private Instant lastSweep = Instant.MIN;

  Leftovers(Folder folder, Duration age) {
    this.folder = folder;
    this.age = age;
  }

  /**
   * Removes what is old enough, now and then. Never fails: it is not what the caller is about.
   *
   * @param now by the clock that dates the folder's files; no other counts
   * @param underway the caller's own, which stays
   */
  void sweep(Instant now, String underway) {
    if (!isDue(now)) {
      return;
    }
    try {
      Map<String, Folder.Entry> temporary =
          folder.list(
              FolderLayout.ROOT,
              name -> ArchiveFileName.isTemporary(name) && !name.equals(underway));
      for (Map.Entry<String, Folder.Entry> file : temporary.entrySet()) {
        if (file.getValue().regular() && file.getValue().modified().isBefore(now.minus(age))) {
          folder.remove(file.getKey());
        }
      }
    } catch (IOException e) {
      LOG.warn(
          "Leftovers of killed uploads in {} could not be removed: {}",
          folder.describe(),
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
}
