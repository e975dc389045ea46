package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.sql.SQLException;

/**
 * Tables that nothing else claims, and a column of theirs with keys of tenants, whatever it is
 * called: {@code scope}, {@code realm}. Keys that are drawn at random are found nowhere by chance;
 * small numbers are, so that they are asked about.
 */
final class TenantKeys {

  private static final int FEW = 3;

  /** A length at which two values that nobody has copied are not the same. */
  private static final int TELLING = 16;

  private final Look look;
  private final Draft draft;
  private final Table root;

  TenantKeys(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
    this.root = look.schema.table(look.ownership.root().name());
  }

  /** Claims the tables of which there is no doubt. */
  boolean run() throws SQLException {
    int before = draft.size();
    for (Table table : look.tables(look::isUnclaimed)) {
      for (String column : look.open(table)) {
        Look.Found found = found(table, column);
        if (isOfTenants(found) && isTelling(table, column)) {
          draft.add(
              new Proposal.Reference(
                  table.name(), column, root.name(), look.ownership.keyColumn()),
              Evidence.found(found.found(), found.values())
                  + ", and no such value is found by chance");
        }
      }
    }
    return draft.size() > before;
  }

  /** Asks about a table that nothing claims, where its rows repeat the keys of most tenants. */
  void ask(Table table) throws SQLException {
    for (String column : look.open(table)) {
      Look.Found found = found(table, column);
      if (isOfTenants(found)
          && 2 * found.values() >= look.tenants
          && 2 * found.values() <= look.rows(table)
          && look.namedForOthers(table, column) == 0) {
        draft.ask(
            "Is %s.%s a key of %s? Its values are, and nothing else says whose these %s rows are;"
                .formatted(
                    table.name(), column, root.name(), Evidence.number(look.rows(table)))
                + " as shared ones they are in no archive");
      }
    }
  }

  private Look.Found found(Table table, String column) throws SQLException {
    return look.found(table, column, root, look.ownership.keyColumn());
  }

  private boolean isOfTenants(Look.Found found) {
    return found.isAll() && found.values() >= FEW;
  }

  private boolean isTelling(Table table, String column) throws SQLException {
    return !look.session.exists(
        Sql.of(
            """
            SELECT 1 FROM {table} t WHERE t."{column}" IS NOT NULL
              AND (typeof(t."{column}") NOT IN ('text', 'blob') OR length(t."{column}") < 0 + {telling})
            """,
            look.live(table),
            column,
            String.valueOf(TELLING)));
  }
}
