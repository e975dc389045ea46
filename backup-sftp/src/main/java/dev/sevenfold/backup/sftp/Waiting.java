package dev.sevenfold.backup.sftp;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.future.SshFuture;

/**
 * Waits for a server, never longer than agreed, and whether the thread is interrupted or not: an
 * answer that nobody waited for would leave open what the server has done. Interrupts are looked at
 * where stopping is safe, between the chunks of a transfer and between attempts.
 */
final class Waiting {

  private Waiting() {}

  /** A time as messages show it: {@code 30 s}, {@code 1.5 s}. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
  }

  /**
   * Whether something of the library's has ended, well or not. Its own wait forgets an interrupt
   * that comes meanwhile.
   */
  static <T extends SshFuture<T>> boolean forEnd(T future, Duration limit) {
    if (future.isDone()) {
      return true;
    }
    CountDownLatch ended = new CountDownLatch(1);
    future.addListener(end -> ended.countDown());
    boolean interrupted = false;
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        try {
          return ended.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
