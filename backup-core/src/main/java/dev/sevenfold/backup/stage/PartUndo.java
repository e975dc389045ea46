package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.PartTable.Side;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What it takes to take the restore of a part back: rows that it created go, rows that it updated
 * or deleted are again what they were. A row that was changed since is in the way, and what it left
 * alone is left alone. Use once, from one thread.
 */
final class PartUndo {

  private final Session session;
  private final List<String> conflicts = new ArrayList<>();

  /**
   * Begins.
   *
   * @param session has the rows that were written in tables of the plan
   */
  PartUndo(Session session) {
    this.session = session;
  }

  List<String> conflicts() {
    return conflicts;
  }

  /**
   * Decides what becomes of one table's rows.
   *
   * @param columns what its rows are compared by
   */
  void choose(PartTable table, List<String> columns) throws SQLException {
    if (!session.exists("SELECT 1 FROM " + table.written())) {
      return;
    }
    for (Side side : Side.values()) {
      print(table, side, columns);
    }
    if (table.hasIdentity()) {
      takeBackRows(table);
    } else {
      takeBackCopies(table);
    }
  }

  private void print(PartTable table, Side side, List<String> columns) throws SQLException {
    session.make(
        table.prints(side), "(" + OwnedRows.keyDefinitions(table.table()) + ", id, print, number)");
    session.update(
        Sql.of(
            """
            INSERT INTO {prints}
            SELECT "{keys}", id, print, row_number() OVER (PARTITION BY print ORDER BY "{keys}")
            FROM (SELECT {values}, {id} AS id, {print} AS print FROM {rows} t)
            WHERE {is} IN (SELECT {is} FROM {written})
            """,
            table.prints(side),
            table.keys(),
            keys(table),
            RowMatch.fingerprint(table.identity(), "t"),
            RowMatch.fingerprint(columns, "t"),
            table.rows(side),
            // Only what is compared: to print and to number all rows takes longer than the rest.
            Sql.name(table.hasIdentity() ? "id" : "print"),
            table.written()));
    session.execute(
        Sql.of(
            "CREATE INDEX {index} ON {table} (id)",
            table.prints(side).substring(0, table.prints(side).length() - 1) + "_by\"",
            table.prints(side).substring(table.prints(side).indexOf('.') + 1)));
  }

  private static String keys(PartTable table) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < table.keys().size(); i++) {
      names.add(
          "t." + Sql.name(table.table().key().get(i)) + " AS " + Sql.name(table.keys().get(i)));
    }
    return String.join(", ", names);
  }

  private void takeBackRows(PartTable table) throws SQLException {
    String isThere = there(table, "1");
    String isAsWritten = there(table, "p.print = w.print");
    String isAsBefore = there(table, "p.print = t.print");
    String now =
        "FROM " + table.written() + " w CROSS JOIN " + table.prints(Side.NOW) + " t ON t.id = w.id";
    put(table, List.of(table.going()), now + " WHERE w.what = 'created' AND t.print = w.print");
    String then =
        "FROM "
            + table.written()
            + " w CROSS JOIN "
            + table.prints(Side.THEN)
            + " t ON t.id = w.id";
    put(table, List.of(table.taken()), then + " WHERE w.what = 'updated' AND " + isAsWritten);
    put(
        table,
        List.of(table.taken(), table.missing()),
        then + " WHERE w.what = 'deleted' AND NOT " + isThere);
    conflict(
        table,
        Side.NOW,
        "were brought back by the restore, and changed since",
        now,
        "w.what = 'created' AND NOT t.print = w.print");
    conflict(
        table,
        Side.THEN,
        "were updated by the restore, and changed or deleted since",
        then,
        "w.what = 'updated' AND NOT " + isAsWritten + " AND NOT " + isAsBefore);
    conflict(
        table,
        Side.THEN,
        "were deleted by the restore, and are there again with other values",
        then,
        "w.what = 'deleted' AND " + isThere + " AND NOT " + isAsBefore);
  }

  /** A condition: the row that {@code w} is of is there now, and the condition is true for it. */
  private static String there(PartTable table, String condition) {
    return Sql.of(
        "EXISTS (SELECT 1 FROM {now} p WHERE p.id = w.id AND {condition})",
        table.prints(Side.NOW),
        condition);
  }

  /** As many of the rows that are equal as were written. */
  private void takeBackCopies(PartTable table) throws SQLException {
    put(table, List.of(table.going()), copies(table, Side.NOW, "created"));
    put(table, List.of(table.taken(), table.missing()), copies(table, Side.THEN, "deleted"));
  }

  private static String copies(PartTable table, Side side, String what) {
    return Sql.of(
        "FROM {prints} t WHERE t.number <= (SELECT count(*) FROM {written} w WHERE w.what = {what}"
            + " AND w.print = t.print)",
        table.prints(side),
        table.written(),
        Sql.text(what));
  }

  private void put(PartTable table, List<String> sets, String from) throws SQLException {
    for (String set : sets) {
      session.update(
          Sql.of(
              "INSERT OR IGNORE INTO {set} (\"{keys}\") SELECT {values} {from}",
              set,
              table.keys(),
              Sql.columns("t", table.keys()),
              from));
    }
  }

  private void conflict(PartTable table, Side side, String what, String from, String condition)
      throws SQLException {
    List<String> keys =
        session.query(
            Sql.of(
                "SELECT r.\"{identity}\" {from} CROSS JOIN {rows} r ON {same key} WHERE {condition}",
                table.identity(),
                from,
                table.rows(side),
                Sql.equal("r", table.table().key(), "t", table.keys()),
                condition),
            row -> RowKeys.text(RowKeys.values(row, table.identity().size())));
    if (!keys.isEmpty()) {
      conflicts.add(
          "%s rows of table %s %s: %s = %s; make them what the restore made of them, or restore the"
                  .formatted(
                      keys.size(), table.name(), what, table.identity(), PartStage.shown(keys))
              + " safety archive by its label, which takes back all that was done since");
    }
  }
}
