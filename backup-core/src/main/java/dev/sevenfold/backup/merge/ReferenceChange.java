package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * A declared action that changes references of rows outside of the tenant.
 *
 * @param child the table of these rows
 * @param key the foreign key
 * @param action {@code SET NULL} or {@code SET DEFAULT}; or {@code CASCADE}, where the value that
 *     they point at changes
 * @param set the keys of these rows
 */
record ReferenceChange(SqliteTable child, SqliteTable.ForeignKey key, String action, String set) {

  private boolean follows() {
    return action.equals("CASCADE");
  }

  /** The action, for people. */
  String effect() {
    return follows() ? "ON UPDATE CASCADE" : action;
  }

  /** Why the host's schema does not let the action be carried out. */
  Optional<String> obstacle(Session session, Map<String, RowDiff> diffs) throws SQLException {
    for (String column : key.columns()) {
      if (!follows() && isRequired(session, column) && valueOf(session, column).equals("NULL")) {
        return Optional.of(
            describe() + " lose their reference by " + action + ", and " + column + " is NOT NULL");
      }
    }
    return action.equals("SET DEFAULT") && !defaultExists(session, diffs)
        ? Optional.of(describe() + " take the default of " + key.columns() + ", which is no row")
        : Optional.empty();
  }

  private String describe() {
    return "rows of table " + child.name() + " outside of the tenant";
  }

  private boolean isRequired(Session session, String column) throws SQLException {
    boolean notNull =
        session.queryLong(
                "SELECT \"notnull\" FROM pragma_table_xinfo(?, ?) WHERE name = ?",
                child.name(),
                Workbench.LIVE,
                column)
            != 0;
    return notNull || (!child.hasRowid() && child.primaryKey().contains(column));
  }

  private boolean defaultExists(Session session, Map<String, RowDiff> diffs) throws SQLException {
    StringBuilder same = new StringBuilder();
    for (int i = 0; i < key.columns().size(); i++) {
      String value = valueOf(session, key.columns().get(i));
      if (value.equals("NULL")) {
        return true;
      }
      same.append(i == 0 ? "" : " AND ")
          .append("p." + Sql.name(key.parentColumns().get(i)) + " = " + value);
    }
    RowDiff parent = diffs.get(key.parent());
    String live = Sql.name(Workbench.LIVE, key.parent()) + " p WHERE " + same;
    String rows =
        parent == null
            ? "SELECT 1 FROM " + live
            : "SELECT 1 FROM "
                + live
                + " AND "
                + parent.isOutside("p")
                + " UNION ALL SELECT 1 FROM "
                + Sql.name(Workbench.STAGE, key.parent())
                + " p WHERE "
                + same;
    return session.queryLong("SELECT EXISTS (" + rows + ')') != 0;
  }

  /** What a column is set to, as SQL. */
  private String valueOf(Session session, String column) throws SQLException {
    if (action.equals("SET NULL")) {
      return "NULL";
    }
    String value =
        session.queryText(
            "SELECT coalesce(dflt_value, 'NULL') FROM pragma_table_xinfo(?, ?) WHERE name = ?",
            child.name(),
            Workbench.LIVE,
            column);
    return value.equalsIgnoreCase("NULL") ? "NULL" : '(' + value + ')';
  }

  /** Carries it out, inside the write transaction. */
  void apply(Session session, Map<String, RowDiff> diffs) throws SQLException {
    if (follows()) {
      follow(session, diffs);
      return;
    }
    StringBuilder values = new StringBuilder();
    for (String column : key.columns()) {
      values
          .append(values.isEmpty() ? "" : ", ")
          .append(Sql.name(column) + " = " + valueOf(session, column));
    }
    session.update(
        "UPDATE OR ABORT "
            + Sql.name(Workbench.LIVE, child.name())
            + " SET "
            + values
            + " WHERE "
            + LostReferences.keyIn(child, set));
  }

  /** The rows keep pointing at the same row, by its new value. */
  private void follow(Session session, Map<String, RowDiff> diffs) throws SQLException {
    RowDiff parent = diffs.get(key.parent());
    if (parent == null) {
      throw new IllegalStateException("No value of table " + key.parent() + " changes");
    }
    String target = '(' + Sql.columns(key.columns()) + ')';
    session.update(
        "UPDATE OR ABORT "
            + Sql.name(Workbench.LIVE, child.name())
            + " AS c SET "
            + target
            + " = (SELECT "
            + Sql.columns("s", key.parentColumns())
            + " FROM "
            + parent.updates()
            + " u CROSS JOIN "
            + parent.beforeRows("u")
            + " CROSS JOIN "
            + parent.stageRows("u")
            + " WHERE "
            + parent.table().isPointedAt(child, "c", key.columns(), "b", key.parentColumns())
            + ") WHERE "
            + LostReferences.keyIn(child, set));
  }
}
