package dev.sevenfold.backup.scratch;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts what a session is at when its time is up, and again and again until it is closed: an
 * interrupt ends one statement only. A handler of progress would do as well, but a connection has
 * one of them, and a lent one may have its host's.
 */
public final class Watchdog implements AutoCloseable {

  private static final long AGAIN_MILLIS = 20;

  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean bitten;

  private Watchdog() {}

  /** Watches from now on; a connection that is none of SQLite's is let be. */
  public static Watchdog over(Session session, Duration time) throws SQLException {
    Watchdog watchdog = new Watchdog();
    if (!session.hasDatabase()) {
      return watchdog;
    }
    Thread thread = new Thread(() -> watchdog.watch(session, time), "sevenfold-watchdog");
    thread.setDaemon(true);
    thread.start();
    return watchdog;
  }

  private void watch(Session session, Duration time) {
    try {
      long wait = time.toMillis();
      while (!closed.await(wait, TimeUnit.MILLISECONDS)) {
        wait = AGAIN_MILLIS;
        bite(session);
      }
    } catch (InterruptedException e) {
      // Nobody has this thread to interrupt it; it ends, as it is told to.
      Thread.currentThread().interrupt();
    }
  }

  /** Not while it is closed: the connection may be another's by then. */
  private synchronized void bite(Session session) {
    if (closed.getCount() > 0) {
      bitten = true;
      try {
        session.database().interrupt();
      } catch (SQLException e) {
        throw new IllegalStateException("A connection that is in use can be interrupted", e);
      }
    }
  }

  boolean hasBitten() {
    return bitten;
  }

  @Override
  public synchronized void close() {
    closed.countDown();
  }
}
