package dev.sevenfold.backup.engine.postgresql;

import dev.sevenfold.backup.engine.PlannedRows;
import dev.sevenfold.backup.engine.Writes;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a difference: all rows go to the server in one copy, and are written by statements that
 * are sent at once. References and triggers are switched off meanwhile, as the plan has thought of
 * every reference, and nobody else may write. Use once.
 */
final class PostgresMerge {

  /** What is to be written: rows of a set, and their values in the order of its columns. */
  private static final String WRITTEN = "sevenfold_written";

  private final PostgresChange change;
  private final Session workbench;
  private final PostgresSchema types;
  private final Writes writes;
  private final List<List<@Nullable Object>> lines = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private final List<Long> expected = new ArrayList<>();
  private final List<String> proofs = new ArrayList<>();
  private int sets;
  private int most = 1;

  PostgresMerge(PostgresChange change, PostgresSchema types, Writes writes) {
    this.change = change;
    this.workbench = change.workbench();
    this.types = types;
    this.writes = writes;
  }

  void apply() throws SQLException {
    for (Writes.Action action : writes.actions()) {
      act(action);
    }
    // All that goes is gone before anything comes: unique values may move between rows.
    for (PlannedRows rows : writes.rows()) {
      delete(rows);
    }
    for (PlannedRows rows : writes.rows()) {
      update(rows);
      insert(rows);
    }
    if (statements.isEmpty()) {
      return;
    }
    change
        .wire()
        .execute(
            "SET LOCAL session_replication_role = replica; CREATE TEMP TABLE %s (s int, %s) ON COMMIT DROP"
                .formatted(
                    WRITTEN,
                    String.join(
                        ", ", IntStream.range(0, most).mapToObj(i -> "v" + i + " text").toList())));
    change.wire().copyIn(WRITTEN, padded());
    List<Long> written = change.wire().execute(String.join(";\n", statements));
    if (!written.equals(expected)) {
      throw refused("Rows were written: " + written + " where " + expected + " were planned");
    }
    if (proofs.isEmpty()) {
      return;
    }
    List<String> wrong =
        change.wire().query(String.join("\nUNION ALL ", proofs)).stream()
            .filter(row -> !"0".equals(row.get(1)))
            .map(row -> row.get(1) + " rows of table " + row.get(0))
            .toList();
    if (!wrong.isEmpty()) {
      throw refused("The live rows do not equal the archive's: " + wrong);
    }
  }

  private static RestoreRefused refused(String what) {
    return new RestoreRefused(what, List.of(), "Everything was rolled back");
  }

  /** Sends rows of the workbench; the number of the set that they are, or -1 if there are none. */
  private int send(int width, String select) throws SQLException {
    List<List<@Nullable Object>> rows =
        workbench.query(
            select,
            row -> {
              List<@Nullable Object> values = new ArrayList<>();
              for (int i = 1; i <= width; i++) {
                values.add(PostgresType.fromSqlite(row.getObject(i)));
              }
              return values;
            });
    if (rows.isEmpty()) {
      return -1;
    }
    int set = sets++;
    most = Math.max(most, width);
    expected.add((long) rows.size());
    for (List<@Nullable Object> values : rows) {
      List<@Nullable Object> line = new ArrayList<>(List.of(set));
      line.addAll(values);
      lines.add(line);
    }
    return set;
  }

  private String padded() {
    StringBuilder text = new StringBuilder();
    for (List<@Nullable Object> line : lines) {
      line.addAll(Collections.nCopies(most + 1 - line.size(), null));
      text.append(PostgresWire.line(line));
    }
    return text.toString();
  }

  private void act(Writes.Action action) throws SQLException {
    Table child = action.child();
    Table.ForeignKey key = action.key();
    int width = child.key().size();
    if (key == null) {
      String keys = "SELECT " + Sql.columns(OwnedRows.keyColumns(child)) + " FROM " + action.set();
      deleteSet(child, send(width, keys));
      return;
    }
    List<String> set = new ArrayList<>();
    int number;
    if (action.follows()) {
      number = send(width + key.columns().size(), followed(action, key));
      for (int i = 0; i < key.columns().size(); i++) {
        set.add(
            Sql.name(key.columns().get(i)) + " = " + value(child, key.columns().get(i), width + i));
      }
    } else {
      number =
          send(
              width,
              "SELECT " + Sql.columns(OwnedRows.keyColumns(child)) + " FROM " + action.set());
      String to = action.action().equals("SET NULL") ? "NULL" : "DEFAULT";
      key.columns().forEach(column -> set.add(Sql.name(column) + " = " + to));
    }
    if (number >= 0) {
      statements.add(
          "UPDATE %s AS t SET %s FROM %s w WHERE w.s = %d AND %s"
              .formatted(live(child), String.join(", ", set), WRITTEN, number, isRow(child)));
    }
  }

  /** The keys of rows that keep pointing at the same row, with its new values. */
  private String followed(Writes.Action action, Table.ForeignKey key) {
    Table child = action.child();
    PlannedRows parent =
        writes.rows().stream()
            .filter(rows -> rows.table().name().equals(key.parent()))
            .findFirst()
            .orElseThrow();
    return "SELECT %s, %s FROM %s a CROSS JOIN %s c ON %s CROSS JOIN %s u CROSS JOIN %s CROSS JOIN %s WHERE %s"
        .formatted(
            Sql.columns("a", OwnedRows.keyColumns(child)),
            Sql.columns("s", key.parentColumns()),
            action.set(),
            change.table(child.name()),
            Sql.equal("c", child.key(), "a", OwnedRows.keyColumns(child)),
            parent.updates(),
            parent.beforeRows("u"),
            parent.stageRows("u"),
            parent.table().isPointedAt(child, "c", key.columns(), "b", key.parentColumns()));
  }

  private void delete(PlannedRows rows) throws SQLException {
    String keys = "SELECT " + Sql.columns(rows.beforeKey()) + " FROM ";
    Table table = rows.table();
    String select = keys + rows.deletes() + " UNION ALL " + keys + rows.updates() + " WHERE hard";
    deleteSet(table, send(table.key().size(), select));
  }

  private void deleteSet(Table table, int set) {
    if (set >= 0) {
      statements.add(
          "DELETE FROM %s AS t USING %s w WHERE w.s = %d AND %s"
              .formatted(live(table), WRITTEN, set, isRow(table)));
    }
  }

  private void update(PlannedRows rows) throws SQLException {
    Table table = rows.table();
    List<String> columns = keyFirst(table);
    int set =
        send(
            columns.size(),
            "SELECT %s FROM %s u CROSS JOIN %s WHERE NOT u.hard"
                .formatted(Sql.columns("s", columns), rows.updates(), rows.stageRows("u")));
    if (set >= 0) {
      List<String> values = new ArrayList<>();
      for (int i = table.key().size(); i < columns.size(); i++) {
        values.add(Sql.name(columns.get(i)) + " = " + value(table, columns.get(i), i));
      }
      statements.add(
          "UPDATE %s AS t SET %s FROM %s w WHERE w.s = %d AND %s"
              .formatted(live(table), String.join(", ", values), WRITTEN, set, isRow(table)));
      prove(table, set);
    }
  }

  private void insert(PlannedRows rows) throws SQLException {
    Table table = rows.table();
    List<String> columns = keyFirst(table);
    String staged = Sql.columns("s", columns);
    int set =
        send(
            columns.size(),
            "SELECT %s FROM %s i CROSS JOIN %s UNION ALL SELECT %1$s FROM %s i CROSS JOIN %3$s WHERE i.hard"
                .formatted(staged, rows.inserts(), rows.stageRows("i"), rows.updates()));
    if (set >= 0) {
      List<String> values =
          IntStream.range(0, columns.size())
              .mapToObj(i -> value(table, columns.get(i), i))
              .toList();
      statements.add(
          "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s w WHERE w.s = %d"
              .formatted(
                  live(table), Sql.columns(columns), String.join(", ", values), WRITTEN, set));
      prove(table, set);
    }
  }

  /** Selects how many rows of a set are not there as they were sent. */
  private void prove(Table table, int set) {
    List<String> columns = keyFirst(table);
    List<String> same =
        IntStream.range(0, columns.size())
            .mapToObj(
                i ->
                    "t.%s::text IS NOT DISTINCT FROM (%s)::text"
                        .formatted(Sql.name(columns.get(i)), value(table, columns.get(i), i)))
            .toList();
    proofs.add(
        "SELECT %s, count(*)::text FROM %s w WHERE w.s = %d AND NOT EXISTS (SELECT FROM %s t WHERE %s AND %s)"
            .formatted(
                Sql.text(table.name()),
                WRITTEN,
                set,
                live(table),
                isRow(table),
                String.join(" AND ", same)));
  }

  private static List<String> keyFirst(Table table) {
    List<String> columns = new ArrayList<>(table.key());
    table.stored().stream().filter(column -> !columns.contains(column)).forEach(columns::add);
    return columns;
  }

  private String isRow(Table table) {
    return Sql.allOf(
        IntStream.range(0, table.key().size())
            .mapToObj(
                i ->
                    "t.%s = %s"
                        .formatted(
                            Sql.name(table.key().get(i)), value(table, table.key().get(i), i)))
            .toList());
  }

  /** A value of a written row, in the type of its column. */
  private String value(Table table, String column, int position) {
    return "w.v" + position + "::" + types.type(table.name(), column).name();
  }

  private static String live(Table table) {
    return Sql.name("public", table.name());
  }
}
