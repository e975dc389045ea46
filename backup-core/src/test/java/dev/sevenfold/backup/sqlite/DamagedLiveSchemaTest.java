package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A live database whose schema is damaged: that is said, and no archive is blamed for it. */
class DamagedLiveSchemaTest {

  @TempDir Path folder;

  private Lab lab() {
    return Lab.with(
        folder,
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants, text)",
        "CREATE UNIQUE INDEX texts ON notes (tenant_id, lower(text))",
        "INSERT INTO tenants VALUES (1), (2)",
        "INSERT INTO notes VALUES (1, 1, 'one')");
  }

  private static void damage(Path file, String change) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA writable_schema = ON");
      statement.execute("UPDATE sqlite_schema SET " + change);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sql = 'CREATE TABLE notes (' WHERE name = 'notes'",
        "sql = 'no SQL at all' WHERE name = 'notes'",
        "sql = NULL WHERE name = 'notes'",
        "sql = NULL WHERE name = 'texts'",
        "sql = '' WHERE name = 'texts'",
        "name = 'remarks' WHERE name = 'notes'",
        "name = NULL WHERE name = 'notes'",
        "type = 'tabel' WHERE name = 'notes'",
        "type = NULL WHERE name = 'notes'",
        "tbl_name = 'tenants' WHERE name = 'texts'",
        "tbl_name = 'remarks' WHERE name = 'texts'",
        "rootpage = 99999 WHERE name = 'notes'",
        "rootpage = NULL WHERE name = 'notes'",
        "sql = 'CREATE UNIQUE INDEX words ON notes (tenant_id, lower(text))' WHERE name = 'texts'",
        "sql = 'CREATE TABLE remarks (id INTEGER PRIMARY KEY)' WHERE name = 'notes'",
        "sql = 'CREATE VIEW notes AS SELECT 1' WHERE name = 'notes'",
        "sql = 'CREATE VIRTUAL TABLE notes USING fts5(x)' WHERE name = 'notes'",
      })
  void is_named_as_what_is_damaged(String change) throws SQLException {
    Lab lab = lab();
    Label label = lab.backup(1);
    SqliteTenantSource source = lab.source();
    BackupService service = BackupService.builder(source, lab.store()).build();

    damage(lab.file(), change);

    for (ThrowingCallable work :
        List.<ThrowingCallable>of(
            source::tenants,
            service::explain,
            () -> service.backup(Lab.id(1)),
            () -> service.verify(label),
            () -> service.preview(Lab.id(1), label),
            () -> service.restore(Lab.id(1), label))) {
      assertThatExceptionOfType(SourceUnavailable.class)
          .isThrownBy(work)
          .withMessageContaining("malformed database schema")
          .withMessageContaining("Run PRAGMA integrity_check on the database");
    }
    assertThat(service.restorePoint(label).verified()).isTrue();
  }

  /** SQLite itself does not mind. */
  @Test
  void a_name_in_another_case_is_no_damage() throws SQLException {
    Lab lab = lab();
    Label label = lab.backup(1);
    damage(lab.file(), "name = 'TENANTS', tbl_name = 'TENANTS' WHERE name = 'tenants'");
    lab.execute("DELETE FROM notes");

    lab.restore(1, label);

    assertThat(lab.query("SELECT text FROM notes")).isEqualTo("one");
  }
}
