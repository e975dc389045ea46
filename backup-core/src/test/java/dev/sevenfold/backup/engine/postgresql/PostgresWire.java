package dev.sevenfold.backup.engine.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * One connection to the server, over which rows go as texts. Counts how often it waits for the
 * server. Use from one thread.
 */
final class PostgresWire implements AutoCloseable {

  /** What texts depend on, as {@code pg_dump} sets it. */
  private static final String SETTINGS =
      """
      SET datestyle = ISO; SET intervalstyle = postgres; SET extra_float_digits = 1;
      SET timezone = 'UTC'; SET bytea_output = hex; SET search_path = public; SET row_security = off
      """;

  /** Takes one row. */
  @FunctionalInterface
  interface Row {
    void accept(List<@Nullable String> values) throws SQLException;
  }

  private final Connection connection;
  private final AtomicLong trips;

  private PostgresWire(Connection connection, AtomicLong trips) {
    this.connection = connection;
    this.trips = trips;
  }

  static PostgresWire open(Connection connection, AtomicLong trips) throws SQLException {
    PostgresWire wire = new PostgresWire(connection, trips);
    try {
      wire.execute(SETTINGS);
      return wire;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  String serverVersion() throws SQLException {
    return connection.getMetaData().getDatabaseProductVersion();
  }

  /** Sends statements, all at once; tells how many rows each has changed. */
  List<Long> execute(String sql) throws SQLException {
    return execute(sql, row -> {});
  }

  List<List<@Nullable String>> query(String sql) throws SQLException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    execute(sql, rows::add);
    return rows;
  }

  /** Sends statements, all at once; hands on the rows that they select. */
  List<Long> execute(String sql, Row action) throws SQLException {
    trips.incrementAndGet();
    List<Long> changed = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      boolean selects = statement.execute(sql);
      while (selects || statement.getLargeUpdateCount() >= 0) {
        if (selects) {
          forEach(statement, action);
        } else {
          changed.add(statement.getLargeUpdateCount());
        }
        selects = statement.getMoreResults();
      }
    }
    return changed;
  }

  private static void forEach(Statement statement, Row action) throws SQLException {
    try (ResultSet row = statement.getResultSet()) {
      int width = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          values.add(row.getString(i));
        }
        action.accept(values);
      }
    }
  }

  /** Fills a table with rows in the form that {@link #line} gives them. */
  void copyIn(String table, String lines) throws SQLException {
    trips.incrementAndGet();
    try {
      copies().copyIn("COPY " + table + " FROM STDIN", new StringReader(lines));
    } catch (IOException e) {
      throw new SQLException("The server took no more rows", e);
    }
  }

  void copyOut(String select, Row row) throws SQLException {
    trips.incrementAndGet();
    CopyOut out = copies().copyOut("COPY (" + select + ") TO STDOUT");
    for (byte[] line = out.readFromCopy(); line != null; line = out.readFromCopy()) {
      row.accept(fields(new String(line, UTF_8)));
    }
  }

  private CopyManager copies() throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  /** A row, as {@code COPY} reads it. */
  static String line(List<? extends @Nullable Object> values) {
    StringBuilder line = new StringBuilder();
    for (Object value : values) {
      line.append(line.isEmpty() ? "" : "\t").append(value == null ? "\\N" : escaped(value));
    }
    return line.append('\n').toString();
  }

  private static String escaped(Object value) {
    return value
        .toString()
        .replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t");
  }

  /** The values of a row, as {@code COPY} writes it. */
  static List<@Nullable String> fields(String line) {
    List<@Nullable String> fields = new ArrayList<>();
    for (String field : line.substring(0, line.length() - 1).split("\t", -1)) {
      fields.add(field.equals("\\N") ? null : field.contains("\\") ? unescaped(field) : field);
    }
    return fields;
  }

  private static String unescaped(String field) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\') {
        char escape = field.charAt(++i);
        int control = "bfnrtv".indexOf(escape);
        c = control < 0 ? escape : "\b\f\n\r\t\u000b".charAt(control);
      }
      text.append(c);
    }
    return text.toString();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
