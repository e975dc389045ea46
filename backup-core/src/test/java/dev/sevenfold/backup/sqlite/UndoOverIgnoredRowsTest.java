package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session of a user who was deleted points nowhere; a restore brings the user back. An undo takes
 * the user away again, and leaves the session as it found it.
 */
class UndoOverIgnoredRowsTest {

  private static final String OFF = "PRAGMA foreign_keys = OFF";

  @TempDir Path folder;
  Lab lab;
  Label label;

  @BeforeEach
  void make_users() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, handle TEXT"
                    + " UNIQUE)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (1, 1, 'u'), (2, 1, 'v'), (3, 2, 'w')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .shared("shared_*")
                    .ignored("ignored_*"));
    label = lab.backup(1);
  }

  private void sessions(String name, String reference) {
    lab.execute(
        OFF,
        "CREATE TABLE "
            + name
            + " (id INTEGER PRIMARY KEY, user_id INTEGER "
            + reference
            + ", data)",
        "INSERT INTO " + name + " VALUES (1, 1, 's'), (2, 3, 't'), (3, 2, 'left'), (4, 77, 'odd')");
  }

  private void restoreAndUndo() {
    label = lab.backup(1);
    lab.execute(OFF, "DELETE FROM users WHERE id = 2");
    Map<String, List<String>> before = lab.dump();
    lab.restore(1, label);
    Map<String, List<String>> restored = lab.dump();

    RestorePlan undone = lab.undo(1).plan();
    assertThat(lab.dump()).isEqualTo(before);
    assertThat(undone.sideEffects()).isEmpty();
    assertThat(undone.notes())
        .isNotEmpty()
        .allMatch(
            note ->
                note.endsWith(
                    " outside of the tenant point nowhere again through [user_id], as when the"
                        + " archive was made: [id] = [[3]]"));
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(restored);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void whatever_the_schema_has_happen_when_a_user_goes() {
    sessions("ignored_a", "NOT NULL REFERENCES users");
    sessions("ignored_b", "REFERENCES users ON DELETE RESTRICT");
    sessions("ignored_c", "REFERENCES users ON DELETE CASCADE");
    sessions("ignored_d", "REFERENCES users ON DELETE SET NULL");
    sessions("ignored_e", "DEFAULT 1 REFERENCES users ON DELETE SET DEFAULT");
    sessions("shared_a", "REFERENCES users");
    restoreAndUndo();
  }

  @Test
  void rows_of_another_tenant_that_were_left_behind() {
    sessions("follows", "REFERENCES users");
    lab.execute(
        OFF,
        "ALTER TABLE follows ADD COLUMN tenant_id INTEGER",
        "UPDATE follows SET tenant_id = 2");
    restoreAndUndo();
  }

  @Test
  void keys_and_values_of_every_kind() {
    lab.execute(
        OFF,
        "CREATE TABLE docs (k PRIMARY KEY, tenant_id INTEGER)",
        "INSERT INTO docs VALUES (CAST(x'610062' AS TEXT), 1), (x'00ff', 1), (1.5, 1), ('a', 2)",
        "CREATE TABLE ignored_a (k PRIMARY KEY, doc REFERENCES docs) WITHOUT ROWID",
        "CREATE TABLE ignored_b (doc REFERENCES docs)",
        "CREATE TABLE ignored_c (a, b, doc REFERENCES docs, PRIMARY KEY (a, b))",
        "INSERT INTO ignored_a SELECT k, k FROM docs",
        "INSERT INTO ignored_b SELECT k FROM docs",
        "INSERT INTO ignored_c SELECT k, NULL, k FROM docs");
    label = lab.backup(1);
    lab.execute(OFF, "DELETE FROM docs WHERE tenant_id = 1");
    Map<String, List<String>> before = lab.dump();

    lab.restore(1, label);
    assertThat(lab.damage()).isEmpty();
    lab.undo(1);

    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_value_that_a_restore_gave_back_and_that_changes_again() {
    lab.execute(
        OFF,
        "CREATE TABLE ignored_a (id INTEGER PRIMARY KEY, handle TEXT REFERENCES users (handle) ON"
            + " UPDATE CASCADE)",
        "INSERT INTO ignored_a VALUES (1, 'v')");
    label = lab.backup(1);
    lab.execute(OFF, "UPDATE users SET handle = 'renamed' WHERE id = 2");
    Map<String, List<String>> before = lab.dump();

    lab.restore(1, label);
    lab.undo(1);

    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void several_columns_and_a_reference_of_the_model_alone() {
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .ignored("ignored_*")
            .reference("follows", "who", "users", "handle"));
    lab.execute(
        OFF,
        "CREATE TABLE spots (tenant_id INTEGER, n INTEGER, PRIMARY KEY (tenant_id, n))",
        "CREATE TABLE ignored_a (id INTEGER PRIMARY KEY, t, n, FOREIGN KEY (t, n) REFERENCES spots)",
        "CREATE TABLE follows (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, who)",
        "INSERT INTO spots VALUES (1, 1), (1, 2), (2, 1)",
        "INSERT INTO ignored_a VALUES (1, 1, 2), (2, 2, 1)",
        "INSERT INTO follows VALUES (1, 2, 'v')");
    label = lab.backup(1);
    lab.execute(OFF, "DELETE FROM spots WHERE n = 2", "DELETE FROM users WHERE id = 2");
    Map<String, List<String>> before = lab.dump();

    lab.restore(1, label);
    lab.undo(1);

    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_session_that_came_after_the_restore_stands_in_the_way_by_its_key() {
    sessions("ignored_a", "NOT NULL REFERENCES users");
    label = lab.backup(1);
    lab.execute(OFF, "DELETE FROM users WHERE id = 2");
    Map<String, List<String>> before = lab.dump();
    lab.restore(1, label);
    lab.execute("INSERT INTO ignored_a VALUES (10, 2, 'logged in since')");
    Map<String, List<String>> now = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.undo(1))
        .withMessageContaining("1 rows of table ignored_a outside of the tenant")
        .withMessageContaining("[id] = [[10]]; delete these rows");
    assertThat(lab.dump()).isEqualTo(now);

    lab.execute("DELETE FROM ignored_a WHERE id = 10");
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_session_that_pointed_somewhere_then_stands_in_the_way() {
    sessions("ignored_a", "NOT NULL REFERENCES users");
    label = lab.backup(1);
    lab.execute(OFF, "DELETE FROM users WHERE id = 2");
    lab.restore(1, label);
    lab.execute("UPDATE ignored_a SET user_id = 2 WHERE id = 1");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.undo(1))
        .withMessageContaining("[id] = [[1]]");
  }

  @Test
  void the_safety_archive_can_be_restored_by_its_label_too() {
    sessions("ignored_a", "NOT NULL REFERENCES users");
    label = lab.backup(1);
    lab.execute(OFF, "DELETE FROM users WHERE id = 2");
    Map<String, List<String>> before = lab.dump();
    try (BackupService backups = lab.service()) {
      Label safety = backups.restore(Lab.id(1), label).safety().orElseThrow().label();
      backups.restore(Lab.id(1), label);
      backups.restore(Lab.id(1), safety);
    }

    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_user_who_came_after_the_backup_and_is_logged_in_is_named_with_what_to_do() {
    sessions("ignored_a", "NOT NULL REFERENCES users");
    label = lab.backup(1);
    lab.execute("INSERT INTO users VALUES (10, 1, 'new')");
    lab.execute("INSERT INTO ignored_a VALUES (10, 10, 'logged in'), (11, 10, 'twice')");

    assertThat(lab.preview(1, label).conflicts())
        .containsExactly(
            "2 rows of table ignored_a outside of the tenant point through [user_id] at rows of"
                + " table users that would go: [id] = [[10], [11]]; delete these rows or have them"
                + " point elsewhere first, if nobody needs them,"
                + " or have restores delete them: deleteIgnored(\"ignored_a\")");
  }
}
