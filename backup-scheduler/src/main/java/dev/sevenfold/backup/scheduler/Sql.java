package dev.sevenfold.backup.scheduler;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements on one connection, their values always bound. Use from one thread. */
final class Sql {

  /** Reads one row. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Row row) throws SQLException;
  }

  private final Connection connection;

  Sql(Connection connection) {
    this.connection = connection;
  }

  /** Whether it is SQLite; PostgreSQL if not. */
  boolean isSqlite() throws SQLException {
    return connection.getMetaData().getDatabaseProductName().equals("SQLite");
  }

  /** Runs one statement without values. */
  void execute(String statement) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      prepared.execute();
    }
  }

  /** Runs one statement and tells how many rows it changed. */
  int update(String statement, @Nullable Object... values) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      bind(prepared, values);
      return prepared.executeUpdate();
    }
  }

  /** Binds the values of a statement. */
  @FunctionalInterface
  interface Binder {
    void bind(PreparedStatement prepared) throws SQLException;
  }

  /** Runs one statement with values in the types of db-scheduler. */
  void update(String statement, Binder values) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      values.bind(prepared);
      prepared.executeUpdate();
    }
  }

  /** Reads all rows of a query. */
  <T> List<T> query(String query, Reader<T> reader, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(query)) {
      bind(prepared, values);
      try (ResultSet rows = prepared.executeQuery()) {
        List<T> result = new ArrayList<>();
        while (rows.next()) {
          result.add(reader.read(new Row(rows)));
        }
        return result;
      }
    }
  }

  private static void bind(PreparedStatement prepared, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof Instant instant) {
        prepared.setLong(i + 1, instant.toEpochMilli());
      } else {
        prepared.setObject(i + 1, value);
      }
    }
  }

  /** The current row of a result, by name. */
  record Row(ResultSet rows) {

    String text(String column) throws SQLException {
      return rows.getString(column);
    }

    long number(String column) throws SQLException {
      return rows.getLong(column);
    }

    byte[] bytes(String column) throws SQLException {
      return rows.getBytes(column);
    }

    /** Of a column of db-scheduler's, whose booleans are booleans. */
    boolean truth(String column) throws SQLException {
      return rows.getBoolean(column);
    }

    boolean flag(String column) throws SQLException {
      return rows.getLong(column) != 0;
    }

    Instant instant(String column) throws SQLException {
      return Instant.ofEpochMilli(rows.getLong(column));
    }

    Optional<String> optionalText(String column) throws SQLException {
      return Optional.ofNullable(rows.getString(column));
    }

    Optional<Instant> optionalInstant(String column) throws SQLException {
      return has(column) ? Optional.of(instant(column)) : Optional.empty();
    }

    boolean has(String column) throws SQLException {
      return rows.getObject(column) != null;
    }
  }
}
