package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.IdRewriter;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids and unique values that another tenant has taken since the backup. */
class TakenIdsTest {

  @TempDir Path folder;
  Lab lab;
  Label label;

  @BeforeEach
  void delete_rows_and_let_another_tenant_take_their_ids() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants,"
                    + " name, email TEXT UNIQUE COLLATE NOCASE, boss_id INTEGER REFERENCES users)",
                "CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users ON"
                    + " DELETE CASCADE, body)",
                "CREATE TABLE marks (kind TEXT, of TEXT, mark)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (1, 1, 'a', 'a@x', NULL), (2, 1, 'b', 'b@x', 1),"
                    + " (3, 1, 'c', 'c@x', 2)",
                "INSERT INTO notes VALUES (1, 1, 'of a'), (2, 2, 'of b'), (3, 3, 'of c')",
                "INSERT INTO marks VALUES ('User', '2', 'star')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .polymorphic("marks", "kind", "of", Map.of("User", "users")));
    label = lab.backup(1);
    lab.execute(
        "UPDATE users SET boss_id = NULL",
        "DELETE FROM marks",
        "DELETE FROM users WHERE id = 2",
        "INSERT INTO users VALUES (2, 2, 'z', 'z@x', NULL)",
        "INSERT INTO notes VALUES (2, 2, 'of z')");
  }

  @Test
  void are_listed_and_nothing_changes() {
    Map<String, List<String>> before = lab.dump();

    assertThat(lab.preview(1, label).conflicts())
        .anyMatch(conflict -> conflict.contains("1 ids of table users") && conflict.contains("[2]"))
        .anyMatch(conflict -> conflict.contains("1 ids of table notes"));
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void get_new_ids_on_request_and_every_reference_follows() {
    lab.restore(1, label, Lab.NEW_IDS);

    assertThat(
            lab.query(
                "SELECT u.name || coalesce(b.name, '-') || n.body FROM users u LEFT JOIN users b ON"
                    + " b.id = u.boss_id JOIN notes n ON n.user_id = u.id ORDER BY u.name"))
        .isEqualTo("a-of a,baof b,cbof c,z-of z");
    assertThat(lab.query("SELECT id FROM users WHERE name IN ('a', 'c', 'z') ORDER BY name"))
        .isEqualTo("1,3,2");
    assertThat(lab.query("SELECT u.name || typeof(m.of) FROM marks m JOIN users u ON u.id = m.of"))
        .isEqualTo("btext");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void can_be_undone_after_they_got_new_ids() {
    Map<String, List<String>> before = lab.dump();
    lab.restore(1, label, Lab.NEW_IDS);

    lab.undo(1);

    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_text_whose_ids_cannot_be_rewritten_stops_the_restore_and_is_named() {
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .polymorphic("marks", "kind", "of", Map.of("User", "users"))
            .rewriteIds("notes", "body", IdRewriter.json(Map.of("user", "users"))));
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label, Lab.NEW_IDS))
        .withMessageContaining("notes.body")
        .withMessageContaining("no JSON");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void unique_values_are_listed_even_where_ids_get_new() {
    lab.execute("UPDATE users SET email = 'B@X' WHERE name = 'z'");
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label, Lab.NEW_IDS))
        .withMessageContaining("[email]")
        .withMessageContaining("b@x");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void unique_expressions_and_conditions_are_listed() {
    lab.execute("UPDATE users SET email = 'other' WHERE name = 'z'");
    lab.execute(
        "DROP TABLE marks",
        "CREATE TABLE marks (kind TEXT, of TEXT, mark)",
        "CREATE UNIQUE INDEX first_names ON users (lower(name), tenant_id IS NULL)",
        "CREATE UNIQUE INDEX stars ON marks (mark) WHERE marks.kind = 'User' AND \"mark\" <> 'x'");
    lab.execute("UPDATE users SET name = 'B' WHERE name = 'z'");
    lab.execute("INSERT INTO marks VALUES ('User', '2', 'star')");

    assertThat(lab.preview(1, label, Lab.NEW_IDS).conflicts())
        .anyMatch(conflict -> conflict.contains("first_names") || conflict.contains("lower(name)"))
        .anyMatch(conflict -> conflict.contains("[mark]"));
  }
}
