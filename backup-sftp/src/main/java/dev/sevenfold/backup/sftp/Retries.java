package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does things again that a lost connection has broken off, on a new connection, after a pause. What
 * the server refused is not tried again: it would refuse it again. Thread-safe.
 */
final class Retries {

  /** Something that may be done more than once. */
  @FunctionalInterface
  interface Attempt<T> {
    T on(Sftp sftp) throws IOException;
  }

  /** Lets time pass between two attempts; a test lets none. */
  @FunctionalInterface
  interface Pause {

    /** Returns when the time is over. */
    void take(Duration duration) throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

  private final SftpSettings settings;
  private final Connections connections;

  Retries(SftpSettings settings, Connections connections) {
    this.settings = settings;
    this.connections = connections;
  }

  /** The outcome of the first attempt that the connection holds out for. */
  <T> T run(Attempt<T> attempt) throws IOException {
    Duration pause = settings.firstPause();
    for (int number = 1; ; number++) {
      try {
        return attempt.on(connections.shared());
      } catch (ConnectionLost e) {
        if (number >= settings.attempts()) {
          throw number == 1 ? e : e.times(number);
        }
        LOG.debug("{}: attempt {} failed, next in {}", settings.account(), number, pause, e);
        rest(pause);
        pause = pause.multipliedBy(2);
      }
    }
  }

  /** Lets others have their turn. */
  void rest(Duration pause) throws InterruptedIOException {
    try {
      settings.pause().take(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted between two attempts");
    }
  }
}
