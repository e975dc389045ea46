package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.Collation;
import org.sqlite.Function;
import org.sqlite.SQLiteDataSource;

/** Schemas that call what only the host has registered: functions and collations. */
class HostFunctionsTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private final ArchiveStore store = new InMemoryArchiveStore();

  /** What a schema can use them for: the definition of the tenants' table, and an index. */
  record Use(String name, String columns, String options, String index) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Use> uses() {
    return Stream.of(
        new Use("check", "id INTEGER PRIMARY KEY, x TEXT CHECK (slug(x) = x)", "", ""),
        new Use("computed", "id INTEGER PRIMARY KEY, x TEXT, g TEXT AS (slug(x))", "", ""),
        new Use("stored", "id INTEGER PRIMARY KEY, x TEXT, g TEXT AS (slug(x)) STORED", "", ""),
        new Use("unique", "id INTEGER PRIMARY KEY, x TEXT, g TEXT AS (slug(x)) UNIQUE", "", ""),
        new Use("collation", "id INTEGER PRIMARY KEY, x TEXT COLLATE backwards UNIQUE", "", ""),
        new Use("key", "x TEXT COLLATE backwards PRIMARY KEY, id INTEGER", "WITHOUT ROWID", ""),
        new Use("index", "id INTEGER PRIMARY KEY, x TEXT", "", "CREATE INDEX i ON notes (slug(x))"),
        new Use(
            "unique index",
            "id INTEGER PRIMARY KEY, x TEXT",
            "",
            "CREATE UNIQUE INDEX i ON notes (slug(x), tenant_id)"),
        new Use(
            "partial index",
            "id INTEGER PRIMARY KEY, x TEXT",
            "",
            "CREATE INDEX i ON notes (x) WHERE slug(x) <> ''"),
        new Use(
            "index by collation",
            "id INTEGER PRIMARY KEY, x TEXT",
            "",
            "CREATE INDEX i ON notes (x COLLATE backwards)"));
  }

  private Path file() {
    return folder.resolve("app.sqlite3");
  }

  static void register(Connection connection) throws SQLException {
    Function.create(
        connection,
        "slug",
        new Function() {
          @Override
          protected void xFunc() throws SQLException {
            result(value_text(0));
          }
        },
        1,
        Function.FLAG_DETERMINISTIC);
    Collation.create(
        connection,
        "backwards",
        new Collation() {
          @Override
          protected int xCompare(String one, String other) {
            return other.compareTo(one);
          }
        });
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
    register(connection);
    return connection;
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getString(1);
    }
  }

  private void create(Use use) throws SQLException {
    execute(
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
        "INSERT INTO tenants VALUES (1), (2)",
        "CREATE TABLE notes (tenant_id INTEGER, " + use.columns() + ")" + use.options(),
        use.index().isEmpty() ? "SELECT 1" : use.index(),
        "INSERT INTO notes (tenant_id, id, x) VALUES (1, 1, 'a'), (1, 2, 'b'), (2, 3, 'c')");
  }

  private static TenantModel model() {
    return TenantModel.rootedAt("tenants").column("tenant_id").build();
  }

  private DataSource lent() {
    SQLiteDataSource plain = new SQLiteDataSource();
    plain.setUrl("jdbc:sqlite:" + file());
    return HostConnections.of(
        () -> {
          Connection connection = plain.getConnection();
          register(connection);
          return connection;
        });
  }

  private BackupService service(SqliteTenantSource source) {
    return BackupService.builder(source, store).scratch(folder.resolve("scratch")).build();
  }

  private static final String ALL =
      "SELECT group_concat(tenant_id || ':' || id || ':' || x) FROM (SELECT * FROM notes ORDER BY"
          + " id)";

  private void roundTrip(SqliteTenantSource source) throws SQLException {
    String before = query(ALL);
    try (BackupService backups = service(source)) {
      BackupReport report = backups.backup(ONE);
      assertThat(report.warnings()).isEmpty();
      execute("DELETE FROM notes WHERE id = 1", "UPDATE notes SET x = 'z' WHERE id = 2");

      backups.restore(ONE, report.restorePoint().label());

      assertThat(query(ALL)).isEqualTo(before);
      assertThat(backups.verify(report.restorePoint().label()).verified()).isTrue();
      assertThat(backups.drillAll())
          .isNotEmpty()
          .allSatisfy(outcome -> assertThat(outcome.failure()).isEmpty());
      backups.undo(ONE);
      assertThat(query("SELECT group_concat(x) FROM (SELECT x FROM notes ORDER BY id)"))
          .isEqualTo("z,c");
    }
    assertThat(query("PRAGMA integrity_check")).isEqualTo("ok");
  }

  @ParameterizedTest
  @MethodSource("uses")
  void lent_connections_bring_all_that_any_work_needs(Use use) throws SQLException {
    create(use);

    roundTrip(SqliteTenantSource.builder(lent(), model()).build());
  }

  @ParameterizedTest
  @MethodSource("uses")
  void connections_of_our_own_are_given_what_they_need(Use use) throws SQLException {
    create(use);

    roundTrip(
        SqliteTenantSource.builder(file(), model()).customize(HostFunctionsTest::register).build());
  }

  @ParameterizedTest
  @MethodSource("uses")
  void an_older_schema_that_calls_them_is_restored_too(Use use) throws SQLException {
    create(use);
    String before = query(ALL);
    try (BackupService backups = service(SqliteTenantSource.builder(lent(), model()).build())) {
      RestorePoint point = backups.backup(ONE).restorePoint();
      execute("ALTER TABLE notes ADD COLUMN later TEXT", "DELETE FROM notes WHERE id = 1");

      backups.restore(ONE, point.label());
    }
    assertThat(query(ALL)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("uses")
  void what_is_missing_is_named_and_never_called_damage(Use use) throws SQLException {
    create(use);
    try (BackupService backups = service(SqliteTenantSource.builder(file(), model()).build())) {
      assertThat(backups.explain()).contains("Missing").containsAnyOf("slug", "backwards");
      if (use.index().isEmpty()) {
        assertThatExceptionOfType(SourceUnavailable.class)
            .isThrownBy(() -> backups.backup(ONE))
            .satisfies(e -> assertThat(e.getMessage()).containsAnyOf("slug", "backwards"))
            .withMessageContaining("customize")
            .withMessageNotContaining("system backup");
        return;
      }
      BackupReport report = backups.backup(ONE);

      assertThat(report.warnings())
          .singleElement()
          .asString()
          .contains("restore would be refused", "index i of table notes")
          .containsAnyOf("slug", "backwards");
      execute("DELETE FROM notes WHERE id = 1");
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> backups.restore(ONE, report.restorePoint().label()))
          .satisfies(e -> assertThat(e.getMessage()).containsAnyOf("slug", "backwards"));
    }
  }

  @Test
  void an_archive_of_a_host_is_not_known_where_its_functions_are_not() throws SQLException {
    create(uses().filter(use -> use.name().equals("unique")).findFirst().orElseThrow());
    RestorePoint point;
    try (BackupService backups = service(SqliteTenantSource.builder(lent(), model()).build())) {
      point = backups.backup(ONE).restorePoint();
    }
    try (BackupService other = service(SqliteTenantSource.builder(file(), model()).build())) {
      assertThatExceptionOfType(OperationFailed.class)
          .isThrownBy(() -> other.verify(point.label()))
          .withMessageContaining("slug")
          .withMessageContaining("nothing was recorded");
      assertThat(other.restorePoints(ONE))
          .singleElement()
          .satisfies(p -> assertThat(p.verified()).isTrue());
      assertThat(other.drillAll())
          .singleElement()
          .satisfies(
              outcome -> {
                assertThat(outcome.failure()).isPresent();
                assertThat(outcome.damaged()).isFalse();
              });
      assertThat(other.restorePoints(ONE))
          .singleElement()
          .satisfies(p -> assertThat(p.verified()).isTrue());
    }
  }

  @Test
  void rows_that_break_a_check_come_back_as_they_were() throws SQLException {
    execute(
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
        "INSERT INTO tenants VALUES (1), (2)",
        "CREATE TABLE notes (tenant_id INTEGER, id INTEGER PRIMARY KEY, x INTEGER CHECK (x > 0))",
        "PRAGMA ignore_check_constraints = 1",
        "INSERT INTO notes VALUES (1, 1, -5), (1, 2, 7), (2, 3, -8)");
    String before = query(ALL);
    try (BackupService backups = service(SqliteTenantSource.builder(file(), model()).build())) {
      BackupReport report = backups.backup(ONE);
      execute("DELETE FROM notes WHERE id = 1", "UPDATE notes SET x = 9 WHERE id = 2");

      assertThat(
              backups.preview(ONE, report.restorePoint().label(), RestoreOptions.DEFAULT).notes())
          .anyMatch(note -> note.contains("break a CHECK"));
      backups.restore(ONE, report.restorePoint().label());
      assertThat(query(ALL)).isEqualTo(before);

      backups.undo(ONE);
      assertThat(query("SELECT group_concat(x) FROM notes")).isEqualTo("9,-8");
    }
    assertThat(List.of(query("PRAGMA ignore_check_constraints"))).containsExactly("0");
  }
}
