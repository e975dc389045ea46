package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's own migration brings an archive to the schema of today. */
class ArchiveMigrationTest {

  @TempDir Path folder;
  Lab lab;
  Label label;

  @BeforeEach
  void back_up_and_rename_a_column() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1, 'a'), (2, 2, 'b')",
            "PRAGMA user_version = 7");
    label = lab.backup(1);
    lab.execute(
        "ALTER TABLE users RENAME COLUMN name TO title",
        "PRAGMA user_version = 8",
        "UPDATE users SET title = 'changed'");
  }

  private static void rename(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE users RENAME COLUMN name TO title");
      statement.execute("CREATE TABLE schema_migrations (version)");
      statement.execute("INSERT INTO schema_migrations VALUES (8)");
    }
  }

  @Test
  void renames_a_column_through_jdbc() {
    lab.execute("CREATE TABLE schema_migrations (version)");
    List<Long> versions = new ArrayList<>();
    lab.migratedBy(
        (connection, from) -> {
          versions.add(from.schemaVersion().orElseThrow());
          rename(connection);
        });
    lab.owned(
        dev.sevenfold.backup.tenant.TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .shared("schema_migrations"));

    lab.restore(1, label);

    assertThat(lab.query("SELECT title FROM users ORDER BY id")).isEqualTo("a,changed");
    assertThat(versions).containsOnly(7L);
  }

  @Test
  void may_leave_its_transaction_open_for_us_to_commit() {
    lab.migratedBy(
        (connection, from) -> {
          connection.setAutoCommit(false);
          try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE users RENAME COLUMN name TO title");
          }
        });

    lab.restore(1, label);

    assertThat(lab.query("SELECT title FROM users ORDER BY id")).isEqualTo("a,changed");
  }

  @Test
  void that_fails_refuses_the_restore_with_its_own_words() {
    Map<String, List<String>> before = lab.dump();
    lab.migratedBy(
        (connection, from) -> {
          throw new IllegalStateException("no way from 7 to 8");
        });

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining("schema version 7")
        .withMessageContaining("no way from 7 to 8")
        .havingCause()
        .isInstanceOf(IllegalStateException.class);
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void is_not_asked_where_the_schema_is_the_same() {
    lab.execute("ALTER TABLE users RENAME COLUMN title TO name");
    lab.migratedBy(
        (connection, from) -> {
          throw new IllegalStateException("not needed");
        });

    lab.restore(1, label);

    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("a,changed");
  }

  @Test
  void that_does_not_finish_the_job_leaves_the_rest_to_be_refused() {
    Map<String, List<String>> before = lab.dump();
    lab.migratedBy((connection, from) -> {});

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining("users.name");
    assertThat(lab.dump()).isEqualTo(before);
  }
}
