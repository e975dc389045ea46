package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/**
 * The right to bring a label into use, held by one thread of one process at a time, for the moment
 * that it takes to look whether the label is free and to use it. It is a file that is created
 * exclusively, which works on every file system; one that a killed process leaves behind blocks its
 * label until {@link Leftovers} clears it away. Thread-safe.
 */
final class LabelClaims {

  /** What is done while the claim is held. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  private final DurableFolder folder;

  LabelClaims(DurableFolder folder) {
    this.folder = folder;
  }

  /**
   * Does something while nobody else can bring the label into use.
   *
   * @throws FileAlreadyExistsException if somebody else is about to use it
   */
  void holding(Label label, Action action) throws IOException {
    Path claim = folder.file(ArchiveFileName.claimOf(label));
    folder.create(claim).close();
    try {
      action.run();
    } finally {
      folder.discard(claim);
    }
  }
}
