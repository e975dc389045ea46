package dev.sevenfold.backup.cli;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a database down so that two of them can be compared, row by row and by type. */
final class ShopDump {

  private static final List<String> IGNORED = List.of("sessions", "audit_log");

  private ShopDump() {}

  /** Every row of every table but the ignored ones, and the triggers. */
  static Map<String, List<String>> of(Statement statement) throws SQLException {
    Map<String, List<String>> dump = new TreeMap<>();
    for (String table : tables(statement)) {
      if (!IGNORED.contains(table)) {
        dump.put(table, rows(statement, table));
      }
    }
    dump.put("triggers", List.of(triggers(statement)));
    return dump;
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) {
      while (row.next()) {
        tables.add(row.getString(1));
      }
    }
    return tables;
  }

  private static String triggers(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT group_concat(sql) FROM (SELECT sql FROM sqlite_schema WHERE type = 'trigger'"
                + " ORDER BY name)")) {
      return row.next() ? row.getString(1) : "";
    }
  }

  private static List<String> rows(Statement statement, String table) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery("SELECT * FROM \"" + table + '"')) {
      while (row.next()) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          text.append(typed(row, i)).append(" | ");
        }
        rows.add(text.toString());
      }
    }
    rows.sort(null);
    return rows;
  }

  private static String typed(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    if (value instanceof Double real) {
      return "real:" + Long.toHexString(Double.doubleToRawLongBits(real));
    }
    if (value instanceof byte[] bytes) {
      return "blob:" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof String) {
      return "text:" + HexFormat.of().formatHex(row.getBytes(column));
    }
    return value == null ? "null" : "int:" + value;
  }
}
