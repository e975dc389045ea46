package dev.sevenfold.backup.engine.postgresql;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Copy;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.engine.Writes;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The server's rows in a transaction, and what is written in it. Use from one thread. */
final class PostgresChange extends PostgresRows implements Change {

  private static final String CREATE_TABLE = "CREATE TABLE ";

  PostgresChange(PostgresEngine engine, Session workbench) {
    super(engine, workbench);
  }

  /** Readers and writers of the server let each other go on. */
  @Override
  public boolean stopsWriters() {
    return false;
  }

  @Override
  public boolean isHeld() {
    return isOpen();
  }

  @Override
  public void begin() throws SQLException {
    open("", "");
  }

  @Override
  public void end() throws SQLException {
    close("ROLLBACK");
  }

  @Override
  public Copy copy(TenantKey key, List<Table> returning, Progress progress) throws SQLException {
    Instant at = engine().now();
    OwnedRows rows = owned(key, returning);
    List<OwnedTable> tables = model().ownership().owned();
    for (int i = 0; i < tables.size(); i++) {
      progress.report("extract", Progress.Unit.TABLES, i, tables.size());
      Table table = model().schema().table(tables.get(i).name());
      create(workbench(), table, Workbench.COPY);
      workbench()
          .update(
              Sql.of(
                  "INSERT INTO {copy} (\"{columns}\") SELECT t.\"{columns}\" FROM {rows}",
                  Sql.name(Workbench.COPY, table.name()),
                  table.copied(),
                  rows.ownedRowsOf(table, "o", "t")));
    }
    return new Copy(
        key,
        at,
        model(),
        "postgresql",
        wire().serverVersion(),
        OptionalLong.empty(),
        rows.abandoned());
  }

  /** Makes an empty table with the definition that the live one has on the workbench. */
  static void create(Session workbench, Table table, String schema) throws SQLException {
    workbench.execute(
        CREATE_TABLE
            + Sql.name(schema)
            + '.'
            + table.definition().substring(CREATE_TABLE.length()));
  }

  private OwnedRows owned(TenantKey key, List<Table> returning) throws SQLException {
    bringTenant(key, returning);
    return OwnedRows.find(Scope.of(this, model(), key), returning);
  }

  /** Whose the copied rows are was decided by their values, and by no index of the server. */
  @Override
  public void verify(Copy copied, List<Table> returning) {}

  @Override
  public boolean current(Copy copied, List<Table> returning) throws SQLException {
    return model().equals(copied.model())
        && owned(copied.key(), returning).areThoseCopied(returning);
  }

  /** Rows alone are not locked in this trial. */
  @Override
  public boolean lock(Writes planned) throws SQLException {
    lockAll();
    return false;
  }

  @Override
  public void lockAll() throws SQLException {
    String tables =
        Sql.commas(model().schema().tables(), table -> Sql.name("public", table.name()));
    // Before anything that sees rows: so the instant that is seen comes after all other writers.
    open(
        isOpen() ? "ROLLBACK; " : "",
        "SET LOCAL lock_timeout = '10s'; LOCK TABLE " + tables + " IN SHARE ROW EXCLUSIVE MODE; ");
    forgetModel();
  }

  @Override
  public Map<String, String> write(Writes writes, Progress progress) throws SQLException {
    new PostgresMerge(this, known().types(), writes).apply();
    forget();
    return Map.of();
  }

  @Override
  public void mark(String marker) throws SQLException {
    wire().execute("CREATE TABLE " + Sql.name("public", marker) + " ()");
  }

  @Override
  public void commit() throws SQLException {
    close("COMMIT");
  }

  @Override
  public boolean isMarked(String marker) throws SQLException {
    String found = wire().query("SELECT to_regclass(" + name(marker) + ")::text").get(0).get(0);
    return found != null;
  }

  private static String name(String marker) {
    return Sql.text(Sql.name("public", marker));
  }

  @Override
  public void unmark(String marker) throws SQLException {
    wire().execute("DROP TABLE IF EXISTS " + Sql.name("public", marker));
  }
}
