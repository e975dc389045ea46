package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on the SQLite database that holds the jobs, in transactions. Either keeps one
 * connection of its own, or borrows the host's. Thread-safe.
 */
final class JobDatabase implements AutoCloseable {

  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  /** Work on a connection. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T on(Sql sql) throws SQLException;
  }

  private final String name;
  private final @Nullable DataSource host;
  private final @Nullable Connection own;

  /** One connection serves one thread at a time; with the host's, nobody waits here. */
  private final ReentrantLock lock = new ReentrantLock();

  private JobDatabase(String name, @Nullable DataSource host, @Nullable Connection own) {
    this.name = name;
    this.host = host;
    this.own = own;
  }

  static JobDatabase open(Path file) {
    String name = "SQLite database " + file;
    try {
      // As a URI: the driver takes what follows a question mark in a path for settings.
      String path = file.toAbsolutePath().toUri().getRawPath();
      Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + path);
      try {
        Sql sql = new Sql(connection);
        sql.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MILLIS);
        sql.query("PRAGMA journal_mode = WAL", row -> row);
        return new JobDatabase(name, null, connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unavailable(name, e);
    }
  }

  static JobDatabase using(DataSource connections) {
    return new JobDatabase("SQLite database of the host", connections, null);
  }

  String describe() {
    return name;
  }

  /** Runs work that changes nothing. */
  <T extends @Nullable Object> T read(Work<T> work) {
    return run("BEGIN", work);
  }

  /** Runs work that may change something; all of it happens, or nothing. */
  <T extends @Nullable Object> T write(Work<T> work) {
    // A transaction that turns from reader into writer fails at once, whatever the timeout.
    return run("BEGIN IMMEDIATE", work);
  }

  private <T extends @Nullable Object> T run(String begin, Work<T> work) {
    try {
      if (host == null) {
        lock.lock();
        try {
          return transact(ownConnection(), begin, work);
        } finally {
          lock.unlock();
        }
      }
      try (Connection connection = host.getConnection()) {
        return borrowing(connection, begin, work);
      }
    } catch (SQLException e) {
      throw unavailable(name, e);
    }
  }

  private Connection ownConnection() throws SQLException {
    if (own == null || own.isClosed()) {
      throw new SQLException("The store is closed");
    }
    return own;
  }

  /** Returns the connection as it was: pools hand it to others. */
  private static <T extends @Nullable Object> T borrowing(
      Connection connection, String begin, Work<T> work) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    if (!autoCommit) {
      connection.setAutoCommit(true);
    }
    Sql sql = new Sql(connection);
    long timeout = sql.query("PRAGMA busy_timeout", row -> row.number("timeout")).get(0);
    try {
      sql.execute("PRAGMA busy_timeout = " + Math.max(timeout, BUSY_TIMEOUT_MILLIS));
      return transact(connection, begin, work);
    } finally {
      sql.execute("PRAGMA busy_timeout = " + timeout);
      if (!autoCommit) {
        connection.setAutoCommit(false);
      }
    }
  }

  private static <T extends @Nullable Object> T transact(
      Connection connection, String begin, Work<T> work) throws SQLException {
    Sql sql = new Sql(connection);
    sql.execute(begin);
    try {
      T result = work.on(sql);
      sql.execute("COMMIT");
      return result;
    } catch (SQLException | RuntimeException e) {
      rollBack(sql, e);
      throw e;
    }
  }

  private static void rollBack(Sql sql, Exception cause) {
    try {
      sql.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite rolls back by itself after some errors, and then refuses to.
      cause.addSuppressed(e);
    }
  }

  private static StoreUnavailable unavailable(String name, SQLException e) {
    return new StoreUnavailable(
        "The jobs in the " + name + " could not be read or written: " + e.getMessage(),
        "Check that it is a SQLite database, that its folder can be written, and who locks it",
        e);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (own != null) {
        own.close();
      }
    } catch (SQLException e) {
      throw unavailable(name, e);
    } finally {
      lock.unlock();
    }
  }
}
