package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.List;

/**
 * Finds rows that a restore brings back and that are still there, but nobody's: their only
 * reference upwards was set to null since, by {@code ON DELETE SET NULL} or by mistake. Without
 * this, their ids would look taken.
 */
final class AbandonedRows {

  private final Session session;
  private final String live;
  private final Ownership ownership;
  private final SqliteSchema schema;

  AbandonedRows(Session session, String live, Ownership ownership, SqliteSchema schema) {
    this.session = session;
    this.live = live;
    this.ownership = ownership;
    this.schema = schema;
  }

  /** Adds the keys of such rows of a table to a set of its keys; returns how many. */
  long addTo(String set, SqliteTable table) throws SQLException {
    if (table.identity().isEmpty()) {
      return 0;
    }
    OwnerSearch search = new OwnerSearch(session, live, ownership, schema);
    long found = 0;
    for (List<Object> key : unclaimed(set, table)) {
      if (search.ownersOf(table.name(), key).isEmpty()) {
        found += add(set, table, key);
      }
    }
    return found;
  }

  /** The live rows that are in the stage, and not in the set. */
  private List<List<Object>> unclaimed(String set, SqliteTable table) throws SQLException {
    return session.query(
        "SELECT "
            + Sql.columns("t", table.key())
            + " FROM "
            + Sql.name(RowDiff.STAGE, table.name())
            + " s CROSS JOIN "
            + Sql.name(live, table.name())
            + " t ON "
            + Sql.equal("t", table.identity(), "s", table.identity())
            + " WHERE NOT EXISTS (SELECT 1 FROM "
            + set
            + " q WHERE "
            + Sql.equal("q", OwnedRows.keyColumns(table), "t", table.key())
            + ')'
            + neverHeldKey(table),
        row -> OwnerSearch.values(row, table.key().size()));
  }

  /**
   * A condition: the row did not hold the tenant's key then, and does not now. One that has lost it
   * may have been made everybody's.
   */
  private String neverHeldKey(SqliteTable table) throws SQLException {
    // A column that is newer than the archive was filled for the stage.
    String then = AddedTenantColumn.isRemembered(session, table) ? "1" : "0";
    return ownership
        .owned(table.name())
        .flatMap(OwnedTable::byKey)
        .map(key -> Sql.name(key.column()))
        .map(
            column ->
                " AND t." + column + " IS NULL AND (" + then + " OR s." + column + " IS NULL)")
        .orElse("");
  }

  private long add(String set, SqliteTable table, List<Object> key) throws SQLException {
    // Read from the live row: a key with a NUL in it does not survive the way through Java.
    return session.update(
        "INSERT OR IGNORE INTO "
            + set
            + " SELECT "
            + Sql.columns("t", table.key())
            + " FROM "
            + Sql.name(live, table.name())
            + " t WHERE "
            + OwnerSearch.keyIs("t", table),
        key.toArray());
  }
}
