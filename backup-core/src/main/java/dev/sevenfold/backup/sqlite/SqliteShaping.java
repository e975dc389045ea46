package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Shaping;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Has the stage take archived rows by the live definitions: SQLite casts and checks as it would in
 * the live tables.
 */
final class SqliteShaping implements Shaping {

  private static final String CREATE_UNIQUE_INDEX = "CREATE UNIQUE INDEX ";

  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");
  private static final Set<String> CONSTANTS =
      Set.of("NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP");

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
  public Broken put(Archived rows, boolean unchecked) throws SQLException {
    long before = session.queryLong("PRAGMA ignore_check_constraints");
    session.set("ignore_check_constraints", unchecked ? 1 : before);
    try {
      session.update(
          Sql.of(
              "INSERT OR ABORT INTO {staged} (\"{columns}\") {values}",
              Sql.name(Workbench.STAGE, rows.now().name()),
              rows.columns(),
              values(rows)));
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

  private String values(Archived rows) throws SQLException {
    if (rows.required().isEmpty()) {
      return rows.select();
    }
    List<String> values = new ArrayList<>();
    for (String column : rows.columns()) {
      String value = "a." + Sql.name(column);
      values.add(
          rows.required().contains(column)
              ? "coalesce(" + value + ", (" + byDefault(rows.now().column(column)) + "))"
              : value);
    }
    return Sql.of(
        "WITH a (\"{columns}\") AS ({rows}) SELECT {values} FROM a",
        rows.columns(),
        rows.select(),
        String.join(", ", values));
  }

  /** A default may be text in double quotes or in none, which elsewhere would name a column. */
  private String byDefault(Table.Column column) throws SQLException {
    String byDefault = column.byDefault();
    if (byDefault.startsWith("\"")) {
      return session.queryText("SELECT quote(" + byDefault + ")");
    }
    boolean isText =
        WORD.matcher(byDefault).matches()
            && !CONSTANTS.contains(byDefault.toUpperCase(Locale.ROOT));
    return isText ? Sql.text(byDefault) : byDefault;
  }
}
