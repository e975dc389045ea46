package dev.sevenfold.backup.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite's own check says of a database, sorted by what it means. Immutable.
 *
 * @param damage pages, rows or indexes that are not what they must be: nothing is to be trusted
 * @param findings what is whole and yet not as the schema has it, and derived data that can be made
 *     anew: values that a column does not allow, rows that break a CHECK, a search index
 * @param unchecked what could not be checked since the connection lacks what it needs
 */
record Integrity(List<String> damage, List<String> findings, List<String> unchecked) {

  private static final String OK = "ok";
  private static final String VIRTUAL = "virtual";

  // One line for each row, so that damage behind them is not cut off.
  private static final int MOST_LINES = 1_000_000_000;
  private static final int MOST_KINDS = 100;

  private static final Pattern FINDING =
      Pattern.compile(
          "(?:(?:non-)?[A-Z]+ value in |CHECK constraint failed in |malformed inverted index for "
              + "|unable to validate the inverted index |fts\\d: |In RTree ).*",
          Pattern.DOTALL);

  Integrity {
    damage = List.copyOf(damage);
    findings = List.copyOf(findings);
    unchecked = List.copyOf(unchecked);
  }

  private record Listed(String name, String type) {}

  /** Checks one schema of a connection. */
  static Integrity of(Session session, String schema) throws SQLException {
    Lines lines = new Lines();
    try {
      lines.read(session, schema, "");
      return lines.sorted();
    } catch (SQLException e) {
      requireOfSchema(e);
      // Something needs what only the host has, or derived data is damaged; the rest is checked.
      return tableByTable(session, schema, e);
    }
  }

  private static Integrity tableByTable(Session session, String schema, SQLException whole)
      throws SQLException {
    Lines lines = new Lines();
    for (Listed table : tables(session, schema)) {
      try {
        lines.read(session, schema, table.name());
      } catch (SQLException e) {
        requireOfSchema(e);
        lines.failed(table, e);
      }
    }
    Integrity found = lines.sorted();
    boolean explained = !(found.findings.isEmpty() && found.unchecked.isEmpty());
    if (found.damage.isEmpty() && !explained) {
      throw whole;
    }
    return found;
  }

  /** Anything else is of the machine: memory, the disk, a lock. */
  private static void requireOfSchema(SQLException e) throws SQLException {
    boolean ofSchema =
        SqliteErrors.isDamage(e)
            || SqliteErrors.isDamageOfDerived(e)
            || SqliteErrors.isMissing(e)
            || SqliteErrors.isPlainError(e);
    if (!ofSchema) {
      throw e;
    }
  }

  private static List<Listed> tables(Session session, String schema) throws SQLException {
    return session.query(
        "SELECT name, type FROM pragma_table_list WHERE schema = ?"
            + " AND type IN ('table', 'virtual', 'shadow') ORDER BY name",
        row -> new Listed(row.getString(1), row.getString(2)), schema);
  }

  /** The lines of a check, each kind of them once. */
  private static final class Lines {
    private final Map<String, Integer> damage = new LinkedHashMap<>();
    private final Map<String, Integer> findings = new LinkedHashMap<>();
    private final List<String> unchecked = new ArrayList<>();

    private void read(Session session, String schema, String table) throws SQLException {
      session.forEach(
          "PRAGMA "
              + Sql.name(schema)
              + ".integrity_check("
              + (table.isEmpty() ? String.valueOf(MOST_LINES) : Sql.name(table))
              + ')',
          row -> add(row.getString(1)));
    }

    private void add(@Nullable String line) {
      String said = line == null ? "" : line.strip();
      if (!said.equals(OK)) {
        count(FINDING.matcher(said).matches() ? findings : damage, said);
      }
    }

    private static void count(Map<String, Integer> kinds, String line) {
      if (kinds.size() < MOST_KINDS || kinds.containsKey(line)) {
        kinds.merge(line, 1, Integer::sum);
      }
    }

    private void failed(Listed table, SQLException e) {
      if (SqliteErrors.isMissing(e)) {
        unchecked.add("table " + table.name() + ": " + SqliteErrors.missing(e));
      } else if (table.type().equals(VIRTUAL) || SqliteErrors.isDamageOfDerived(e)) {
        count(findings, "virtual table " + table.name() + ": " + e.getMessage());
      } else if (SqliteErrors.isDamage(e)) {
        count(damage, "table " + table.name() + ": " + e.getMessage());
      } else {
        unchecked.add("table " + table.name() + ": " + e.getMessage());
      }
    }

    private Integrity sorted() {
      return new Integrity(told(damage), told(findings), unchecked);
    }

    private static List<String> told(Map<String, Integer> kinds) {
      return kinds.entrySet().stream()
          .map(kind -> kind.getKey() + (kind.getValue() > 1 ? ", " + kind.getValue() + " times" : ""))
          .toList();
    }
  }
}
