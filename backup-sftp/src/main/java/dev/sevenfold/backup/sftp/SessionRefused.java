package dev.sevenfold.backup.sftp;

import java.io.IOException;

/** The server allows no further session on this connection; it may allow another connection. */
final class SessionRefused extends IOException {

  private static final long serialVersionUID = 1L;

  SessionRefused(Throwable cause) {
    super("The server allows no further session on the connection", cause);
  }
}
