package dev.sevenfold.backup.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds ids and unique values of restored rows that belong to other rows by now: rows outside of
 * the tenant, which a restore must not touch.
 */
final class TakenValues {

  private static final int SAMPLES = 5;

  private final Session session;
  private final ForeignKeyActions actions;
  private final List<String> obstacles = new ArrayList<>();
  private boolean ids;

  /**
   * Looks for them when told to.
   *
   * @param actions the rows outside of the tenant that go, and stand in nobody's way
   */
  TakenValues(Session session, ForeignKeyActions actions) {
    this.session = session;
    this.actions = actions;
  }

  /** Whether an id was found to be taken. */
  boolean hasIds() {
    return ids;
  }

  /** One sentence for each key of a table of which something is taken. */
  List<String> obstacles() {
    return List.copyOf(obstacles);
  }

  /**
   * Looks at one table.
   *
   * @param advice what to do about a value of this table, if there is more to say than that
   */
  void find(RowDiff diff, String advice) throws SQLException {
    findIds(diff);
    for (SqliteTable.Unique unique : diff.table().uniques()) {
      findValues(diff, unique, advice);
    }
  }

  private void findIds(RowDiff diff) throws SQLException {
    SqliteTable table = diff.table();
    if (table.hasRowid() && !table.hasIntegerPrimaryKey()) {
      return;
    }
    List<String> taken =
        session.query(
            "SELECT "
                + Sql.columns("m", table.key())
                + " FROM "
                + diff.inserts()
                + " i CROSS JOIN "
                + Sql.name(SnapshotTaker.LIVE, table.name())
                + " m ON "
                + Sql.equal("m", table.key(), "i", diff.stageKey())
                + " WHERE "
                + actions.isNotDeleted(table.name(), "m"),
            row -> OwnerSearch.text(OwnerSearch.values(row, table.key().size())));
    if (!taken.isEmpty()) {
      ids = true;
      obstacles.add(
          taken.size()
              + " ids of table "
              + table.name()
              + " belong to other rows by now: "
              + table.key()
              + " = "
              + firstOf(taken));
    }
  }

  private void findValues(RowDiff diff, SqliteTable.Unique unique, String advice)
      throws SQLException {
    SqliteTable table = diff.table();
    List<String> values = names("u", unique.terms().size());
    List<String> keys = names("k", table.key().size());
    List<String> same = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      same.add(
          "m."
              + values.get(i)
              + " = s."
              + values.get(i)
              + " COLLATE "
              + Sql.name(unique.collations().get(i)));
    }
    List<String> taken =
        session.query(
            "SELECT "
                + Sql.columns("s", values)
                + " FROM ("
                + diff.written()
                + ") w CROSS JOIN "
                + valuesOf(RowDiff.STAGE, table, unique)
                + " s ON "
                + Sql.equal("s", keys, "w", diff.stageKey())
                + " CROSS JOIN "
                + valuesOf(SnapshotTaker.LIVE, table, unique)
                + " m ON "
                + Sql.allOf(same)
                + " WHERE "
                + diff.isOutside("m", keys)
                + " AND "
                + actions.isNotDeleted(table.name(), "m", keys),
            row -> OwnerSearch.text(OwnerSearch.values(row, values.size())));
    if (!taken.isEmpty()) {
      obstacles.add(
          taken.size()
              + " values of table "
              + table.name()
              + " must be unique and are in use by other rows: "
              + (unique.columns().isEmpty() ? unique.terms() : unique.columns())
              + " = "
              + firstOf(taken)
              + advice);
    }
  }

  /**
   * The rows that a unique index has, as {@code k0, …} for their keys and {@code u0, …} for what is
   * unique. The table keeps its name, by which an index may call it.
   */
  private static String valuesOf(String schemaName, SqliteTable table, SqliteTable.Unique unique) {
    String name = Sql.name(table.name());
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      parts.add(name + '.' + Sql.name(table.key().get(i)) + " AS k" + i);
    }
    for (int i = 0; i < unique.terms().size(); i++) {
      parts.add('(' + unique.terms().get(i) + ") AS u" + i);
    }
    return "(SELECT "
        + String.join(", ", parts)
        + " FROM "
        + Sql.name(schemaName, table.name())
        + " AS "
        + name
        + (unique.condition().isEmpty() ? "" : " WHERE " + unique.condition())
        + ')';
  }

  private static List<String> names(String prefix, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(prefix + i);
    }
    return names;
  }

  static String firstOf(List<String> items) {
    return items.size() <= SAMPLES
        ? items.toString()
        : items.subList(0, SAMPLES) + " and " + (items.size() - SAMPLES) + " more";
  }
}
