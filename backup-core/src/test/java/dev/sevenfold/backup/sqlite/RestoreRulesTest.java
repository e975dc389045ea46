package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host wants to be different from the archive after every restore. */
class RestoreRulesTest {

  @TempDir Path folder;
  Lab lab;

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(folder.resolve("storage"));
    Files.writeString(folder.resolve("storage/cv"), "curriculum vitae");
    Files.writeString(folder.resolve("storage/logo"), "logo");
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, email TEXT, boss_id"
                + " INTEGER REFERENCES users (id) ON DELETE SET NULL)",
            "CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id)"
                + " ON DELETE CASCADE)",
            "CREATE TABLE hits (id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES"
                + " sessions (id) ON DELETE CASCADE)",
            "CREATE TABLE jobs (id INTEGER PRIMARY KEY, tenant_id INTEGER, job_id TEXT, state TEXT"
                + " NOT NULL)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, author_id INTEGER, body)",
            "CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT)",
            "CREATE TABLE attachments (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES"
                + " users (id) ON DELETE CASCADE, blob_id INTEGER NOT NULL REFERENCES blobs (id))",
            "CREATE TABLE forgotten (email TEXT PRIMARY KEY)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1, 'a@x', NULL), (2, 1, 'b@x', 1), (3, 1, 'c@x', 2),"
                + " (4, 2, 'a@x', NULL)",
            "INSERT INTO sessions VALUES (1, 1), (2, 2), (3, 4)",
            "INSERT INTO hits VALUES (1, 1), (2, 2), (3, 3)",
            "INSERT INTO jobs VALUES (1, 1, 'j1', 'running'), (2, 2, 'j2', 'running')",
            "INSERT INTO notes VALUES (1, 1, 'n'), (2, 2, 'n')",
            "INSERT INTO blobs VALUES (1, 'cv'), (2, 'logo')",
            "INSERT INTO attachments VALUES (1, 2, 1), (2, 1, 2)");
    lab.owned(model());
  }

  private TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .reference("notes", "author_id", "users", "id")
        .referencedBy("blobs", "attachments", "blob_id")
        .shared("forgotten")
        .files(folder.resolve("storage"), "blobs", "{key}");
  }

  @Test
  void an_emptied_table_is_emptied_and_what_hangs_below_it_too() {
    lab.owned(model().emptyOnRestore("sessions"));
    Label label = lab.backup(1);
    lab.execute("INSERT INTO sessions VALUES (9, 1)", "UPDATE users SET email = 'changed'");

    RestorePlan preview = lab.preview(1, label);
    RestorePlan done = lab.restore(1, label).plan();

    assertThat(done).isEqualTo(preview);
    assertThat(preview.notes()).anyMatch(note -> note.contains("2 rows of table sessions"));
    assertThat(lab.query("SELECT id FROM sessions")).isEqualTo("3");
    assertThat(lab.query("SELECT id FROM hits")).isEqualTo("3");
    assertThat(lab.query("SELECT email FROM users ORDER BY id")).isEqualTo("a@x,b@x,c@x,changed");
    assertThat(lab.damage()).isEmpty();

    lab.undo(1);
    assertThat(lab.query("SELECT email FROM users WHERE id = 1")).isEqualTo("changed");
    assertThat(lab.query("SELECT id FROM sessions")).isEqualTo("3");
  }

  @Test
  void a_reset_column_has_its_value_in_every_restored_row() {
    lab.owned(
        model().resetOnRestore("jobs", "job_id", null).resetOnRestore("jobs", "state", "idle"));
    Label label = lab.backup(1);
    lab.execute("DELETE FROM jobs WHERE id = 1");

    assertThat(lab.restore(1, label).plan().notes())
        .anyMatch(note -> note.contains("jobs have their job_id reset"));
    assertThat(lab.rows("jobs"))
        .containsExactly(
            "int:1 | int:1 | null | text:69646c65 | ",
            "int:2 | int:2 | text:6a32 | text:72756e6e696e67 | ");
  }

  @Test
  void a_reset_that_the_schema_forbids_is_refused() {
    lab.owned(model().resetOnRestore("jobs", "state", null));
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining("jobs.state")
        .withMessageContaining("reset");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void who_asked_to_be_forgotten_stays_forgotten_with_all_that_hangs_below() throws IOException {
    lab.owned(model().eraseOnRestore("forgotten", "email", "users", "email"));
    Label label = lab.backup(1);
    forget("b@x");

    RestorePlan preview = lab.preview(1, label);
    RestorePlan done = lab.restore(1, label).plan();

    assertThat(done).isEqualTo(preview);
    assertThat(preview.notes())
        .anyMatch(note -> note.contains("1 rows of table users stay erased"));
    assertThat(lab.query("SELECT email || coalesce(boss_id, '-') FROM users ORDER BY id"))
        .isEqualTo("a@x-,c@x-,a@x-");
    assertThat(lab.query("SELECT id FROM sessions ORDER BY id")).isEqualTo("1,3");
    assertThat(lab.query("SELECT id FROM hits ORDER BY id")).isEqualTo("1,3");
    assertThat(lab.query("SELECT id FROM notes")).isEqualTo("1");
    assertThat(lab.query("SELECT key FROM blobs")).isEqualTo("logo");
    assertThat(folder.resolve("storage/cv")).doesNotExist();
    assertThat(folder.resolve("storage/logo")).exists();
    assertThat(lab.damage()).isEmpty();
  }

  private void forget(String email) throws IOException {
    lab.update(
        "DELETE FROM notes WHERE author_id IN (SELECT id FROM users WHERE email = ?)", email);
    lab.update("DELETE FROM users WHERE tenant_id = 1 AND email = ?", email);
    lab.execute("DELETE FROM blobs WHERE id NOT IN (SELECT blob_id FROM attachments)");
    lab.update("INSERT INTO forgotten VALUES (?)", email);
    Files.delete(folder.resolve("storage/cv"));
  }

  @Test
  void an_undo_respects_the_ledger_too() throws IOException {
    lab.owned(model().eraseOnRestore("forgotten", "email", "users", "email"));
    Label label = lab.backup(1);
    lab.execute("UPDATE users SET boss_id = NULL");
    lab.restore(1, label);
    forget("b@x");

    lab.undo(1);

    assertThat(lab.query("SELECT email FROM users ORDER BY id")).isEqualTo("a@x,c@x,a@x");
    assertThat(lab.query("SELECT key FROM blobs")).isEqualTo("logo");
    assertThat(folder.resolve("storage/cv")).doesNotExist();
  }

  @Test
  void rows_that_must_not_lose_an_erased_row_are_listed() {
    lab.execute(
        "CREATE TABLE bills (id INTEGER PRIMARY KEY, tenant_id INTEGER, user_id INTEGER NOT NULL"
            + " REFERENCES users (id))",
        "INSERT INTO bills VALUES (1, 1, 2)");
    lab.owned(model().eraseOnRestore("forgotten", "email", "users", "email"));
    Label label = lab.backup(1);
    lab.execute("DELETE FROM bills");
    lab.update("INSERT INTO forgotten VALUES ('b@x')");
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining("1 archived rows of table bills")
        .withMessageContaining("erased");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void rules_hold_for_a_clone_too() {
    lab.owned(
        model()
            .emptyOnRestore("sessions")
            .resetOnRestore("jobs", "job_id", null)
            .newFileKeys("blobs", "key", () -> UUID.randomUUID().toString())
            .eraseOnRestore("forgotten", "email", "users", "email"));
    Label label = lab.backup(1);
    lab.update("INSERT INTO forgotten VALUES ('b@x')");
    lab.update("INSERT INTO tenants VALUES (3)");

    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(lab.query("SELECT email FROM users WHERE tenant_id = 3 ORDER BY 1"))
        .isEqualTo("a@x,c@x");
    assertThat(lab.query("SELECT count(*) FROM jobs WHERE tenant_id = 3 AND job_id IS NULL"))
        .isEqualTo("1");
    assertThat(lab.query("SELECT count(*) FROM sessions")).isEqualTo("3");
    assertThat(lab.damage()).isEmpty();
  }
}
