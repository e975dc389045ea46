package dev.sevenfold.backup.sftp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The server could not be reached, went away, or did not answer in time. The same thing may work on
 * a new connection.
 */
final class ConnectionLost extends IOException {

  private static final long serialVersionUID = 1L;

  ConnectionLost(String what) {
    this(what, null);
  }

  ConnectionLost(String what, @Nullable Throwable cause) {
    super(what, cause);
  }
}
