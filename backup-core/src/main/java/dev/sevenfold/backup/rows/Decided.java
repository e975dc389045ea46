package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.SharedRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a row itself decides, before any reference is followed: that it is everybody's, as the model
 * declares some rows; else, whose key it holds.
 */
public final class Decided {

  private Decided() {}

  /** A condition: the model declares the row under {@code alias} to be everybody's. */
  public static String isShared(OwnedTable owned, String alias) {
    return isShared(owned.shared(), alias);
  }

  private static String isShared(List<SharedRows> shared, String alias) {
    List<String> conditions = new ArrayList<>();
    for (SharedRows rows : shared) {
      // As SQLite compares a column with a literal: by its affinity and its collation.
      conditions.add(
          Sql.of(
              "ifnull({column} IN ({values}), 0)",
              alias + '.' + Sql.name(rows.column()),
              Sql.commas(rows.values(), Decided::literal)));
    }
    return conditions.isEmpty() ? "0" : '(' + String.join(" OR ", conditions) + ')';
  }

  private static String literal(Object value) {
    return value instanceof String text ? Sql.text(text) : value.toString();
  }

  /** A condition: the row under {@code alias} leaves it to its references whose it is. */
  public static String isUndecided(OwnedTable owned, String alias) {
    String keyless =
        owned.byKey().map(key -> alias + '.' + Sql.name(key.column()) + " IS NULL").orElse("1");
    List<SharedRows> others =
        owned.shared().stream().filter(rows -> !isKey(owned, rows.column())).toList();
    return others.isEmpty() ? keyless : keyless + " AND NOT " + isShared(others, alias);
  }

  private static boolean isKey(OwnedTable owned, String column) {
    return owned.byKey().map(Claim.ByKey::column).filter(column::equalsIgnoreCase).isPresent();
  }

  /**
   * Requires that no tenant has a key that the model takes for everybody's: its rows would be in no
   * archive.
   *
   * @param tenants a table with keys of tenants, as SQL
   * @param key the column there, which compares as the root's does
   */
  static void requireNoTenants(Scope scope, String tenants, String key) throws SQLException {
    for (OwnedTable owned : scope.ownership().owned()) {
      for (SharedRows rows : owned.shared()) {
        if (isKey(owned, rows.column())) {
          requireNoTenants(scope, owned, rows, tenants, key);
        }
      }
    }
  }

  private static void requireNoTenants(
      Scope scope, OwnedTable owned, SharedRows rows, String tenants, String key)
      throws SQLException {
    Table table = scope.table(owned);
    String column = rows.column();
    String values = scope.scratch("shared_values");
    scope
        .session()
        .make(
            values,
            Sql.of(
                "({column} {affinity} COLLATE {collation})",
                Sql.name(column),
                ' ' + table.affinity(column) + ' ',
                Sql.name(table.collation(column))));
    for (Object value : rows.values()) {
      scope.session().update("INSERT INTO " + values + " VALUES (?)", value);
    }
    String rootKey = scope.ownership().keyColumn();
    List<String> found =
        scope
            .session()
            .texts(
                Sql.of(
                    "SELECT {id} FROM {tenants} r CROSS JOIN {values} s ON {key} = {value} LIMIT 5",
                    TenantKey.idOf("r." + Sql.name(key)),
                    tenants,
                    values,
                    "r." + Sql.name(key),
                    scope.root().compared(table, "s", List.of(column), List.of(rootKey))));
    if (!found.isEmpty()) {
      throw new InvalidTenantModel(
          "Rows of table %s are declared shared where %s, and there is a tenant %s"
              .formatted(owned.name(), rows, String.join(", ", found)),
          "Take that value out of the model's shared rows, or give the tenant another key");
    }
  }
}
