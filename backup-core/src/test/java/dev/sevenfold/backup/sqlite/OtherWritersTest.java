package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another tenant writes at every moment that a restore tells of, and never waits for a lock. */
class OtherWritersTest {

  @TempDir Path folder;
  private final Set<String> heard = new TreeSet<>();
  private final Set<String> stopped = new TreeSet<>();
  private int written;

  @BeforeEach
  void forget() {
    heard.clear();
    stopped.clear();
  }

  private Lab lab(String mode) {
    return Lab.plain(
        folder,
        "PRAGMA journal_mode = " + mode,
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE docs (id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants ON DELETE"
            + " CASCADE, body TEXT)",
        "CREATE TABLE lines (id INTEGER PRIMARY KEY, doc_id INTEGER REFERENCES docs ON DELETE"
            + " CASCADE)",
        "CREATE TABLE counted (tenant_id INTEGER, n INTEGER)",
        "CREATE TRIGGER counts AFTER INSERT ON docs BEGIN INSERT INTO counted VALUES"
            + " (new.tenant_id, 1); END",
        "INSERT INTO tenants VALUES (1, 'one'), (2, '0')",
        "INSERT INTO docs VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c')",
        "INSERT INTO lines VALUES (1, 1), (2, 3)");
  }

  private void restoreWhileOthersWrite(Lab lab) {
    Label label = lab.backup(1);
    lab.execute("DELETE FROM docs WHERE id = 1", "UPDATE docs SET body = 'x' WHERE id = 2");
    try (BackupService service = lab.service()) {
      service.restore(
          Lab.id(1), label, RestoreOptions.DEFAULT, (step, unit, done, all) -> write(lab, step));
    }
    assertThat(lab.rows("docs"))
        .containsExactly(
            "int:1 | int:1 | text:61 | ",
            "int:2 | int:1 | text:62 | ",
            "int:3 | int:2 | text:63 | ");
    assertThat(lab.query("SELECT name FROM tenants WHERE id = 2")).isEqualTo("" + written);
    assertThat(heard).contains("stage", "extract", "merge");
  }

  private void write(Lab lab, String step) {
    heard.add(step);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + lab.file());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");
      statement.execute("UPDATE tenants SET name = " + (written + 1) + " WHERE id = 2");
      written++;
    } catch (SQLException e) {
      assertThat(SqliteErrors.isBusy(e)).as(e.toString()).isTrue();
      stopped.add(step);
    }
  }

  @Test
  void in_wal_mode_nothing_but_the_merge_holds_the_lock() {
    restoreWhileOthersWrite(lab("WAL"));

    assertThat(stopped).containsExactly("merge");
  }

  @Test
  void with_a_rollback_journal_writers_wait_for_the_copy_of_the_tenant_and_for_the_merge() {
    restoreWhileOthersWrite(lab("DELETE"));

    assertThat(stopped).containsOnly("extract", "merge");
  }

  @Test
  void a_tenant_that_writes_during_its_own_restore_is_restored_all_the_same() {
    Lab lab = lab("WAL");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM docs WHERE id = 1");
    try (BackupService service = lab.service()) {
      service.restore(
          Lab.id(1),
          label,
          RestoreOptions.DEFAULT,
          (step, unit, done, all) -> {
            // While the safety archive is published: after each plan but the last.
            if (step.equals("archive") && unit == Progress.Unit.BYTES && written++ == 0) {
              lab.execute("UPDATE docs SET body = 'late' WHERE id = 2");
            }
          });

      assertThat(lab.query("SELECT body FROM docs WHERE tenant_id = 1")).isEqualTo("a,b");

      service.undo(Lab.id(1));
    }
    assertThat(lab.query("SELECT body FROM docs WHERE tenant_id = 1")).isEqualTo("late");
    assertThat(written).isPositive();
  }
}
