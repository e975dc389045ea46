package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.OperationFailed;

/** Ends work that somebody interrupts, between two steps of it. */
final class Interrupts {

  private Interrupts() {}

  /** Fails if this thread is interrupted, and leaves it so. */
  static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new OperationFailed(
          "The work was interrupted", "The live data is as it was; start it again when you like");
    }
  }
}
