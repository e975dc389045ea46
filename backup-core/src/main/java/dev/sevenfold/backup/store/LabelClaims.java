package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to bring a label into use, held by one thread of one process at a time, for the moment
 * that it takes to look whether the label is free and to use it. It is a file that is created
 * exclusively, which works on every file system; one that a killed process leaves behind blocks its
 * label until {@link Leftovers} clears it away. Thread-safe.
 */
final class LabelClaims {

  private static final Logger LOG = LoggerFactory.getLogger(LabelClaims.class);

  /** Longer than anybody holds a claim who is alive. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  /** What is done while the claim is held. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  private final DurableFolder folder;
  private final Duration patience;

  LabelClaims(DurableFolder folder, Duration patience) {
    this.folder = folder;
    this.patience = patience;
  }

  /**
   * Does something while nobody else can bring the label into use.
   *
   * @throws FileAlreadyExistsException if somebody else is about to use it
   */
  void holding(Label label, Action action) throws IOException {
    Path claim = folder.file(ArchiveFileName.claimOf(label));
    folder.create(claim).close();
    run(action, claim);
  }

  /**
   * As {@link #holding}, once nobody else holds the claim. Goes on without where that one is likely
   * to have been killed, and where a claim cannot be made: a full disk must not keep what would
   * make room from going.
   */
  void awaiting(Label label, Action action) throws IOException {
    Path claim = folder.file(ArchiveFileName.claimOf(label));
    long start = System.nanoTime();
    do {
      try {
        folder.create(claim).close();
      } catch (FileAlreadyExistsException e) {
        rest();
        continue;
      } catch (FileSystemException e) {
        LOG.debug("{} cannot be made", claim, e);
        action.run();
        return;
      }
      run(action, claim);
      return;
    } while (System.nanoTime() - start < patience.toNanos());
    LOG.warn("{} was left behind by a process that was killed, and is ignored", claim);
    action.run();
  }

  private void run(Action action, Path claim) throws IOException {
    try {
      action.run();
    } finally {
      folder.discard(claim);
    }
  }

  private static void rest() throws InterruptedIOException {
    try {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while somebody else was at work on a label");
    }
  }
}
