package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Shaping;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Has the stage take archived rows by the live definitions: SQLite casts and checks as it would in
 * the live tables.
 */
final class SqliteShaping implements Shaping {

  private static final String CREATE_UNIQUE_INDEX = "CREATE UNIQUE INDEX ";

  private final Session session;

  SqliteShaping(Session session) {
    this.session = session;
  }

  @Override
  public void create(Table table) throws SQLException {
    new TableCopier(session).create(table, Workbench.STAGE);
    // So that rows which a new unique index forbids are found here, outside of the write lock.
    for (String definition : table.indexes()) {
      if (definition.toUpperCase(Locale.ROOT).startsWith(CREATE_UNIQUE_INDEX)) {
        session.execute(
            CREATE_UNIQUE_INDEX
                + Sql.name(Workbench.STAGE)
                + '.'
                + definition.substring(CREATE_UNIQUE_INDEX.length()));
      }
    }
  }

  @Override
  public List<String> lacking(List<Table> tables) throws SQLException {
    return SchemaNeeds.missingForRestore(session, tables);
  }

  @Override
  public List<String> writtenByTriggers(List<Table> tables) throws SQLException {
    Set<String> written = new TreeSet<>();
    for (Table table : tables) {
      session
          .query(
              "SELECT sql FROM "
                  + Sql.name(Session.MAIN, "sqlite_schema")
                  + " WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE",
              row -> TriggerText.of(row.getString(1)),
              table.name())
          .forEach(trigger -> trigger.steps().forEach(step -> written.add(step.table())));
    }
    return List.copyOf(written);
  }

  @Override
  public Broken put(Table table, List<String> columns, String select, boolean unchecked)
      throws SQLException {
    long before = session.queryLong("PRAGMA ignore_check_constraints");
    session.set("ignore_check_constraints", unchecked ? 1 : before);
    try {
      session.update(
          "INSERT OR ABORT INTO %s (%s) %s"
              .formatted(Sql.name(Workbench.STAGE, table.name()), Sql.columns(columns), select));
      return new Broken(Broken.Kind.NONE, "");
    } catch (SQLException e) {
      if (SqliteErrors.isMissing(e) || !SqliteErrors.isOfRows(e)) {
        throw e;
      }
      return new Broken(
          SqliteErrors.isCheck(e) ? Broken.Kind.CHECK : Broken.Kind.OTHER,
          String.valueOf(e.getMessage()));
    } finally {
      session.set("ignore_check_constraints", before);
    }
  }
}
