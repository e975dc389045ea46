package dev.sevenfold.backup.io;

import dev.sevenfold.backup.error.OperationFailed;
import org.jspecify.annotations.Nullable;

/** A host that shuts down interrupts the thread: work of an hour must then not go on. */
public final class Interrupts {

  private Interrupts() {}

  /** Fails if this thread is interrupted, and leaves it so. */
  public static void check() {
    check("The work");
  }

  /**
   * Fails if this thread is interrupted, and leaves it so.
   *
   * @param what begins the message
   */
  public static void check(String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure(what, null);
    }
  }

  /** What to throw where an interrupt was seen. */
  public static OperationFailed failure(String what, @Nullable Throwable cause) {
    return new OperationFailed(
        what + " was interrupted",
        "The live data is as it was; start it again when you like",
        cause);
  }
}
