package dev.sevenfold.backup.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to bring a label into use, held by one call of one process at a time, for the moment
 * that it takes to look whether the label is free and to use it. It is a file that is created
 * exclusively, which works on every file system; one that a killed process leaves behind blocks its
 * label until {@link Leftovers} clears it away. Thread-safe.
 */
final class LabelLocks {

  private static final Logger LOG = LoggerFactory.getLogger(LabelLocks.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  /** What is done while the lock is held. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  private final Folder folder;
  private final long looks;

  LabelLocks(Folder folder, Duration patience) {
    this.folder = folder;
    this.looks = 1 + patience.dividedBy(BETWEEN_LOOKS);
  }

  /**
   * Does something while nobody else can bring the label into use.
   *
   * @throws FileAlreadyExistsException if somebody else is about to use it
   */
  void holding(Label label, Action action) throws IOException {
    String lock = ArchiveFileName.lockOf(label);
    create(lock);
    run(action, lock);
  }

  /**
   * As {@link #holding}, once nobody else holds the lock. Goes on without where that one is likely
   * to have been killed, and where a lock cannot be made: a full disk must not keep what would make
   * room from going.
   */
  void awaiting(Label label, Action action) throws IOException {
    String lock = ArchiveFileName.lockOf(label);
    for (long look = 1; look <= looks; look++) {
      try {
        requireFree(lock, look);
        create(lock);
      } catch (FileAlreadyExistsException e) {
        folder.rest(BETWEEN_LOOKS);
        continue;
      } catch (FileSystemException e) {
        LOG.debug("{} cannot be made", lock, e);
        action.run();
        return;
      }
      run(action, lock);
      return;
    }
    LOG.warn("{} was left behind by a process that was killed, and is ignored", lock);
    action.run();
  }

  /**
   * Looks, from the second time on: where nothing can be removed each lock tried for leaves files.
   */
  private void requireFree(String lock, long look) throws IOException {
    if (look > 1 && folder.stat(List.of(lock)).containsKey(lock)) {
      throw new FileAlreadyExistsException(lock);
    }
  }

  private void create(String lock) throws IOException {
    folder.createNew(lock, UUID.randomUUID().toString().getBytes(US_ASCII));
  }

  private void run(Action action, String lock) throws IOException {
    try {
      action.run();
    } finally {
      folder.discard(lock);
    }
  }
}
