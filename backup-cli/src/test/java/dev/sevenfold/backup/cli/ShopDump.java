package dev.sevenfold.backup.cli;

import dev.sevenfold.testsupport.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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
        dump.put(table, Rows.of(statement, '"' + table + '"'));
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
}
