package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The database that holds the jobs, with a connection for each call. Thread-safe.
 *
 * @param name what it is, for people; no secret
 */
record JobDatabase(String name, DataSource connections) {

  private static final Logger log = LoggerFactory.getLogger(JobDatabase.class);

  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> GROUP =
      PosixFilePermissions.fromString("rw-rw----");

  /** Work on a connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Reads one row. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  JobDatabase {
    Objects.requireNonNull(connections, "connections");
  }

  /** A SQLite file, which is made with the first call if there is none. */
  static JobDatabase file(Path file) {
    try {
      create(file);
    } catch (IOException e) {
      // The first call says what is wrong with it.
      log.debug("{} could not be made", file, e);
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    SQLiteDataSource source = new SQLiteDataSource(config);
    // As a URI: the driver takes what follows a question mark in a path for settings.
    source.setUrl("jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath());
    return new JobDatabase("SQLite database " + file, source);
  }

  /**
   * Makes the file, unless it is there: for whoever may write to its folder, and nobody else,
   * whatever this process makes files with. Where root makes it, it belongs to whom the folder
   * belongs.
   */
  private static void create(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null
        || Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      FileChannel.open(file, fresh, PosixFilePermissions.asFileAttribute(OWN)).close();
    } catch (FileAlreadyExistsException e) {
      return;
    }
    PosixFileAttributes of = Files.readAttributes(folder, PosixFileAttributes.class);
    PosixFileAttributeView made = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    try {
      made.setGroup(of.group());
      if (of.permissions().contains(PosixFilePermission.GROUP_WRITE)) {
        made.setPermissions(GROUP);
      }
      made.setOwner(of.owner());
    } catch (FileSystemException e) {
      // Only root gives files away; it stays with whoever has made it.
      return;
    }
  }

  /** Runs work whose every statement stands for itself. */
  <T> T call(Work<T> work) {
    try (Connection connection = connections.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(true);
      try {
        return work.on(connection);
      } finally {
        // Pools hand it to others.
        connection.setAutoCommit(autoCommit);
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** Runs work that happens as a whole or not at all, and on one node at a time. */
  <T> T alone(Work<T> work) {
    return call(
        connection -> {
          if (isSqlite(connection)) {
            update(connection, "BEGIN IMMEDIATE");
          } else {
            update(connection, "BEGIN");
            query(connection, "SELECT pg_advisory_xact_lock(7777777)", row -> row);
          }
          try {
            T result = work.on(connection);
            update(connection, "COMMIT");
            return result;
          } catch (SQLException | RuntimeException e) {
            update(connection, "ROLLBACK");
            throw e;
          }
        });
  }

  static boolean isSqlite(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseProductName().equals("SQLite");
  }

  static <T> List<T> query(
      Connection connection, String query, Reader<T> reader, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(query)) {
      bind(prepared, values);
      try (ResultSet rows = prepared.executeQuery()) {
        List<T> result = new ArrayList<>();
        while (rows.next()) {
          result.add(reader.read(rows));
        }
        return result;
      }
    }
  }

  static int update(Connection connection, String statement, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      bind(prepared, values);
      return prepared.executeUpdate();
    }
  }

  /** Instants are milliseconds, truths are 0 and 1, and what is empty is null. */
  private static void bind(PreparedStatement prepared, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i] instanceof Optional<?> optional ? optional.orElse(null) : values[i];
      if (value instanceof Instant instant) {
        prepared.setLong(i + 1, instant.toEpochMilli());
      } else if (value instanceof Boolean truth) {
        prepared.setInt(i + 1, truth ? 1 : 0);
      } else {
        prepared.setObject(i + 1, value);
      }
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
