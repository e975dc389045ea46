package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Rows that are there and will be the tenant's once a restore has brought others back. Those that
 * are nobody's now are counted in; those that are somebody else's are only noted.
 */
public final class ReturningRows {

  private final Session session;
  private final String live;
  private final String scratch;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final TenantKey key;
  private final OwnedRows rows;
  private final Set<String> staged;

  /**
   * @param rows the tenant's rows, which are added to
   * @param staged the tables with rows that come back
   */
  ReturningRows(
      Session session,
      String live,
      String scratch,
      Ownership ownership,
      SqliteSchema schema,
      TenantKey key,
      OwnedRows rows,
      Set<String> staged) {
    this.session = session;
    this.live = live;
    this.scratch = scratch;
    this.ownership = ownership;
    this.schema = schema;
    this.key = key;
    this.rows = rows;
    this.staged = staged;
  }

  /**
   * Counts in rows that will be the tenant's once others have come back, if they are nobody's now.
   * Of somebody else's, only those that the stage has exactly as they are: they stay as they are.
   *
   * @param direct whether restored rows themselves lead to these, or these to them
   */
  long bringBack(SqliteTable table, String select, boolean direct) throws SQLException {
    String keys = Sql.columns(OwnedRows.keyColumns(table));
    String found =
        "SELECT * FROM (" + select + ") EXCEPT SELECT " + keys + " FROM " + rows.set(table.name());
    if (session.queryLong("SELECT EXISTS (" + found + ')') == 0) {
      return 0;
    }
    String coming = Sql.name(scratch, "own_coming");
    session.execute("DROP TABLE IF EXISTS " + coming);
    session.execute("CREATE TABLE " + coming + OwnedRows.keyDefinition(table));
    session.update("INSERT OR IGNORE INTO " + coming + ' ' + found);
    Owners owners = Owners.in(live, session, scratch, "coming", ownership, schema, key);
    owners.ask(table, live, "SELECT " + keys + " FROM " + coming);
    owners.climb();
    String mayCome =
        "(NOT "
            + owners.isOthers(table, live, "c", OwnedRows.keyColumns(table))
            + " OR "
            + isAsStaged(table, "c")
            + ')';
    String those =
        "SELECT " + Sql.columns("c", OwnedRows.keyColumns(table)) + " FROM " + coming + " c WHERE ";
    if (session.queryLong("SELECT EXISTS (" + those + "NOT " + mayCome + ')') != 0) {
      gain(table, those + "NOT " + mayCome, direct);
    }
    return session.update(
        "INSERT OR IGNORE INTO " + rows.set(table.name()) + ' ' + those + mayCome);
  }

  private void gain(SqliteTable table, String select, boolean direct) throws SQLException {
    String gained = Sql.name(scratch, gainedSet(ownership, table.name()));
    session.execute(
        "CREATE TABLE IF NOT EXISTS "
            + gained
            + " ("
            + String.join(", ", OwnedRows.keyDefinitions(table))
            + ", direct, PRIMARY KEY ("
            + Sql.columns(OwnedRows.keyColumns(table))
            + "))");
    session.update(
        "INSERT INTO "
            + gained
            + " SELECT *, "
            + (direct ? 1 : 0)
            + " FROM ("
            + select
            + ") WHERE true ON CONFLICT DO UPDATE SET direct = max(direct, excluded.direct)");
  }

  /** A condition: the stage has the row with the key under {@code alias} just as it is. */
  private String isAsStaged(SqliteTable table, String alias) {
    if (!staged.contains(table.name())) {
      return "0";
    }
    // Without an identity all values say which row it is. Most often it has kept its row id.
    String same =
        table.identity().isEmpty() ? "1" : Sql.same("s", table.identity(), "t", table.identity());
    String found = existsAsStaged(table, alias, same);
    return table.identity().isEmpty()
        ? '('
            + existsAsStaged(table, alias, RowMatch.isSameKey(table, "s", "t"))
            + " OR "
            + found
            + ')'
        : found;
  }

  private String existsAsStaged(SqliteTable table, String alias, String same) {
    return "EXISTS (SELECT 1 FROM "
        + Sql.name(live, table.name())
        + " t CROSS JOIN "
        + Sql.name(Workbench.STAGE, table.name())
        + " s ON "
        + same
        + " WHERE "
        + Sql.equal("t", table.key(), alias, OwnedRows.keyColumns(table))
        + " AND "
        + RowMatch.isExact(table, "t", "s")
        + ')';
  }

  /**
   * Other tenants' rows of a table that would be the tenant's as well once rows have come back, in
   * the sets that were found last: keys, and {@code direct} where a restored row leads there
   * itself.
   */
  public static Optional<String> gained(
      Session session, String scratch, Ownership ownership, String table) throws SQLException {
    String set = gainedSet(ownership, table);
    boolean exists =
        session.queryLong(
                "SELECT count(*) FROM " + Sql.name(scratch) + ".sqlite_schema WHERE name = ?", set)
            != 0;
    return exists ? Optional.of(Sql.name(scratch, set)) : Optional.empty();
  }

  private static String gainedSet(Ownership ownership, String table) {
    List<String> tables =
        ownership.owned().stream().map(owned -> owned.name().toLowerCase(Locale.ROOT)).toList();
    return "gained_" + tables.indexOf(table.toLowerCase(Locale.ROOT));
  }

  /** Forgets what was noted before. */
  void clear() throws SQLException {
    for (OwnedTable owned : ownership.owned()) {
      session.execute(
          "DROP TABLE IF EXISTS " + Sql.name(scratch, gainedSet(ownership, owned.name())));
    }
  }

  /**
   * Counts in rows that come back and are still there, but nobody's: their only reference upwards
   * was set to null since, by {@code ON DELETE SET NULL} or by mistake. Without this, their ids
   * would look taken.
   */
  long countIn(OwnedTable owned) throws SQLException {
    SqliteTable table = schema.table(owned.name());
    if (table.identity().isEmpty()) {
      return 0;
    }
    String keys = Sql.columns("t", table.key());
    String there =
        "SELECT "
            + keys
            + " FROM "
            + Sql.name(Workbench.STAGE, table.name())
            + " s CROSS JOIN "
            + Sql.name(live, table.name())
            + " t ON "
            + Sql.equal("t", table.identity(), "s", table.identity())
            + " WHERE NOT "
            + rows.isOwned(table, "t")
            + neverHeldKey(owned);
    if (session.queryLong("SELECT EXISTS (" + there + ')') == 0) {
      return 0;
    }
    Owners owners = Owners.in(live, session, scratch, "coming", ownership, schema, key);
    owners.ask(table, live, there);
    owners.climb();
    String leadsToOthers = owners.isOthers(table, live, "t", table.key());
    return session.update(
        "INSERT OR IGNORE INTO "
            + rows.set(table.name())
            + ' '
            + there
            + " AND NOT "
            + leadsToOthers);
  }

  /**
   * A condition: the row did not hold the tenant's key then, and does not now. One that has lost it
   * may have been made everybody's.
   */
  private String neverHeldKey(OwnedTable owned) throws SQLException {
    // A column that is newer than the archive was filled for the stage.
    boolean isNew = AddedTenantColumn.isRemembered(session, schema.table(owned.name()));
    return owned
        .byKey()
        .map(byKey -> Sql.name(byKey.column()))
        .map(
            column ->
                " AND t." + column + " IS NULL" + (isNew ? "" : " AND s." + column + " IS NULL"))
        .orElse("");
  }
}
