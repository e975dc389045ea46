package dev.sevenfold.examples.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.ArchiveMigration;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlywayArchiveMigrationTest {

  private static final String MIGRATIONS = "classpath:db/migration";
  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  final ArchiveStore store = new InMemoryArchiveStore();

  private String url() {
    return "jdbc:sqlite:" + folder.resolve("app.sqlite3");
  }

  private void migrateTo(String version) {
    Flyway.configure()
        .dataSource(url(), null, null)
        .locations(MIGRATIONS)
        .target(version)
        .load()
        .migrate();
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (row.next()) {
        values.add(row.getString(1));
      }
      return values;
    }
  }

  private BackupService service(ArchiveMigration migration) {
    TenantModel model =
        TenantModel.rootedAt("shops")
            .column("shop_id")
            .shared("countries", "flyway_schema_history")
            .ignored("changes")
            .build();
    return BackupService.builder(
            SqliteTenantSource.builder(folder.resolve("app.sqlite3"), model)
                .migration(migration)
                .build(),
            store)
        .build();
  }

  private Label backUpAt(String version) throws SQLException {
    migrateTo(version);
    execute(
        "INSERT INTO shops VALUES (1, 'one'), (2, 'two')",
        "INSERT INTO customers (id, shop_id, name, country) VALUES (1, 1, 'Ann Berg', 'Germany'),"
            + " (2, 1, 'Cher', NULL), (3, 2, 'Dan Ek', 'Denmark')");
    return service(new FlywayArchiveMigration(MIGRATIONS)).backup(ONE).restorePoint().label();
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void an_archive_of_an_older_schema_comes_back_in_the_schema_of_today(String version)
      throws SQLException {
    Label label = backUpAt(version);
    migrateTo("4");
    execute("DELETE FROM customers WHERE id = 1", "UPDATE customers SET last_name = 'changed'");
    List<String> changes = query("SELECT what FROM changes ORDER BY id");

    RestoreReport report = service(new FlywayArchiveMigration(MIGRATIONS)).restore(ONE, label);

    assertThat(
            query(
                "SELECT first_name || '/' || last_name || '/' || country_code FROM customers"
                    + " ORDER BY id"))
        .containsExactly("Ann/Berg/DE", "/Cher/DK", "Dan/changed/DK");
    assertThat(report.plan().notes()).isEmpty();
    assertThat(query("SELECT code FROM countries ORDER BY 1")).containsExactly("DE", "DK");
    assertThat(query("SELECT what FROM changes ORDER BY id")).isEqualTo(changes);
    assertThat(query("SELECT count(*) FROM pragma_foreign_key_check")).containsExactly("0");

    service(new FlywayArchiveMigration(MIGRATIONS)).undo(ONE);
    assertThat(query("SELECT last_name FROM customers ORDER BY id"))
        .containsExactly("changed", "changed");
  }

  @Test
  void without_it_the_restore_is_refused_and_says_what_changed() throws SQLException {
    Label label = backUpAt("2");
    migrateTo("4");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> service((staged, from) -> {}).restore(ONE, label))
        .withMessageContaining("customers.name")
        .withMessageContaining("customers.country");
  }

  @Test
  void a_migration_that_fails_changes_nothing() throws SQLException {
    Label label = backUpAt("2");
    migrateTo("4");
    List<String> before = query("SELECT last_name FROM customers ORDER BY id");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(
            () -> service(new FlywayArchiveMigration("classpath:db/nowhere")).restore(ONE, label))
        .withMessageContaining("could not be migrated from schema version 2");
    assertThat(query("SELECT last_name FROM customers ORDER BY id")).isEqualTo(before);
  }
}
