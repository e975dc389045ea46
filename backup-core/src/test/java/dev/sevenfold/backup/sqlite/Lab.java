package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.source.ArchiveMigration;
import dev.sevenfold.backup.source.ImportOptions;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A small shared database of one test's own making, and a service over it. Every connection has
 * foreign keys on, as a host's would.
 */
final class Lab {

  static final RestoreOptions NEW_IDS = RestoreOptions.DEFAULT.remapping();
  static final ImportOptions BY_CONSENT = ImportOptions.DEFAULT.acceptingUnsigned();

  private final Path file;
  private final ArchiveStore store = new InMemoryArchiveStore();
  private TenantModel model = TenantModel.rootedAt("tenants").column("tenant_id").build();
  private @Nullable ArchiveMigration migration;
  private boolean brought = Boolean.getBoolean("lab.brought");

  private Lab(Path folder) {
    this.file = folder.resolve("app.sqlite3");
  }

  /** A database in WAL mode, made by these statements. */
  static Lab with(Path folder, String... statements) {
    Lab lab = new Lab(folder);
    lab.execute("PRAGMA journal_mode = WAL");
    lab.execute(statements);
    return lab;
  }

  /** A database in whatever mode these statements give it. */
  static Lab plain(Path folder, String... statements) {
    Lab lab = new Lab(folder);
    lab.execute(statements);
    return lab;
  }

  Lab owned(TenantModel.Builder by) {
    this.model = by.build();
    return this;
  }

  /** Has only such live rows at hand as were asked for; {@code -Dlab.brought=true} for all labs. */
  Lab bringing(boolean rows) {
    this.brought = rows;
    return this;
  }

  Lab migratedBy(@Nullable ArchiveMigration by) {
    this.migration = by;
    return this;
  }

  ArchiveStore store() {
    return store;
  }

  Path file() {
    return file;
  }

  Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = ON");
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("PRAGMA synchronous = OFF");
    }
    return connection;
  }

  /** Executes all statements on one connection. */
  void execute(String... statements) {
    String at = "";
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        at = sql;
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(at + ": " + e.getMessage(), e);
    }
  }

  void update(String sql, @Nullable Object... values) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  /** The first column of all rows, with commas between them. */
  String query(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (row.next()) {
        values.add(String.valueOf(row.getString(1)));
      }
      return String.join(",", values);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  /** Every row of every ordinary table, by type, and the whole schema. */
  Map<String, List<String>> dump() {
    Map<String, List<String>> dump = new TreeMap<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet row =
          statement.executeQuery(
              "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                  + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      for (String table : tables) {
        dump.put(table, Rows.of(statement, Sql.name(table)));
      }
      dump.put(
          "(schema)",
          Rows.of(statement, "(SELECT type, name, tbl_name, sql FROM sqlite_schema) s"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return dump;
  }

  /** Rows of one table, by type. */
  List<String> rows(String from) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return Rows.of(statement, from);
    } catch (SQLException e) {
      throw new IllegalStateException(from + ": " + e.getMessage(), e);
    }
  }

  /** What SQLite finds wrong with the database; empty if it is sound. */
  String damage() {
    String integrity = query("PRAGMA integrity_check");
    String references = query("SELECT \"table\" || ' ' || rowid FROM pragma_foreign_key_check");
    return integrity.equals("ok") ? references : integrity + references;
  }

  SqliteTenantSource source() {
    return source(Clock.systemUTC());
  }

  SqliteTenantSource source(Clock clock) {
    SqliteTenantSource.Builder builder =
        SqliteTenantSource.builder(file, model)
            .busyTimeout(Duration.ofSeconds(10))
            .clock(clock)
            .seenThrough(engine -> brought ? new BroughtEngine(engine) : engine);
    return migration == null ? builder.build() : builder.migration(migration).build();
  }

  /** A service over the lab's store; closing it closes nothing that matters. */
  BackupService service() {
    return BackupService.builder(source(), store).build();
  }

  Label backup(Object tenant) {
    return service().backup(id(tenant)).restorePoint().label();
  }

  RestorePlan preview(Object tenant, Label label) {
    return preview(tenant, label, RestoreOptions.DEFAULT);
  }

  /** What would be done, without what a restore's own plan has not: its archive and identity. */
  RestorePlan preview(Object tenant, Label label, RestoreOptions options) {
    RestorePlan plan = service().preview(id(tenant), label, options);
    return new RestorePlan(
        plan.target(),
        plan.tables(),
        plan.files(),
        plan.sideEffects(),
        plan.conflicts(),
        plan.notes(),
        plan.rebuild(),
        plan.options(),
        Optional.empty(),
        Optional.empty());
  }

  RestoreReport restore(Object tenant, Label label) {
    return service().restore(id(tenant), label);
  }

  RestoreReport restore(Object tenant, Label label, RestoreOptions options) {
    return service().restore(id(tenant), label, options);
  }

  RestoreReport undo(Object tenant) {
    return service().undo(id(tenant));
  }

  static TenantId id(Object tenant) {
    return TenantId.of(tenant.toString());
  }
}
