package dev.sevenfold.backup.sftp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The server could not be reached, went away, or did not answer in time. The same thing may work on
 * a new connection.
 */
final class ConnectionLost extends IOException {

  private static final long serialVersionUID = 1L;

  private static final String REACH =
      "Check that the server is up and can be reached (host, port, firewall), then try again";

  private final String advice;

  ConnectionLost(String what) {
    this(what, null);
  }

  ConnectionLost(String what, @Nullable Throwable cause) {
    this(what, REACH, cause);
  }

  ConnectionLost(String what, String advice, @Nullable Throwable cause) {
    super(what, cause);
    this.advice = advice;
  }

  /** The same, of several attempts. */
  ConnectionLost times(int attempts) {
    return new ConnectionLost(getMessage() + ", " + attempts + " times", advice, this);
  }

  /** What a person can do about it. */
  String advice() {
    return advice;
  }
}
