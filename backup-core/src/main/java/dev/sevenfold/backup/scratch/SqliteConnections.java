package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.source.ConnectionCustomizer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Where connections to one database come from. Thread-safe. */
@FunctionalInterface
public interface SqliteConnections {

  /** A connection that the caller closes. */
  Connection open() throws SQLException;

  /** These connections, each with what {@code customizer} gives it. */
  default SqliteConnections customizedBy(ConnectionCustomizer customizer) {
    return () -> {
      Connection connection = open();
      try {
        customizer.customize(connection);
        return connection;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    };
  }

  /** Connections of the library's own to an existing file, which is not made if it is missing. */
  static SqliteConnections to(Path database) {
    SQLiteConfig config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    return () -> config.createConnection(url(database));
  }

  /**
   * Connections to a file of the library's own that several processes may use, made if there is
   * none. What was committed survives a power cut.
   */
  static SqliteConnections toDurable(Path database, Duration busyTimeout) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(millis(busyTimeout));
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    return () -> config.createConnection(url(database));
  }

  /** Connections to a file that no other process writes to, or that is made now. */
  static SqliteConnections toScratch(Path database) {
    SQLiteConfig config = new SQLiteConfig();
    return () -> config.createConnection(url(database));
  }

  /**
   * Connections to a file that nobody writes to as long as they are open. They write nothing, take
   * no lock and make no file beside it, whatever its journal mode.
   */
  static SqliteConnections toImmutable(Path database) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return () -> config.createConnection(url(database) + "?immutable=1");
  }

  /**
   * The URL of exactly this file. A path as it is would not do: the driver takes what follows a
   * question mark for settings.
   */
  private static String url(Path database) {
    return "jdbc:sqlite:file:" + database.toAbsolutePath().toUri().getRawPath();
  }

  /** Connections that the host lends. */
  static SqliteConnections from(DataSource dataSource) {
    return dataSource::getConnection;
  }

  /**
   * How long to wait for a locked database, as a host says it.
   *
   * @throws IllegalArgumentException if that is less than nothing
   */
  static Duration requireBusyTimeout(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("The busy timeout " + timeout + " is negative");
    }
    return timeout;
  }

  /** The longest wait that SQLite can be told to take. */
  static int millis(Duration timeout) {
    return (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
  }
}
