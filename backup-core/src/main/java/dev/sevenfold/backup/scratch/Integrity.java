package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.schema.Sql;
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
 * @param failed what could not be computed, whoever tries
 */
public record Integrity(
    List<String> damage, List<String> findings, List<String> unchecked, List<String> failed) {

  private static final String OK = "ok";
  private static final String VIRTUAL = "virtual";

  // SQLite tells one line for each row; what is damaged must not be lost behind them.
  private static final int FEW_LINES = 100;
  private static final int MOST_LINES = 1_000_000;
  private static final int MOST_KINDS = 100;
  private static final int LONGEST = 200;

  private static final Pattern FINDING =
      Pattern.compile(
          "(?:(?:non-)?[A-Z]+ value in |CHECK constraint failed in |malformed inverted index for "
              + "|unable to validate the inverted index |fts\\d: |In RTree ).*",
          Pattern.DOTALL);

  public Integrity {
    damage = List.copyOf(damage);
    findings = List.copyOf(findings);
    unchecked = List.copyOf(unchecked);
    failed = List.copyOf(failed);
  }

  /** Nothing at all. */
  public static Integrity sound() {
    return new Integrity(List.of(), List.of(), List.of(), List.of());
  }

  private record Listed(String name, String type) {}

  /** Checks one schema of a connection. */
  public static Integrity of(Session session, String schema) throws SQLException {
    try {
      Lines few = new Lines();
      few.read(session, schema, String.valueOf(FEW_LINES));
      if (few.count < FEW_LINES || !few.damage.isEmpty()) {
        return few.sorted();
      }
      Lines all = new Lines();
      all.read(session, schema, String.valueOf(MOST_LINES));
      return all.sorted();
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
        lines.read(session, schema, Sql.name(table.name()));
      } catch (SQLException e) {
        requireOfSchema(e);
        lines.failed(table, e);
      }
    }
    Integrity found = lines.sorted();
    if (found.equals(sound())) {
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
        """
        SELECT name, type FROM pragma_table_list
        WHERE schema = ? AND type IN ('table', 'virtual', 'shadow') ORDER BY name
        """,
        row -> new Listed(row.getString(1), row.getString(2)),
        schema);
  }

  /** The lines of a check, each kind of them once. */
  private static final class Lines {
    private final Map<String, Integer> damage = new LinkedHashMap<>();
    private final Map<String, Integer> findings = new LinkedHashMap<>();
    private final List<String> unchecked = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private int count;

    private void read(Session session, String schema, String what) throws SQLException {
      session.forEach(
          "PRAGMA " + Sql.name(schema) + ".integrity_check(" + what + ')',
          row -> add(row.getString(1)));
    }

    private void add(@Nullable String line) {
      String said = line == null ? "" : line.strip();
      count++;
      if (!said.equals(OK)) {
        count(FINDING.matcher(said).matches() ? findings : damage, said);
      }
    }

    private static void count(Map<String, Integer> kinds, String line) {
      String kind = line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
      if (kinds.size() < MOST_KINDS || kinds.containsKey(kind)) {
        kinds.merge(kind, 1, Integer::sum);
      }
    }

    private void failed(Listed table, SQLException e) {
      if (SqliteErrors.isForbidden(e)) {
        // Its rows are compared with the manifest all the same; what it computes is not archived.
        count(findings, "table " + table.name() + " was not checked: " + SqliteErrors.missing(e));
      } else if (SqliteErrors.isMissing(e)) {
        unchecked.add("table " + table.name() + ": " + SqliteErrors.missing(e));
      } else if (table.type().equals(VIRTUAL) || SqliteErrors.isDamageOfDerived(e)) {
        count(findings, "virtual table " + table.name() + ": " + e.getMessage());
      } else if (SqliteErrors.isDamage(e)) {
        count(damage, "table " + table.name() + ": " + e.getMessage());
      } else {
        failed.add("table " + table.name() + ": " + e.getMessage());
      }
    }

    private Integrity sorted() {
      return new Integrity(told(damage), told(findings), unchecked, failed);
    }

    private static List<String> told(Map<String, Integer> kinds) {
      return kinds.entrySet().stream()
          .map(
              kind ->
                  kind.getKey() + (kind.getValue() > 1 ? ", " + kind.getValue() + " times" : ""))
          .toList();
    }
  }
}
