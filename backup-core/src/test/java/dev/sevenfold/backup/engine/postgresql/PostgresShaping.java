package dev.sevenfold.backup.engine.postgresql;

import dev.sevenfold.backup.engine.Shaping;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the server bring archived values into today's types, defaults and checks, in a temporary
 * table like the live one. What was archived by the very definition of today is in that shape
 * already. Use from one thread.
 */
final class PostgresShaping implements Shaping {

  private static final String SHAPED = "sevenfold_shaped";
  private static final String CREATE_UNIQUE_INDEX = "CREATE UNIQUE INDEX ";

  private final PostgresEngine engine;
  private final Session workbench;

  PostgresShaping(PostgresEngine engine, Session workbench) {
    this.engine = engine;
    this.workbench = workbench;
  }

  /** Nothing is evaluated here that the server could miss. */
  @Override
  public List<String> writtenByTriggers(List<Table> tables) {
    return List.of();
  }

  @Override
  public List<String> lacking(List<Table> tables) {
    return List.of();
  }

  @Override
  public void create(Table table) throws SQLException {
    PostgresChange.create(workbench, table, Workbench.STAGE);
    for (String definition : table.indexes()) {
      if (definition.startsWith(CREATE_UNIQUE_INDEX)) {
        workbench.execute(
            CREATE_UNIQUE_INDEX
                + Sql.name(Workbench.STAGE)
                + '.'
                + definition.substring(CREATE_UNIQUE_INDEX.length()));
      }
    }
  }

  @Override
  public Broken put(Archived rows, boolean unchecked) throws SQLException {
    try {
      if (rows.isAsItWas()) {
        workbench.update(into(rows.now(), rows.columns()) + rows.select());
        return new Broken(Broken.Kind.NONE, "");
      }
      return shape(rows, unchecked);
    } catch (SQLException e) {
      if (SqliteErrors.isOfRows(e)) {
        return new Broken(Broken.Kind.OTHER, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private static String into(Table table, List<String> columns) {
    return "INSERT INTO %s (%s) "
        .formatted(Sql.name(Workbench.STAGE, table.name()), Sql.columns(columns));
  }

  private Broken shape(Archived rows, boolean unchecked) throws SQLException {
    Table table = rows.now();
    List<String> columns = rows.columns();
    StringBuilder lines = new StringBuilder();
    workbench.forEach(
        rows.select(),
        row -> {
          List<@Nullable Object> values = new ArrayList<>();
          for (int i = 1; i <= columns.size(); i++) {
            values.add(PostgresType.fromSqlite(row.getObject(i)));
          }
          lines.append(PostgresWire.line(values));
        });
    PostgresWire wire = engine.wire(workbench);
    boolean inside = workbench.isInTransaction();
    wire.execute(
        (inside ? "SAVEPOINT sevenfold_shape; " : "")
            + "CREATE TEMP TABLE %s (LIKE %s INCLUDING DEFAULTS %s)"
                .formatted(
                    SHAPED,
                    Sql.name("public", table.name()),
                    unchecked ? "" : "INCLUDING CONSTRAINTS")
            + each(rows.required(), "ALTER %s DROP NOT NULL"));
    try {
      wire.copyIn(SHAPED + " (" + Sql.columns(columns) + ')', lines.toString());
      for (String column : rows.required()) {
        String name = Sql.name(column);
        wire.execute("UPDATE %s SET %s = DEFAULT WHERE %s IS NULL".formatted(SHAPED, name, name));
      }
      wire.execute("SELECT 1" + each(rows.required(), "ALTER %s SET NOT NULL"));
      read(table, wire);
      wire.execute("DROP TABLE " + SHAPED);
      return new Broken(Broken.Kind.NONE, "");
    } catch (SQLException e) {
      // A statement that fails ends a transaction, and with one the table of before.
      wire.execute(inside ? "ROLLBACK TO SAVEPOINT sevenfold_shape" : "DROP TABLE " + SHAPED);
      String state = String.valueOf(e.getSQLState());
      if (!state.startsWith("22") && !state.startsWith("23")) {
        throw e;
      }
      Broken.Kind kind = state.equals("23514") ? Broken.Kind.CHECK : Broken.Kind.OTHER;
      return new Broken(kind, String.valueOf(e.getMessage()));
    }
  }

  /** What is done to each of some columns of the temporary table, after another statement. */
  private static String each(List<String> columns, String change) {
    return columns.isEmpty()
        ? ""
        : "; ALTER TABLE %s %s"
            .formatted(SHAPED, Sql.commas(columns, column -> change.formatted(Sql.name(column))));
  }

  private void read(Table table, PostgresWire wire) throws SQLException {
    List<String> columns = table.stored();
    PostgresSchema types = engine.model(workbench).types();
    String texts = Sql.commas(columns, column -> Sql.name(column) + "::text");
    String row = "VALUES (" + "?, ".repeat(columns.size() - 1) + "?)";
    wire.copyOut(
        "SELECT " + texts + " FROM " + SHAPED,
        line -> {
          List<@Nullable Object> values = new ArrayList<>();
          for (int i = 0; i < columns.size(); i++) {
            values.add(types.type(table.name(), columns.get(i)).toSqlite(line.get(i)));
          }
          workbench.update(into(table, columns) + row, values.toArray());
        });
  }
}
