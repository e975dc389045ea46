package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a store: made when it is needed, and made anew when it was lost. Small
 * requests and downloads share one SFTP session on it; each upload gets a session of its own,
 * because the server answers a session in order, and writing an archive out to the disk may take it
 * long. Thread-safe.
 */
final class Connections implements AutoCloseable {

  /** A connection and the session that is shared on it. */
  private record Connection(ClientSession ssh, Sftp shared) {
    boolean isOpen() {
      return ssh.isOpen() && shared.isOpen();
    }

    void close() {
      // At once: a graceful end waits for a server that may not be there any more.
      ssh.close(true);
    }
  }

  private final SftpSettings settings;
  private final Connector connector;
  private final AtomicLong roundTrips = new AtomicLong();
  private final ReentrantLock connecting = new ReentrantLock();
  private volatile @Nullable Connection current;
  private boolean closed;

  Connections(SftpSettings settings) {
    this.settings = settings;
    this.connector = new Connector(settings);
  }

  /** The shared session, on a new connection if there is none or it was lost. */
  Sftp shared() throws IOException {
    return connection().shared;
  }

  /**
   * A session of its own, which the caller closes: on the connection, or where the server allows no
   * further session on one, on a connection of its own.
   */
  Sftp forUpload() throws IOException {
    try {
      return Sftp.on(connection().ssh, settings.operationTimeout(), roundTrips);
    } catch (SftpSession.Refused e) {
      Connection own = connectAlone();
      own.shared.whenClosed(own::close);
      return own.shared;
    }
  }

  private Connection connectAlone() throws IOException {
    connecting.lock();
    try {
      requireOpen();
      return connect();
    } finally {
      connecting.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The store on " + settings.account() + " is closed");
    }
  }

  /** The shared session, if the connection is there without waiting for it. */
  Optional<Sftp> ifConnected() {
    Connection connection = current;
    return connection != null && connection.isOpen()
        ? Optional.of(connection.shared)
        : Optional.empty();
  }

  /** How often all that was asked so far had to wait for an answer, on a line of any length. */
  long roundTrips() {
    return roundTrips.get();
  }

  private Connection connection() throws IOException {
    connecting.lock();
    try {
      requireOpen();
      Connection connection = current;
      if (connection != null) {
        if (connection.isOpen()) {
          return connection;
        }
        connection.close();
        current = null;
      }
      Connection made = connect();
      current = made;
      return made;
    } finally {
      connecting.unlock();
    }
  }

  private Connection connect() throws IOException {
    ClientSession ssh = connector.connect();
    try {
      return new Connection(ssh, Sftp.on(ssh, settings.operationTimeout(), roundTrips));
    } catch (SftpSession.Refused e) {
      ssh.close(true);
      throw new LoginRefused(
          settings.server() + " lets " + settings.user() + " in, but allows it no session",
          "Set MaxSessions of the account to 1 or more in the server's sshd_config",
          e);
    } catch (IOException | RuntimeException e) {
      ssh.close(true);
      throw e;
    }
  }

  @Override
  public void close() {
    connecting.lock();
    try {
      closed = true;
      Connection connection = current;
      if (connection != null) {
        connection.close();
        current = null;
      }
      connector.close();
    } finally {
      connecting.unlock();
    }
  }
}
