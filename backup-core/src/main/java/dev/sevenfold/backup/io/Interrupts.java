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

  /**
   * Work that belongs together.
   *
   * @param <T> what it gives
   * @param <E> how it fails
   */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * Does work in the middle of which no channel must be closed: an interrupt that came before has
   * to wait, and is there again after it, done or failed.
   */
  public static <T, E extends Exception> T defer(Work<T, E> work) throws E {
    boolean interrupted = Thread.interrupted();
    try {
      return work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
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
