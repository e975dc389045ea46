package dev.sevenfold.backup.cli.generated;

import dev.sevenfold.backup.cli.generated.Tab.Col;
import dev.sevenfold.backup.cli.generated.Tab.Row;
import dev.sevenfold.testsupport.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The database of an application, as a file. Use from one thread. */
final class Live {

  private final App app;
  private final Path file;

  private Live(App app, Path file) {
    this.app = app;
    this.file = file;
  }

  static Live create(App app, Path file) throws SQLException {
    Live live = new Live(app, file);
    try (Connection connection = live.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      connection.setAutoCommit(false);
      for (Tab tab : app.tabs) {
        statement.execute(tab.create());
      }
      for (Tab tab : app.tabs) {
        insert(connection, tab, tab.rows);
      }
      connection.commit();
    }
    return live;
  }

  Path file() {
    return file;
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute("PRAGMA busy_timeout = 10000");
    }
    return connection;
  }

  private static void insert(Connection connection, Tab tab, Collection<Row> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    String marks = String.join(", ", Collections.nCopies(tab.cols.size(), "?"));
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO " + App.quoted(tab.name) + " VALUES (" + marks + ")")) {
      for (Row row : rows) {
        bind(statement, row, 1);
        statement.executeUpdate();
      }
    }
  }

  private static void bind(PreparedStatement statement, Row row, int from) throws SQLException {
    int at = from;
    for (Col col : row.tab.cols) {
      statement.setObject(at++, row.values.get(col.name));
    }
  }

  /** Changes rows: takes these away, and puts those there. */
  void change(Collection<Row> without, Collection<Row> with) throws SQLException {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      for (Row row : without) {
        delete(connection, row);
      }
      for (Row row : with) {
        insert(connection, row.tab, List.of(row));
      }
      connection.commit();
    }
  }

  private static void delete(Connection connection, Row row) throws SQLException {
    Tab tab = row.tab;
    String name = App.quoted(tab.name);
    String is =
        tab.cols.stream()
            .map(col -> App.quoted(col.name) + " IS ?")
            .collect(Collectors.joining(" AND "));
    // Of rows without a key, several may be alike.
    String which =
        tab.primary.isEmpty()
            ? "rowid = (SELECT rowid FROM " + name + " WHERE " + is + " LIMIT 1)"
            : is;
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM " + name + " WHERE " + which)) {
      bind(statement, row, 1);
      if (statement.executeUpdate() != 1) {
        throw new IllegalStateException("Not one row is " + tab.name + row.values);
      }
    }
  }

  /** Every row of every table, by value and type. */
  Map<String, List<String>> dump() throws SQLException {
    return dump(file, app.tabs);
  }

  static Map<String, List<String>> dump(Path file, List<Tab> tabs) throws SQLException {
    Map<String, List<String>> dump = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (Tab tab : tabs) {
        boolean isThere;
        try (ResultSet row =
            connection.getMetaData().getTables(null, null, tab.name, new String[] {"TABLE"})) {
          isThere = row.next();
        }
        dump.put(
            tab.name, isThere ? Rows.of(statement, App.quoted(tab.name)) : List.of("no table"));
      }
    }
    return dump;
  }

  /** Every row of a table as its values are. */
  List<Map<String, @Nullable Object>> rows(Tab tab) throws SQLException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM " + App.quoted(tab.name))) {
      while (row.next()) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Col col : tab.cols) {
          values.put(col.name, row.getObject(col.name));
        }
        rows.add(values);
      }
    }
    return rows;
  }

  /** What SQLite finds wrong, references that lead nowhere included. */
  List<String> damage() throws SQLException {
    List<String> damage = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
        while (row.next()) {
          damage.add(row.getString(1));
        }
      }
      try (ResultSet row =
          statement.executeQuery("SELECT \"table\", rowid FROM pragma_foreign_key_check")) {
        while (row.next()) {
          damage.add(row.getString(1) + ' ' + row.getString(2));
        }
      }
    }
    return damage;
  }

  /** A value with its type, as {@link Rows} writes it. */
  static String typed(@Nullable Object value) {
    if (value instanceof Double real) {
      return "real:" + Long.toHexString(Double.doubleToRawLongBits(real));
    }
    if (value instanceof byte[] bytes) {
      return "blob:" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof String text) {
      return "text:"
          + HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return value == null ? "null" : "int:" + value;
  }

  /** A row by value and type, as {@link Rows} writes it. */
  static String typed(Row row) {
    StringBuilder text = new StringBuilder();
    for (Col col : row.tab.cols) {
      text.append(typed(row.values.get(col.name))).append(" | ");
    }
    return text.toString();
  }
}
