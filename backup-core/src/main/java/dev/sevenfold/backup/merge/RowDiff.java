package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.PlannedRows;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The difference between the rows of one table before and after a restore, as three sets of keys in
 * the plan: rows to insert, to update and to delete.
 */
public final class RowDiff implements PlannedRows {

  private final Table table;
  private final int number;

  public RowDiff(Table table, int number) {
    this.table = table;
    this.number = number;
  }

  /** One difference for each table, not computed yet. */
  public static List<RowDiff> of(List<Table> tables) {
    List<RowDiff> diffs = new ArrayList<>();
    for (Table table : tables) {
      diffs.add(new RowDiff(table, diffs.size()));
    }
    return List.copyOf(diffs);
  }

  @Override
  public Table table() {
    return table;
  }

  @Override
  public int number() {
    return number;
  }

  /** Lets kept rows be judged anew. */
  public void forgetKept(Session session) throws SQLException {
    session.execute("INSERT INTO " + deletes() + " SELECT * FROM " + kept());
    session.execute("DELETE FROM " + kept());
  }

  /**
   * Keeps the deleted rows that a condition is true for.
   *
   * @param condition over their keys, {@code d}
   */
  public void keep(Session session, String condition) throws SQLException {
    session.execute(
        Sql.of(
            "INSERT INTO {kept} SELECT d.\"{key}\" FROM {deletes} d WHERE {condition}",
            kept(),
            beforeKey(),
            deletes(),
            condition));
    session.execute(
        Sql.of(
            "DELETE FROM {deletes} WHERE (\"{key}\") IN (SELECT \"{key}\" FROM {kept})",
            deletes(),
            beforeKey(),
            kept()));
  }

  /** A condition over keys of deleted or kept rows: they are left as they are, come what may. */
  String isAside(String alias) {
    return Sql.of(
        "EXISTS (SELECT 1 FROM {aside} a WHERE {same key})",
        aside(),
        Sql.equal("a", beforeKey(), alias, beforeKey()));
  }

  /**
   * Leaves the kept rows as they are for good that a condition is true for; counts those that are
   * new.
   *
   * @param condition over their keys, {@code d}
   */
  long setAside(Session session, String condition) throws SQLException {
    return session.update(
        Sql.of(
            "INSERT OR IGNORE INTO {aside} SELECT d.\"{key}\" FROM {kept} d WHERE {condition}",
            aside(),
            beforeKey(),
            kept(),
            condition));
  }

  /** A condition: the live row under {@code alias} is not one that the restore decides on. */
  public String isOutside(String alias) {
    return isOutside(alias, table.key());
  }

  /** As {@link #isOutside(String)}, where the row's key has other names. */
  public String isOutside(String alias, List<String> key) {
    return Sql.of(
        """
        NOT EXISTS (SELECT 1 FROM {copy} o WHERE {same key}
          AND NOT EXISTS (SELECT 1 FROM {kept} k WHERE {kept key}))
        """,
        Sql.name(Workbench.COPY, table.name()),
        Sql.equal("o", table.key(), alias, key),
        kept(),
        Sql.equal("k", beforeKey(), "o", table.key()));
  }

  /** Compares the two sides. Needs no lock: both are scratch databases. */
  public void compute(Session session) throws SQLException {
    String before = Sql.columns(beforeKey());
    String staged = Sql.columns(stageKey());
    session.make(inserts(), '(' + staged + ')');
    session.make(deletes(), '(' + before + ')');
    session.make(updates(), '(' + before + ", " + staged + ", hard)");
    // Found by its keys, which compare as the table's own do.
    String keys = OwnedRows.keyDefinitions(table, "b");
    session.make(kept(), '(' + keys + ", PRIMARY KEY (" + before + "))");
    List<String> identity = identity(session);
    if (identity.isEmpty()) {
      compareAsBags(session);
    } else {
      compareByKey(session, identity);
    }
  }

  /** The columns that say which row is which; empty if only all values together do. */
  private List<String> identity(Session session) throws SQLException {
    if (table.identity().isEmpty() || table.identity().equals(table.key())) {
      return table.identity();
    }
    // SQLite allows null in the primary key of a table with row ids; such rows have no identity.
    String anyNull =
        String.join(
            " OR ", table.primaryKey().stream().map(c -> Sql.name(c) + " IS NULL").toList());
    for (String side : List.of(Workbench.COPY, Workbench.STAGE)) {
      if (session.exists("SELECT 1 FROM " + Sql.name(side, table.name()) + " WHERE " + anyNull)) {
        return List.of();
      }
    }
    return table.primaryKey();
  }

  private void compareByKey(Session session, List<String> identity) throws SQLException {
    String same = Sql.equal("b", identity, "s", identity);
    String before = Sql.name(Workbench.COPY, table.name());
    String stage = Sql.name(Workbench.STAGE, table.name());
    session.execute(
        Sql.of(
            """
            INSERT INTO {inserts} SELECT s."{key}" FROM {stage} s
            WHERE NOT EXISTS (SELECT 1 FROM {before} b WHERE {same})
            """,
            inserts(),
            table.key(),
            stage,
            before,
            same));
    session.execute(
        Sql.of(
            """
            INSERT INTO {deletes} SELECT b."{key}" FROM {before} b
            WHERE NOT EXISTS (SELECT 1 FROM {stage} s WHERE {same})
            """,
            deletes(),
            table.key(),
            before,
            stage,
            Sql.equal("s", identity, "b", identity)));
    session.execute(
        Sql.of(
            """
            INSERT INTO {updates} SELECT b."{key}", s."{key}", {changes unique}
            FROM {stage} s CROSS JOIN {before} b ON {same} WHERE NOT {exact}
            """,
            updates(),
            table.key(),
            changesUnique(),
            stage,
            before,
            same,
            RowMatch.isExact(table, "b", "s")));
  }

  /**
   * Whether an update changes a value that must be unique. Such rows are deleted and inserted
   * again, because two rows may swap their values, and SQLite checks after each row.
   */
  private String changesUnique() {
    List<String> unchanged = new ArrayList<>();
    if (!table.hasRowid()) {
      unchanged.add(RowMatch.isExact(table, table.key(), "b", "s"));
    }
    for (Table.Unique unique : table.uniques()) {
      if (unique.columns().isEmpty() || !unique.condition().isEmpty()) {
        // An expression, or a condition, may depend on any column.
        return "1";
      }
      unchanged.add(RowMatch.isExact(table, unique.columns(), "b", "s"));
    }
    return "NOT " + Sql.allOf(unchanged);
  }

  /** Rows without identity: equal ones are counted on both sides, and the difference is made up. */
  private void compareAsBags(Session session) throws SQLException {
    String before = numbered(session, Workbench.COPY, "before_");
    String stage = numbered(session, Workbench.STAGE, "stage_");
    keepUnmatched(session, inserts(), stage, Workbench.STAGE, before, Workbench.COPY);
    keepUnmatched(session, deletes(), before, Workbench.COPY, stage, Workbench.STAGE);
  }

  /** Takes the rows of one side that have none like them, with the same number, on the other. */
  private void keepUnmatched(
      Session session, String set, String ours, String side, String theirs, String other)
      throws SQLException {
    session.execute(
        Sql.of(
            """
            INSERT INTO {set} SELECT n.k FROM {ours} n CROSS JOIN {side} t ON t."{key}" = n.k
            WHERE NOT EXISTS (SELECT 1 FROM {theirs} m CROSS JOIN {other} o ON o."{key}" = m.k
              WHERE n.print = m.print AND n.number = m.number AND {exact})
            """,
            set,
            ours,
            Sql.name(side, table.name()),
            table.key(),
            theirs,
            Sql.name(other, table.name()),
            RowMatch.isExact(table, "t", "o")));
  }

  private String numbered(Session session, String side, String prefix) throws SQLException {
    String name = Sql.name(Workbench.PLAN, prefix + number);
    session.make(name, "(print, number, k, PRIMARY KEY (print, number, k)) WITHOUT ROWID");
    session.execute(
        "INSERT INTO " + name + ' ' + RowMatch.numbered(table, Sql.name(side, table.name())));
    return name;
  }

  /** Whether there is anything to write. */
  public boolean isWritten(Session session) throws SQLException {
    return session.exists(
        Sql.of(
            "SELECT 1 FROM {inserts} UNION ALL SELECT 1 FROM {updates} UNION ALL SELECT 1 FROM"
                + " {deletes}",
            inserts(),
            updates(),
            deletes()));
  }

  /** How many rows are inserted, updated, deleted, and left alone. */
  public TableChange counts(Session session) throws SQLException {
    String counts =
        Sql.of(
            """
            SELECT (SELECT count(*) FROM {inserts}), (SELECT count(*) FROM {updates}),
              (SELECT count(*) FROM {deletes}), (SELECT count(*) FROM {staged})
            """,
            inserts(),
            updates(),
            deletes(),
            Sql.name(Workbench.STAGE, table.name()));
    return session
        .query(
            counts,
            row -> {
              long written = row.getLong(1) + row.getLong(2);
              return new TableChange(
                  table.name(),
                  row.getLong(1),
                  row.getLong(2),
                  row.getLong(3),
                  row.getLong(4) - written,
                  List.of());
            })
        .get(0);
  }
}
