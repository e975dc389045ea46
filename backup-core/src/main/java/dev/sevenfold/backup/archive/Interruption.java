package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.error.OperationFailed;
import org.jspecify.annotations.Nullable;

/** A host that shuts down interrupts the thread: an archive of an hour must then not go on. */
final class Interruption {

  private Interruption() {}

  /** Stops if this thread is interrupted, and leaves it so. */
  static void check(String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure(what, null);
    }
  }

  static OperationFailed failure(String what, @Nullable Throwable cause) {
    return new OperationFailed(what + " was interrupted", "Start again", cause);
  }
}
