package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
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

  private final Scope scope;
  private final Session session;
  private final OwnedRows rows;
  private final Set<String> staged;

  /**
   * @param rows the tenant's rows, which are added to
   * @param staged the tables with rows that come back
   */
  ReturningRows(Scope scope, OwnedRows rows, Set<String> staged) {
    this.scope = scope;
    this.session = scope.session();
    this.rows = rows;
    this.staged = staged;
  }

  /**
   * Counts in rows that will be the tenant's once others have come back, if they are nobody's now.
   * Of somebody else's, only those that the stage has exactly as they are: they stay as they are.
   *
   * @param direct whether restored rows themselves lead to these, or these to them
   */
  long bringBack(Table table, String select, boolean direct) throws SQLException {
    String keys = Sql.columns(OwnedRows.keyColumns(table));
    String found =
        "SELECT * FROM (" + select + ") EXCEPT SELECT " + keys + " FROM " + rows.set(table.name());
    if (!session.exists(found)) {
      return 0;
    }
    String coming = scope.scratch("own_coming");
    session.make(coming, OwnedRows.keyDefinition(table));
    session.update("INSERT OR IGNORE INTO " + coming + ' ' + found);
    Owners owners = owners(table, "SELECT " + keys + " FROM " + coming);
    String mayCome =
        Sql.of(
            "(NOT {is of others} OR {is as staged})",
            owners.isOthers(table, scope.live(), "c", OwnedRows.keyColumns(table)),
            isAsStaged(table, "c"));
    String those =
        "SELECT " + Sql.columns("c", OwnedRows.keyColumns(table)) + " FROM " + coming + " c WHERE ";
    if (session.exists(those + "NOT " + mayCome)) {
      gain(table, those + "NOT " + mayCome, direct);
    }
    return session.update(
        "INSERT OR IGNORE INTO " + rows.set(table.name()) + ' ' + those + mayCome);
  }

  /** Who owns these rows, and all that they lead to. */
  private Owners owners(Table table, String select) throws SQLException {
    Owners owners = Owners.in(scope, "coming");
    owners.ask(table, scope.live(), select);
    owners.climb();
    return owners;
  }

  private void gain(Table table, String select, boolean direct) throws SQLException {
    String gained = scope.scratch(gainedSet(scope.ownership(), table.name()));
    session.execute(
        Sql.of(
            "CREATE TABLE IF NOT EXISTS {gained} ({columns}, direct, PRIMARY KEY (\"{key}\"))",
            gained,
            OwnedRows.keyDefinitions(table),
            OwnedRows.keyColumns(table)));
    session.update(
        Sql.of(
            """
            INSERT INTO {gained} SELECT *, {direct} FROM ({rows}) WHERE true
            ON CONFLICT DO UPDATE SET direct = max(direct, excluded.direct)
            """,
            gained,
            direct ? 1 : 0,
            select));
  }

  /** A condition: the stage has the row with the key under {@code alias} just as it is. */
  private String isAsStaged(Table table, String alias) {
    if (!staged.contains(table.name())) {
      return "0";
    }
    // Without an identity all values say which row it is. Most often it has kept its row id.
    String same =
        table.identity().isEmpty() ? "1" : Sql.same("s", table.identity(), "t", table.identity());
    String found = existsAsStaged(table, alias, same);
    return table.identity().isEmpty()
        ? Sql.of(
            "({by row id} OR {by values})",
            existsAsStaged(table, alias, RowMatch.isSameKey(table, "s", "t")),
            found)
        : found;
  }

  private String existsAsStaged(Table table, String alias, String same) {
    return Sql.of(
        """
        EXISTS (SELECT 1 FROM {live} t CROSS JOIN {staged} s ON {same}
          WHERE {key} AND {same values})
        """,
        scope.live(table.name()),
        Sql.name(Workbench.STAGE, table.name()),
        same,
        Sql.equal("t", table.key(), alias, OwnedRows.keyColumns(table)),
        RowMatch.isExact(table, "t", "s"));
  }

  /**
   * Other tenants' rows of a table that would be the tenant's as well once rows have come back, in
   * the sets that were found last: keys, and {@code direct} where a restored row leads there
   * itself.
   */
  public static Optional<String> gained(
      Session session, String scratch, Ownership ownership, String table) throws SQLException {
    String set = gainedSet(ownership, table);
    return session.hasTable(scratch, set) ? Optional.of(Sql.name(scratch, set)) : Optional.empty();
  }

  private static String gainedSet(Ownership ownership, String table) {
    List<String> tables =
        ownership.owned().stream().map(owned -> owned.name().toLowerCase(Locale.ROOT)).toList();
    return "gained_" + tables.indexOf(table.toLowerCase(Locale.ROOT));
  }

  /** Forgets what was noted before. */
  void clear() throws SQLException {
    for (OwnedTable owned : scope.ownership().owned()) {
      String gained = scope.scratch(gainedSet(scope.ownership(), owned.name()));
      session.execute("DROP TABLE IF EXISTS " + gained);
    }
  }

  /**
   * Counts in rows that come back and are still there, but nobody's: their only reference upwards
   * was set to null since, by {@code ON DELETE SET NULL} or by mistake. Without this, their ids
   * would look taken.
   */
  long countIn(OwnedTable owned) throws SQLException {
    Table table = scope.table(owned);
    if (table.identity().isEmpty()) {
      return 0;
    }
    String there =
        Sql.of(
            """
            SELECT t."{key}" FROM {staged} s CROSS JOIN {live} t ON {same row}
            WHERE NOT {is owned}{never held a key}
            """,
            table.key(),
            Sql.name(Workbench.STAGE, table.name()),
            scope.live(table.name()),
            Sql.equal("t", table.identity(), "s", table.identity()),
            rows.isOwned(table, "t"),
            neverHeldKey(owned));
    if (!session.exists(there)) {
      return 0;
    }
    String leadsToOthers = owners(table, there).isOthers(table, scope.live(), "t", table.key());
    return session.update(
        Sql.of(
            "INSERT OR IGNORE INTO {set} {there} AND NOT {leads to others}",
            rows.set(table.name()),
            there,
            leadsToOthers));
  }

  /**
   * A condition: the row did not hold the tenant's key then, and does not now. One that has lost it
   * may have been made everybody's.
   */
  private String neverHeldKey(OwnedTable owned) throws SQLException {
    // A column that is newer than the archive was filled for the stage.
    boolean isNew = AddedTenantColumn.isRemembered(session, scope.table(owned));
    return owned
        .byKey()
        .map(byKey -> Sql.name(byKey.column()))
        .map(
            column ->
                " AND t." + column + " IS NULL" + (isNew ? "" : " AND s." + column + " IS NULL"))
        .orElse("");
  }
}
