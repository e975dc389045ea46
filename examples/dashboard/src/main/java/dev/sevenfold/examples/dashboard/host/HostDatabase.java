package dev.sevenfold.examples.dashboard.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The database that all firms share, and the folder of their documents. Thread-safe. */
public final class HostDatabase {

  /** Makes something of a row. */
  @FunctionalInterface
  public interface Row<T> {
    /** What the row says. */
    T read(ResultSet row) throws SQLException;
  }

  /** Works in one transaction. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void with(Connection connection) throws SQLException;
  }

  private final Path folder;

  private HostDatabase(Path folder) {
    this.folder = folder;
  }

  /** Opens the database of a folder, and makes one if there is none. */
  public static HostDatabase in(Path folder) {
    HostDatabase database = new HostDatabase(folder);
    if (!Files.exists(database.file())) {
      database.create();
    }
    return database;
  }

  private void create() {
    try (InputStream in =
        Objects.requireNonNull(HostDatabase.class.getResourceAsStream("schema.sql"))) {
      Files.createDirectories(documents());
      String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      try (Connection connection = connect()) {
        execute(connection, "PRAGMA journal_mode = WAL");
      }
      transaction(
          connection -> {
            for (String sql : script.split(";\n", 0)) {
              execute(connection, sql);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The database file. */
  public Path file() {
    return folder.resolve("ledger.sqlite3");
  }

  /** The folder of the documents. */
  public Path documents() {
    return folder.resolve("documents");
  }

  /** Where a document is. */
  public Path document(String key) {
    return documents().resolve(key.substring(0, 2)).resolve(key);
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
    execute(connection, "PRAGMA foreign_keys = ON");
    execute(connection, "PRAGMA busy_timeout = 10000");
    return connection;
  }

  /** Executes a statement with these values. */
  static void execute(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      statement.execute();
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  /** Executes statements, all or none. */
  public void transaction(Work work) {
    try (Connection connection = connect()) {
      execute(connection, "BEGIN IMMEDIATE");
      try {
        work.with(connection);
        execute(connection, "COMMIT");
      } catch (SQLException | RuntimeException e) {
        execute(connection, "ROLLBACK");
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The database " + file() + " failed", e);
    }
  }

  /** Executes one statement. */
  public void update(String sql, @Nullable Object... values) {
    transaction(connection -> execute(connection, sql, values));
  }

  /** The rows of a query. */
  public <T> List<T> query(String sql, Row<T> row, @Nullable Object... values) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(row.read(rows));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException("The database " + file() + " failed", e);
    }
  }

  /** The first row of a query, if there is one. */
  public <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... values) {
    return query(sql, row, values).stream().findFirst();
  }
}
