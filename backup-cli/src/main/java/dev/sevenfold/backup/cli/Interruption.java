package dev.sevenfold.backup.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What Ctrl-C does: it interrupts the work and waits a moment, so that the work can take its
 * scratch space away, which holds a tenant's data. The live data is safe without that too.
 */
final class Interruption {

  private static final long PATIENCE_SECONDS = 5;

  private final CountDownLatch done = new CountDownLatch(1);

  private Interruption() {}

  static Interruption ofThisThread() {
    Interruption interruption = new Interruption();
    Thread worker = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interruption.stop(worker), "interrupt"));
    return interruption;
  }

  void workIsDone() {
    done.countDown();
  }

  private void stop(Thread worker) {
    if (done.getCount() == 0) {
      return;
    }
    worker.interrupt();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.print("sevenfold: stopped in the middle of the work\n");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
