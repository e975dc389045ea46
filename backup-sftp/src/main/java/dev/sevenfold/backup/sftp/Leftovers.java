package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unfinished uploads and claims that have to go: this store's own as soon as the server is there,
 * those of killed processes some hours after they were last written to. Thread-safe.
 */
final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  /** An upload that is going on writes more often than this. */
  static final Duration MAX_AGE = Duration.ofHours(6);

  /** A folder of many thousand archives takes a while to read; not at every publish. */
  static final Duration INTERVAL = Duration.ofHours(1);

  private static final byte[] ANY_CONTENT = {};

  private final RemoteFolder folder;
  private final Connections connections;

  /** Names, and what a file must contain to be the one that is meant; nothing for any content. */
  private final Map<String, byte[]> owed = new ConcurrentHashMap<>();

  private long lastSweep = Long.MIN_VALUE;

  Leftovers(RemoteFolder folder, Connections connections) {
    this.folder = folder;
    this.connections = connections;
  }

  /**
   * Removes a file that is of no use any more; after a lost connection that has to wait for the
   * next {@link #sweep}. Never fails: it is not what the caller is about.
   */
  void discard(String name) {
    discardIf(name, ANY_CONTENT);
  }

  /** As {@link #discard}, if the file begins with this content; otherwise it is somebody else's. */
  void discardIf(String name, byte[] content) {
    owed.put(name, content);
    connections.ifConnected().ifPresent(sftp -> settle(sftp, name, content));
  }

  private void settle(Sftp sftp, String name, byte[] content) {
    try {
      if (content.length == 0 || isThere(sftp, name, content)) {
        folder.remove(sftp, name);
      }
      owed.remove(name);
    } catch (ConnectionLost e) {
      LOG.debug("{} could not be removed now", folder.path(name), e);
    } catch (IOException e) {
      owed.remove(name);
      LOG.debug("{} could not be removed", folder.path(name), e);
    }
  }

  private boolean isThere(Sftp sftp, String name, byte[] content) throws IOException {
    return folder
        .read(sftp, name, content.length)
        .filter(found -> Arrays.equals(found, content))
        .isPresent();
  }

  /**
   * Removes what is owed, and now and then what is old enough. Never fails.
   *
   * @param now the server's clock, by which the ages of its files are told; nobody's else counts
   */
  void sweep(Sftp sftp, long now) {
    owed.forEach((name, content) -> settle(sftp, name, content));
    if (!isDue(now)) {
      return;
    }
    try {
      for (Map.Entry<String, RemoteFile> file : folder.list(sftp).entrySet()) {
        if (ArchiveFileName.isTemporary(file.getKey())
            && file.getValue().isRegular()
            && file.getValue().modifiedSeconds() < now - MAX_AGE.toSeconds()) {
          folder.remove(sftp, file.getKey());
        }
      }
    } catch (IOException e) {
      LOG.warn("Leftovers of killed uploads in {} could not be removed", folder.path(), e);
    }
  }

  private synchronized boolean isDue(long now) {
    // A clock that went back does not put the next time off.
    boolean due = now < lastSweep || lastSweep < now - INTERVAL.toSeconds();
    if (due) {
      lastSweep = now;
    }
    return due;
  }
}
