package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.PlannedRows;
import dev.sevenfold.backup.engine.Writes;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.Progress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a difference into the live tables, inside a write transaction, and reads it back. Only
 * rows that differ are written.
 */
final class Merge {

  private static final String LIVE = Session.MAIN;

  private final Session session;
  private final Schema schema;
  private final Writes writes;

  /** Selects inserted rows where they got keys that the stage does not know. */
  private final Map<String, String> insertedKeys = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  Merge(Session session, Schema schema, Writes writes) {
    this.session = session;
    this.schema = schema;
    this.writes = writes;
  }

  /** Writes all of it; returns selects of inserted keys where the stage does not know them. */
  Map<String, String> apply(Progress progress) throws SQLException {
    Triggers triggers = Triggers.takeFrom(session, writes.tables(), schema);
    List<? extends PlannedRows> rows = writes.rows();
    try {
      for (Writes.Action action : writes.actions()) {
        act(action);
      }
      // All that goes is gone before anything comes: unique values may move between rows.
      for (PlannedRows of : rows) {
        delete(of);
      }
      for (int i = 0; i < rows.size(); i++) {
        progress.report("merge", Progress.Unit.TABLES, i, rows.size());
        boolean asItWas = writes.unchecked().contains(rows.get(i).table().name());
        session.set("ignore_check_constraints", asItWas ? 1 : 0);
        update(rows.get(i));
        insert(rows.get(i));
      }
      session.set("ignore_check_constraints", 0);
      progress.report("merge", Progress.Unit.TABLES, rows.size(), rows.size());
    } catch (SQLException e) {
      if (SqliteErrors.isConstraint(e)) {
        throw new RestoreRefused(
            "The live database does not take the restored rows",
            List.of(String.valueOf(e.getMessage())),
            "A rule of the schema stands in the way; change the row that breaks it, then try"
                + " again");
      }
      throw e;
    }
    triggers.putBack();
    prove();
    return insertedKeys;
  }

  /** What SQLite would do by itself, which would also reach rows that are only moved. */
  private void act(Writes.Action action) throws SQLException {
    Table child = action.child();
    String live = Sql.name(LIVE, child.name());
    String reached =
        "(%s) IN (SELECT %s FROM %s)"
            .formatted(
                Sql.columns(child.key()), Sql.columns(OwnedRows.keyColumns(child)), action.set());
    Table.ForeignKey key = action.key();
    if (key == null) {
      session.update("DELETE FROM " + live + " WHERE " + reached);
    } else if (action.follows()) {
      follow(key, child, live, reached);
    } else {
      String values =
          Sql.commas(key.columns(), column -> Sql.name(column) + " = " + action.valueOf(column));
      session.update("UPDATE OR ABORT %s SET %s WHERE %s".formatted(live, values, reached));
    }
  }

  /** The rows keep pointing at the same row, by its new value. */
  private void follow(Table.ForeignKey key, Table child, String live, String reached)
      throws SQLException {
    PlannedRows parent =
        writes.rows().stream()
            .filter(rows -> rows.table().name().equalsIgnoreCase(key.parent()))
            .findFirst()
            .orElseThrow();
    session.update(
        """
        UPDATE OR ABORT %s AS c SET (%s) = (
          SELECT %s FROM %s u CROSS JOIN %s CROSS JOIN %s WHERE %s)
        WHERE %s
        """
            .formatted(
                live,
                Sql.columns(key.columns()),
                Sql.columns("s", key.parentColumns()),
                parent.updates(),
                parent.beforeRows("u"),
                parent.stageRows("u"),
                parent.table().isPointedAt(child, "c", key.columns(), "b", key.parentColumns()),
                reached));
  }

  private void delete(PlannedRows diff) throws SQLException {
    long planned = count(diff.deletes()) + count(hard(diff));
    if (planned == 0) {
      // Even a statement without rows has SQLite note the sequences of what its triggers write to.
      return;
    }
    long deleted =
        session.update(
            Sql.of(
                """
                DELETE FROM {live} WHERE ("{key}") IN (SELECT "{before}" FROM {deletes}
                  UNION ALL SELECT "{before}" FROM {updates} WHERE hard)
                """,
                live(diff),
                diff.table().key(),
                diff.beforeKey(),
                diff.deletes(),
                diff.updates()));
    require(diff, "deleted", planned, deleted);
  }

  private void update(PlannedRows diff) throws SQLException {
    Table table = diff.table();
    List<String> values =
        table.stored().stream().filter(column -> !table.key().contains(column)).toList();
    long planned = count(diff.updates()) - count(hard(diff));
    if (values.isEmpty() || planned == 0) {
      return;
    }
    long updated =
        session.update(
            Sql.of(
                """
                UPDATE OR ABORT {live} AS m SET {values}
                FROM {updates} u CROSS JOIN {staged rows} WHERE NOT u.hard AND {same key}
                """,
                live(diff),
                Sql.commas(values, column -> Sql.name(column) + " = s." + Sql.name(column)),
                diff.updates(),
                diff.stageRows("u"),
                Sql.equal("m", table.key(), "u", diff.beforeKey())));
    require(diff, "updated", planned, updated);
  }

  private void insert(PlannedRows diff) throws SQLException {
    // A row that was taken out to change its unique values keeps its row id.
    boolean keepsRowid = diff.table().hasHiddenRowid();
    insert(diff, "inserted again", hard(diff), keepsRowid ? "k.b0, " : "");
    if (keepsRowid) {
      insertedKeys.put(diff.table().name(), selectInserted(diff));
    }
    insert(diff, "inserted", diff.inserts(), keepsRowid ? archivedRowid(diff) + ", " : "");
  }

  /** The row id that a row had, if it is free by now: a search index may know the row by it. */
  private static String archivedRowid(PlannedRows diff) {
    return Sql.of(
        """
        CASE WHEN EXISTS (SELECT 1 FROM {live} x WHERE x."{rowid}" = s."{rowid}")
          THEN NULL ELSE s."{rowid}" END
        """,
        live(diff),
        diff.table().key());
  }

  private void insert(PlannedRows diff, String verb, String keys, String rowid)
      throws SQLException {
    long planned = count(keys);
    if (planned == 0) {
      return;
    }
    long inserted =
        session.update(
            Sql.of(
                """
                INSERT OR ABORT INTO {live} ("{columns}")
                SELECT {rowid}s."{values}" FROM {keys} k CROSS JOIN {staged rows}{order}
                """,
                live(diff),
                diff.table().copied(),
                rowid,
                diff.table().stored(),
                keys,
                diff.stageRows("k"),
                // Those that get a new row id come last, so that it is none of the others'.
                rowid.isEmpty() ? "" : " ORDER BY 1 NULLS LAST"));
    require(diff, verb, planned, inserted);
  }

  /** Selects the row ids of rows that are about to be inserted, as the table will give them. */
  private String selectInserted(PlannedRows diff) throws SQLException {
    Table table = diff.table();
    String rowid = table.key().get(0);
    String live = live(diff);
    if (table.primaryKey().isEmpty()) {
      long last = session.queryLong("SELECT max(" + Sql.name(rowid) + ") FROM " + live);
      return Sql.of(
          """
          SELECT m."{rowid}" FROM {live} m WHERE m."{rowid}" > {last}
          UNION SELECT k FROM {given back}
          """,
          rowid,
          live,
          last,
          rowidsGivenBack(diff));
    }
    return Sql.of(
        """
        SELECT m."{rowid}" FROM {inserts} i CROSS JOIN {staged rows}
        CROSS JOIN {live} m ON {same key}
        """,
        rowid,
        diff.inserts(),
        diff.stageRows("i"),
        live,
        Sql.same("m", table.primaryKey(), "s", table.primaryKey()));
  }

  /** Keeps the archived row ids that are free, and will be those of the restored rows again. */
  private String rowidsGivenBack(PlannedRows diff) throws SQLException {
    String given = diff.givenBack();
    session.make(
        given,
        Sql.of(
            """
            AS SELECT s."{rowid}" AS k FROM {inserts} i CROSS JOIN {staged rows}
            WHERE NOT EXISTS (SELECT 1 FROM {live} x WHERE x."{rowid}" = s."{rowid}")
            """,
            diff.table().key(),
            diff.inserts(),
            diff.stageRows("i"),
            live(diff)));
    return given;
  }

  private static String live(PlannedRows diff) {
    return Sql.name(LIVE, diff.table().name());
  }

  private static String hard(PlannedRows diff) {
    return "(SELECT * FROM " + diff.updates() + " WHERE hard)";
  }

  private long count(String set) throws SQLException {
    return session.queryLong("SELECT count(*) FROM " + set);
  }

  private static void require(PlannedRows diff, String verb, long planned, long done) {
    if (planned != done) {
      throw new RestoreRefused(
          "Of " + planned + " rows of table " + diff.table().name() + ", " + done + " were " + verb,
          List.of(),
          "Everything was rolled back; run PRAGMA integrity_check on the live database");
    }
  }

  /**
   * Reads back what was written: every restored row is there with its values, no deleted one is.
   */
  private void prove() throws SQLException {
    List<String> differences = new ArrayList<>();
    for (PlannedRows diff : writes.rows()) {
      long wrong = wronglyWritten(diff) + stillThere(diff);
      if (wrong != 0) {
        differences.add(wrong + " rows of table " + diff.table().name());
      }
    }
    if (!differences.isEmpty()) {
      throw new RestoreRefused(
          "After the merge the live rows do not equal the archive's",
          differences,
          "Everything was rolled back; please report this with the definitions of these tables");
    }
  }

  private long wronglyWritten(PlannedRows diff) throws SQLException {
    Table table = diff.table();
    List<String> key = table.hasRowid() ? diff.beforeKey() : diff.stageKey();
    long updates = missing(diff, diff.updates(), Sql.equal("m", table.key(), "w", key));
    if (!table.hasHiddenRowid()) {
      String sameKey = Sql.equal("m", table.key(), "w", diff.stageKey());
      return updates + missing(diff, diff.inserts(), sameKey);
    }
    // Inserted rows may have got new row ids: a declared primary key tells them, or only their
    // count.
    List<String> primary = table.primaryKey();
    return primary.isEmpty()
        ? updates
        : updates + missing(diff, diff.inserts(), Sql.same("m", primary, "s", primary));
  }

  /** How many rows of a set are not there as they are in the stage. */
  private long missing(PlannedRows diff, String set, String isIt) throws SQLException {
    return session.queryLong(
        Sql.of(
            """
            SELECT count(*) FROM {set} w CROSS JOIN {staged rows}
            WHERE NOT EXISTS (SELECT 1 FROM {live} m WHERE {is it} AND {exact})
            """,
            set,
            diff.stageRows("w"),
            live(diff),
            isIt,
            RowMatch.isExact(diff.table(), "m", "s")));
  }

  private long stillThere(PlannedRows diff) throws SQLException {
    Table table = diff.table();
    if (table.hasHiddenRowid()) {
      // Row ids of deleted rows may be in use again, by rows that were inserted since.
      return 0;
    }
    return session.queryLong(
        Sql.of(
            "SELECT count(*) FROM {deletes} d CROSS JOIN {live} m ON {same key}",
            diff.deletes(),
            live(diff),
            Sql.equal("m", table.key(), "d", diff.beforeKey())));
  }
}
