package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Makes tables in a scratch schema, and copies a tenant's rows into them inside SQLite. */
final class TableCopier {

  private static final String CREATE_TABLE = "CREATE TABLE ";

  private final Session session;

  TableCopier(Session session) {
    this.session = session;
  }

  /** Makes an empty table with the definition that the live one has. */
  void create(Table table, String target) throws SQLException {
    // SQLite keeps every definition with exactly this beginning, whatever was typed.
    if (!table.definition().toUpperCase(Locale.ROOT).startsWith(CREATE_TABLE)) {
      throw new OperationFailed(
          "The definition of table " + table.name() + " is \"" + table.definition() + '"',
          "It was edited through writable_schema; make the table anew");
    }
    session.execute(
        CREATE_TABLE
            + Sql.name(target)
            + '.'
            + table.definition().substring(CREATE_TABLE.length()));
  }

  /** Copies the tenant's rows of every owned table from the live schema into new tables. */
  void copy(LiveModel model, OwnedRows rows, TenantKey key, String target, Progress progress)
      throws SQLException {
    List<OwnedTable> tables = model.ownership().owned();
    for (int i = 0; i < tables.size(); i++) {
      progress.report("extract", Progress.Unit.TABLES, i, tables.size());
      Table table = model.schema().table(tables.get(i).name());
      create(table, target);
      copy(table, rows, key, target);
    }
    progress.report("extract", Progress.Unit.TABLES, tables.size(), tables.size());
  }

  private void copy(Table table, OwnedRows rows, TenantKey key, String target) throws SQLException {
    long copied;
    try {
      copied =
          session.update(
              Sql.of(
                  "INSERT OR ABORT INTO {copy} (\"{columns}\") SELECT t.\"{columns}\" FROM {rows}",
                  Sql.name(target, table.name()),
                  table.copied(),
                  rows.ownedRowsOf(table, "o", "t")));
    } catch (SQLException e) {
      if (SqliteErrors.isConstraint(e)) {
        throw new OperationFailed(
            "Table %s holds rows that its own definition forbids: %s"
                .formatted(table.name(), e.getMessage()),
            "Correct these rows in the live database",
            e);
      }
      throw e;
    }
    long owned = rows.count(table.name());
    if (copied != owned) {
      throw CopyCheck.incomplete(session, key.tenant(), table, owned, copied);
    }
  }
}
