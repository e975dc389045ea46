package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The database that holds the jobs, with a connection for each call.
 *
 * @param name what it is, for people; no secret
 */
record JobDatabase(String name, DataSource connections) {

  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  /** Work on a connection. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T on(Sql sql) throws SQLException;
  }

  JobDatabase {
    Objects.requireNonNull(connections, "connections");
  }

  /** A SQLite file, which is made with the first call if there is none. */
  static JobDatabase file(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    SQLiteDataSource source = new SQLiteDataSource(config);
    // As a URI: the driver takes what follows a question mark in a path for settings.
    source.setUrl("jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath());
    return new JobDatabase("SQLite database " + file, source);
  }

  /** Runs work whose every statement stands for itself. */
  <T extends @Nullable Object> T call(Work<T> work) {
    try (Connection connection = connections.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        return work.on(new Sql(connection));
      }
      connection.setAutoCommit(true);
      try {
        return work.on(new Sql(connection));
      } finally {
        // Pools hand it to others.
        connection.setAutoCommit(false);
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** Runs work that happens as a whole or not at all, and one after the other on all nodes. */
  <T extends @Nullable Object> T alone(Work<T> work) {
    return call(
        sql -> {
          sql.execute(sql.isSqlite() ? "BEGIN IMMEDIATE" : "BEGIN");
          try {
            if (!sql.isSqlite()) {
              sql.query("SELECT pg_advisory_xact_lock(hashtext('sevenfold_job'))", row -> row);
            }
            T result = work.on(sql);
            sql.execute("COMMIT");
            return result;
          } catch (SQLException | RuntimeException e) {
            rollBack(sql, e);
            throw e;
          }
        });
  }

  private static void rollBack(Sql sql, Exception cause) {
    try {
      sql.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite rolls back by itself after some errors, and then refuses to.
      cause.addSuppressed(e);
    }
  }

  /** What to throw where the database, or db-scheduler on it, failed. */
  StoreUnavailable unavailable(Exception e) {
    return new StoreUnavailable(
        "The jobs in the " + name + " could not be read or written: " + e.getMessage(),
        "Check that it is there, that it can be written, and who locks it",
        e);
  }
}
