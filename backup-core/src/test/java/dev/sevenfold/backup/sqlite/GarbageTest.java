package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.IdRewriter;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Garbage among a tenant's own rows is no reason to refuse the restore that removes it. */
class GarbageTest {

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants,"
                + " name TEXT CHECK (length(name) < 10), boss_id INTEGER REFERENCES users)",
            "CREATE TABLE marks (id INTEGER PRIMARY KEY, tenant_id INTEGER, on_type TEXT,"
                + " on_id INTEGER)",
            "CREATE TABLE tags (id INTEGER PRIMARY KEY, on_type TEXT, on_id INTEGER, by_id INTEGER"
                + " REFERENCES users)",
            "CREATE TABLE files (id INTEGER PRIMARY KEY, tenant_id INTEGER, path TEXT)",
            "CREATE TABLE boards (id INTEGER PRIMARY KEY, tenant_id INTEGER, layout TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (11, 1, 'ann', NULL), (12, 2, 'bob', NULL)",
            "INSERT INTO marks VALUES (1, 1, 'User', 11), (2, 2, 'User', 12)",
            "INSERT INTO tags VALUES (1, 'User', 11, 11), (2, 'User', 12, NULL)",
            "INSERT INTO boards VALUES (1, 1, '{\"userId\": 11}')");
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .polymorphic("marks", "on_type", "on_id", Map.of("User", "users"))
            .polymorphic("tags", "on_type", "on_id", Map.of("User", "users"))
            .files(folder.resolve("storage"), "files", "{path}")
            .rewriteIds("boards", "layout", IdRewriter.json(Map.of("userId", "users"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO marks VALUES (9, 1, 'Boss', 11)",
        "INSERT INTO marks VALUES (9, 1, '', ''); INSERT INTO marks VALUES (8, 1, x'ff', x'00')",
        "UPDATE marks SET on_type = 'Boss' WHERE tenant_id = 1",
        "INSERT INTO tags VALUES (9, 'Boss', 11, 11)",
        "UPDATE tags SET on_type = 'Boss' WHERE by_id = 11",
        "INSERT INTO users VALUES (19, 1, 'eve', 99)",
        "UPDATE users SET boss_id = 77 WHERE id = 11",
        "INSERT INTO users VALUES (19, 1, 'a name that is too long', NULL)",
        "UPDATE users SET name = 'a name that is too long' WHERE id = 11",
        "UPDATE users SET name = CAST(x'ff00fe' AS TEXT) WHERE id = 11",
        "UPDATE users SET name = x'ff', boss_id = 'nobody' WHERE id = 11",
        "UPDATE boards SET layout = '{not json' WHERE id = 1",
        "UPDATE boards SET layout = x'ffff' WHERE id = 1",
        "INSERT INTO files VALUES (1, 1, '../../etc/passwd'), (2, 1, '/etc/passwd'), (3, 1, ''),"
            + " (4, 1, 'a' || char(0) || 'b'), (5, 1, x'ff2f2e2e'), (6, 1, '.')",
        "UPDATE tags SET on_id = 'nobody' WHERE id = 1",
        "UPDATE marks SET on_id = 12 WHERE id = 1",
      })
  void is_restored_over_and_kept_for_an_undo(String vandalism) {
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    List<String> statements =
        new ArrayList<>(
            List.of("PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON"));
    statements.addAll(List.of(vandalism.split("; ")));
    lab.execute(statements.toArray(String[]::new));
    Map<String, List<String>> garbage = lab.dump();

    assertThat(lab.preview(1, label).conflicts()).isEmpty();
    lab.restore(1, label);
    assertThat(lab.dump()).isEqualTo(then);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(garbage);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void an_unknown_type_is_a_warning_where_the_tenants_column_decides() {
    lab.execute("INSERT INTO marks VALUES (9, 1, 'Boss', 12)");

    assertThat(lab.service().backup(Lab.id(1)).warnings())
        .singleElement()
        .asString()
        .contains("marks.on_type has the type 'Boss' in 1 rows", "their column tenant_id");
    assertThat(lab.service().backup(Lab.id(2)).warnings()).isEmpty();
  }

  @Test
  void a_row_without_the_tenants_key_is_as_doubtful_as_ever() {
    lab.execute("INSERT INTO marks VALUES (9, NULL, 'Boss', 11)");

    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.backup(1))
        .withMessageContaining("marks.on_type has the type 'Boss' in 1 rows");
    assertThat(lab.service().backup(Lab.id(2)).warnings()).hasSize(1);
  }

  @Test
  void what_may_be_the_tenants_and_is_nobodys_stays_where_it_is() {
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO tags VALUES (9, 'Boss', 11, NULL)",
        "UPDATE users SET name = 'x' WHERE id = 11");

    assertThat(lab.preview(1, label).notes())
        .anyMatch(note -> note.contains("tags.on_type has the type 'Boss' in 1 rows"));
    lab.restore(1, label);

    assertThat(lab.query("SELECT name FROM users WHERE id = 11")).isEqualTo("ann");
    assertThat(lab.query("SELECT count(*) FROM tags WHERE on_type = 'Boss'")).isEqualTo("1");
  }

  @Test
  void a_row_of_an_unknown_type_comes_back_in_place() {
    lab.execute("INSERT INTO marks VALUES (9, 1, 'Boss', 11)");
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    lab.execute("DELETE FROM marks WHERE id = 9");

    assertThat(lab.preview(1, label).notes())
        .anyMatch(
            note -> note.contains("'Boss' in 1 rows, which stands for no table; they come back"));
    lab.restore(1, label);

    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void a_copy_with_a_type_that_cannot_be_followed_is_refused_with_what_the_model_lacks() {
    lab.execute("INSERT INTO marks VALUES (9, 1, 'Boss', 11)", "INSERT INTO tenants VALUES (3)");
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(3, label, Lab.NEW_IDS))
        .withMessageContaining("marks.on_type has the type 'Boss' in 1 rows")
        .withMessageContaining("{type: on_type, id: on_id, targets: {…}}");

    assertThat(lab.dump()).isEqualTo(before);
  }
}
