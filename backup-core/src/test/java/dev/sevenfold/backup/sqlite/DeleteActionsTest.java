package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

/** What becomes of rows outside of the tenant that point at rows which a restore takes away. */
class DeleteActionsTest {

  @TempDir Path folder;
  Lab lab;
  Label label;

  @BeforeEach
  void back_up_and_add_a_user() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, handle TEXT UNIQUE)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (1, 1, 'a'), (3, 2, 'c')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .shared("shared_*")
                    .ignored("ignored_*"));
    label = lab.backup(1);
    lab.execute("INSERT INTO users VALUES (9, 1, 'new')");
  }

  private void child(String name, String action) {
    lab.execute(
        "CREATE TABLE " + name + " (id INTEGER PRIMARY KEY, user_id INTEGER " + action + ", note)",
        "INSERT INTO " + name + " VALUES (1, 9, 'x'), (2, 3, 'y'), (3, NULL, 'z'), (4, 1, 'w')");
  }

  private List<RestorePlan.SideEffect> restored() {
    RestorePlan preview = lab.preview(1, label);
    RestorePlan done = lab.restore(1, label).plan();
    assertThat(done).isEqualTo(preview);
    assertThat(lab.query("SELECT id FROM users ORDER BY id")).isEqualTo("1,3");
    assertThat(lab.damage()).isEmpty();
    return done.sideEffects();
  }

  private void refused(String... parts) {
    Map<String, List<String>> before = lab.dump();
    List<String> conflicts = lab.preview(1, label).conflicts();
    assertThat(conflicts).hasSize(1);
    for (String part : parts) {
      assertThat(conflicts.get(0)).contains(part);
    }
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void cascade_reaches_as_deep_as_the_schema_says() {
    child("ignored_a", "REFERENCES users ON DELETE CASCADE");
    lab.execute(
        "CREATE TABLE ignored_b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES ignored_a ON DELETE"
            + " CASCADE)",
        "CREATE TABLE ignored_c (id INTEGER PRIMARY KEY, b INTEGER REFERENCES ignored_b ON DELETE"
            + " SET NULL, parent INTEGER REFERENCES ignored_c ON DELETE CASCADE)",
        "INSERT INTO ignored_b VALUES (1, 1), (2, 2)",
        "INSERT INTO ignored_c VALUES (1, 1, NULL), (2, 2, 1)");

    assertThat(restored())
        .containsExactlyInAnyOrder(
            new RestorePlan.SideEffect("ignored_a", "CASCADE", 1),
            new RestorePlan.SideEffect("ignored_b", "CASCADE", 1),
            new RestorePlan.SideEffect("ignored_c", "SET NULL", 1));
    assertThat(lab.query("SELECT id FROM ignored_a ORDER BY id")).isEqualTo("2,3,4");
    assertThat(lab.query("SELECT id FROM ignored_b")).isEqualTo("2");
    assertThat(lab.query("SELECT coalesce(b, '-') FROM ignored_c ORDER BY id")).isEqualTo("-,2");
  }

  @Test
  void set_null_and_set_default() {
    child("ignored_a", "REFERENCES users ON DELETE SET NULL");
    child("ignored_b", "DEFAULT 3 REFERENCES users ON DELETE SET DEFAULT");

    assertThat(restored())
        .containsExactlyInAnyOrder(
            new RestorePlan.SideEffect("ignored_a", "SET NULL", 1),
            new RestorePlan.SideEffect("ignored_b", "SET DEFAULT", 1));
    assertThat(lab.query("SELECT coalesce(user_id, '-') FROM ignored_a ORDER BY id"))
        .isEqualTo("-,3,-,1");
    assertThat(lab.query("SELECT coalesce(user_id, '-') FROM ignored_b ORDER BY id"))
        .isEqualTo("3,3,-,1");
  }

  @Test
  void no_action_and_restrict_are_refused() {
    child("ignored_a", "REFERENCES users");
    refused("1 rows of table ignored_a outside of the tenant", "[user_id]", "table users");
    lab.execute("DROP TABLE ignored_a");
    child("ignored_a", "REFERENCES users ON DELETE RESTRICT");
    refused("1 rows of table ignored_a outside of the tenant");
  }

  @Test
  void a_shared_table_is_never_written() {
    child("shared_a", "REFERENCES users ON DELETE CASCADE");
    refused("1 rows of table shared_a, which is shared,");
    lab.execute("DROP TABLE shared_a");
    child("shared_a", "REFERENCES users ON DELETE SET NULL");
    refused("1 rows of table shared_a, which is shared,");
  }

  @Test
  void another_tenants_row_never_loses_its_reference() {
    lab.execute(
        "ALTER TABLE users ADD COLUMN boss_id INTEGER REFERENCES users ON DELETE SET NULL",
        "UPDATE users SET boss_id = 9 WHERE id = 3");

    refused("1 rows of table users", "[3] leads to [2]", "SET NULL would reach them");
  }

  @Test
  void a_row_that_goes_anyway_holds_nobody_back() {
    lab.execute(
        "INSERT INTO users VALUES (8, 1, 'also new')",
        "CREATE TABLE ignored_a (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users ON DELETE"
            + " CASCADE, by_id INTEGER REFERENCES users, via INTEGER REFERENCES users ON DELETE SET"
            + " NULL)",
        "INSERT INTO ignored_a VALUES (1, 9, 8, 8), (2, 3, 3, 8)");

    assertThat(restored())
        .containsExactlyInAnyOrder(
            new RestorePlan.SideEffect("ignored_a", "CASCADE", 1),
            new RestorePlan.SideEffect("ignored_a", "SET NULL", 1));
  }

  @Test
  void a_reference_that_must_not_be_null_is_refused_before_anything_is_written() {
    lab.execute(
        "CREATE TABLE ignored_a (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users"
            + " ON DELETE SET NULL)",
        "INSERT INTO ignored_a VALUES (1, 9)");
    refused("ignored_a", "user_id is NOT NULL");
  }

  @Test
  void a_default_that_is_no_row_is_refused() {
    child("ignored_a", "DEFAULT 77 REFERENCES users ON DELETE SET DEFAULT");
    refused("ignored_a", "default of [user_id]");
  }

  @Test
  void a_value_that_changes_back_takes_those_along_that_follow_it() {
    lab.execute("DELETE FROM users WHERE id = 9");
    lab.execute(
        "CREATE TABLE ignored_a (id INTEGER PRIMARY KEY, handle TEXT REFERENCES users (handle) ON"
            + " UPDATE CASCADE ON DELETE CASCADE)",
        "CREATE TABLE ignored_b (id INTEGER PRIMARY KEY, handle TEXT REFERENCES users (handle) ON"
            + " UPDATE SET NULL)",
        "INSERT INTO ignored_a VALUES (1, 'a'), (2, 'c')",
        "UPDATE users SET handle = 'renamed' WHERE id = 1",
        "INSERT INTO ignored_b VALUES (1, 'renamed'), (2, 'c')");

    assertThat(restored())
        .containsExactlyInAnyOrder(
            new RestorePlan.SideEffect("ignored_a", "ON UPDATE CASCADE", 1),
            new RestorePlan.SideEffect("ignored_b", "SET NULL", 1));
    assertThat(lab.query("SELECT handle FROM ignored_a ORDER BY id")).isEqualTo("a,c");
    assertThat(lab.query("SELECT coalesce(handle, '-') FROM ignored_b ORDER BY id"))
        .isEqualTo("-,c");
  }

  @Test
  void a_value_that_changes_back_is_refused_where_nothing_follows_it() {
    lab.execute(
        "DELETE FROM users WHERE id = 9",
        "CREATE TABLE ignored_a (id INTEGER PRIMARY KEY, handle TEXT REFERENCES users (handle) ON"
            + " DELETE CASCADE)",
        "UPDATE users SET handle = 'renamed' WHERE id = 1",
        "INSERT INTO ignored_a VALUES (1, 'renamed')");
    refused("1 rows of table ignored_a", "[handle]", "whose value would change");
  }

  @Test
  void rows_that_are_only_written_anew_take_nobody_along() {
    lab.execute(
        "DELETE FROM users WHERE id = 9",
        "UPDATE users SET handle = 'renamed' WHERE id = 1",
        "CREATE TABLE ignored_a (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users ON DELETE"
            + " CASCADE)",
        "INSERT INTO ignored_a VALUES (1, 1), (2, 3)");

    assertThat(restored()).isEmpty();
    assertThat(lab.query("SELECT id FROM ignored_a ORDER BY id")).isEqualTo("1,2");
  }

  @Test
  void keys_that_compare_without_case_are_found() {
    lab.execute(
        "CREATE TABLE tags (name TEXT PRIMARY KEY COLLATE NOCASE, tenant_id INTEGER)",
        "CREATE TABLE ignored_a (id INTEGER PRIMARY KEY, tag TEXT REFERENCES tags ON DELETE CASCADE)");
    label = lab.backup(1);
    lab.execute(
        "DELETE FROM users WHERE id = 9",
        "INSERT INTO tags VALUES ('New', 1), ('old', 2)",
        "INSERT INTO ignored_a VALUES (1, 'NEW'), (2, 'OLD')");

    RestorePlan done = lab.restore(1, label).plan();

    assertThat(done.sideEffects())
        .containsExactly(new RestorePlan.SideEffect("ignored_a", "CASCADE", 1));
    assertThat(lab.damage()).isEmpty();
  }
}
