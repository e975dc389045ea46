package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive of a schema that has changed since. What can be brought over is; nothing is lost. */
class SchemaDriftTest {

  @TempDir Path folder;
  Lab lab;
  Label label;

  @BeforeEach
  void back_up() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old)",
            "CREATE TABLE logs (tenant_id INTEGER, line TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1, 'a', 30, NULL), (2, 1, 'b', 'forty', NULL),"
                + " (3, 2, 'c', 50, 'kept')",
            "INSERT INTO logs VALUES (1, 'x'), (1, 'x'), (1, 'y'), (2, 'z')");
    label = lab.backup(1);
  }

  private void refused(String... parts) {
    Map<String, List<String>> before = lab.dump();
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .satisfies(
            refused -> {
              for (String part : parts) {
                assertThat(refused).hasMessageContaining(part);
              }
            });
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_new_column_takes_its_default() {
    lab.execute(
        "ALTER TABLE users ADD COLUMN state TEXT NOT NULL DEFAULT 'new'",
        "ALTER TABLE users ADD COLUMN note",
        "UPDATE users SET state = 'active', note = 'n'",
        "DELETE FROM users WHERE id = 1");

    assertThat(lab.preview(1, label).notes())
        .anyMatch(note -> note.contains("users.state is newer than the archive"));
    lab.restore(1, label);

    assertThat(lab.query("SELECT name || state || coalesce(note, '-') FROM users ORDER BY id"))
        .isEqualTo("anew-,bnew-,cactiven");
  }

  @Test
  void a_new_column_that_must_have_a_value_is_refused() {
    lab.execute(
        "CREATE TABLE new_users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old,"
            + " email TEXT NOT NULL)",
        "INSERT INTO new_users SELECT *, 'x' FROM users",
        "DROP TABLE users",
        "ALTER TABLE new_users RENAME TO users");

    refused(
        "column users.email is newer than the archive, must have a value by now and has no default",
        "2 archived rows have none");
  }

  @Test
  void a_value_that_is_needed_now_takes_the_default_or_is_asked_for() {
    rebuild(
        "id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old NOT NULL",
        "*",
        "old IS NOT NULL");
    refused("column users.old must have a value by now", "2 archived rows have none");

    rebuild(
        "id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old NOT NULL DEFAULT (1 + 2)",
        "*",
        "1");
    assertThat(lab.preview(1, label).notes())
        .anyMatch(
            note ->
                note.contains("users.old must have a value by now; 2 archived rows without one")
                    && note.contains("default 1 + 2"));
    lab.restore(1, label);
    assertThat(lab.query("SELECT old FROM users ORDER BY id")).isEqualTo("3,3,kept");
  }

  @Test
  void a_default_that_is_written_like_a_column_is_a_text() {
    for (String byDefault : List.of("\"name\"", "name", "'name'")) {
      rebuild(
          "id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old NOT NULL DEFAULT "
              + byDefault,
          "*",
          "old IS NOT NULL");

      lab.restore(1, label);

      assertThat(lab.query("SELECT old FROM users ORDER BY id")).isEqualTo("name,name,kept");
    }
  }

  /** Makes the table anew with other columns, as SQLite has it done. */
  private void rebuild(String columns, String values, String condition) {
    lab.execute(
        "CREATE TABLE new_users (" + columns + ")",
        "INSERT INTO new_users SELECT " + values + " FROM users WHERE " + condition,
        "DROP TABLE users",
        "ALTER TABLE new_users RENAME TO users");
  }

  @Test
  void a_new_column_whose_default_is_the_time_takes_it() {
    rebuild(
        "id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old, at TEXT NOT NULL DEFAULT"
            + " CURRENT_TIMESTAMP",
        "*, '2020-01-01'",
        "id > 1");
    lab.restore(1, label);

    assertThat(lab.query("SELECT at > '2021' FROM users ORDER BY id")).isEqualTo("1,1,0");
  }

  @Test
  void a_dropped_table_without_rows_is_noted() {
    lab.execute("CREATE TABLE tags (tenant_id INTEGER, tag)");
    label = lab.backup(1);
    lab.execute("DROP TABLE tags");

    assertThat(lab.restore(1, label).plan().notes())
        .contains("Table tags was dropped; it held no rows");
  }

  @Test
  void a_new_foreign_key_that_archived_rows_break_is_refused() {
    lab.execute(
        "CREATE TABLE states (name TEXT PRIMARY KEY)", "INSERT INTO states VALUES ('a'), ('c')");
    lab.owned(TenantModel.rootedAt("tenants").column("tenant_id").shared("states"));
    rebuild(
        "id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT REFERENCES states (name), age, old",
        "*",
        "id <> 2");
    refused("1 restored rows of table users point through [name] at rows of table states", "[2]");

    lab.execute("INSERT INTO states VALUES ('b')");
    lab.restore(1, label);
    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("a,b,c");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void a_column_that_is_computed_in_another_way_is_computed_so() {
    rebuild(
        "id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old, shout AS (upper(name))",
        "*",
        "1");
    label = lab.backup(1);
    rebuild(
        "id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old, shout AS (name || '!')",
        "id, tenant_id, 'changed', age, old",
        "1");

    assertThat(lab.restore(1, label).plan().notes())
        .contains("Column users.shout is computed in another way now; 2 of its values are others");
    assertThat(lab.query("SELECT shout FROM users ORDER BY id")).isEqualTo("a!,b!,changed!");
  }

  @Test
  void a_column_that_was_computed_and_is_stored_now_keeps_its_values() {
    rebuild(
        "id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old, shout AS (upper(name))",
        "*",
        "1");
    label = lab.backup(1);
    rebuild(
        "id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old, shout TEXT",
        "id, tenant_id, name, age, old, 'x'",
        "1");
    lab.restore(1, label);

    assertThat(lab.query("SELECT shout FROM users ORDER BY id")).isEqualTo("A,B,x");
  }

  @Test
  void a_primary_key_of_other_columns_goes_through_where_rows_can_be_told_apart() {
    rebuild(
        "id INTEGER NOT NULL, tenant_id INTEGER NOT NULL, name TEXT, age, old,"
            + " PRIMARY KEY (tenant_id, id)",
        "*",
        "id <> 1");
    lab.restore(1, label);

    assertThat(lab.query("SELECT id || name FROM users ORDER BY id")).isEqualTo("1a,2b,3c");
  }

  @Test
  void a_primary_key_of_a_new_kind_is_refused() {
    rebuild(
        "uuid TEXT PRIMARY KEY NOT NULL, tenant_id INTEGER, name TEXT, age, old",
        "'u' || id, tenant_id, name, age, old",
        "1");

    refused(
        "column users.id was dropped or renamed; 2 archived values would be lost",
        "column users.uuid is newer than the archive, must have a value");
  }

  @Test
  void a_table_that_lost_its_row_ids_keeps_its_rows() {
    rebuild("id INTEGER, tenant_id INTEGER, name TEXT, age, old, PRIMARY KEY (id)", "*", "id <> 1");
    lab.execute(
        "CREATE TABLE other (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age, old) WITHOUT ROWID",
        "INSERT INTO other SELECT * FROM users",
        "DROP TABLE users",
        "ALTER TABLE other RENAME TO users");
    lab.restore(1, label);

    assertThat(lab.query("SELECT id || name FROM users ORDER BY id")).isEqualTo("1a,2b,3c");
  }

  @Test
  void a_dropped_column_without_values_is_noted() {
    lab.execute("ALTER TABLE users DROP COLUMN old", "DELETE FROM users WHERE id = 1");

    assertThat(lab.restore(1, label).plan().notes())
        .anyMatch(note -> note.contains("users.old was dropped"));
    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("a,b,c");
  }

  @Test
  void a_dropped_column_with_values_is_refused() {
    lab.execute("ALTER TABLE users DROP COLUMN age");

    refused("users.age", "2 archived values would be lost");
  }

  @Test
  void a_renamed_column_is_refused() {
    lab.execute("ALTER TABLE users RENAME COLUMN name TO full_name");

    refused("users.name", "dropped or renamed", "ArchiveMigration");
  }

  @Test
  void a_column_renamed_in_case_alone_is_the_same() {
    lab.execute("ALTER TABLE users RENAME COLUMN name TO Name", "DELETE FROM users WHERE id = 2");
    lab.restore(1, label);

    assertThat(lab.query("SELECT Name FROM users ORDER BY id")).isEqualTo("a,b,c");
  }

  @Test
  void a_type_that_would_alter_values_is_refused() {
    lab.execute(
        "CREATE TABLE new_users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age TEXT,"
            + " old)",
        "INSERT INTO new_users SELECT * FROM users",
        "DROP TABLE users",
        "ALTER TABLE new_users RENAME TO users");

    refused("users.age has another type", "1 archived values would be altered");
  }

  @Test
  void a_type_that_alters_nothing_goes_through() {
    lab.execute(
        "CREATE TABLE new_users (id INTEGER PRIMARY KEY, tenant_id BIGINT, name VARCHAR(10), age"
            + " NUMERIC, old TEXT)",
        "INSERT INTO new_users SELECT * FROM users",
        "DROP TABLE users",
        "ALTER TABLE new_users RENAME TO users",
        "DELETE FROM users WHERE id = 2");
    lab.restore(1, label);

    assertThat(lab.query("SELECT typeof(age) || age FROM users ORDER BY id"))
        .isEqualTo("integer30,textforty,integer50");
  }

  @Test
  void a_new_unique_index_that_archived_rows_break_is_refused() {
    lab.execute(
        "DELETE FROM logs WHERE rowid = 2", "CREATE UNIQUE INDEX lines ON logs (tenant_id, line)");

    refused("logs", "UNIQUE");
  }

  @Test
  void a_new_unique_index_that_nothing_breaks_goes_through() {
    lab.execute("CREATE UNIQUE INDEX names ON users (tenant_id, name)", "DELETE FROM users");
    lab.restore(1, label);

    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("a,b");
  }

  @Test
  void a_new_check_that_archived_rows_break_is_refused() {
    lab.execute(
        "CREATE TABLE new_users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age CHECK"
            + " (typeof(age) = 'integer'), old)",
        "INSERT INTO new_users SELECT * FROM users WHERE id <> 2",
        "DROP TABLE users",
        "ALTER TABLE new_users RENAME TO users");

    refused("users", "CHECK");
  }

  @Test
  void a_dropped_table_is_refused() {
    lab.execute("DROP TABLE logs");

    refused("table logs was dropped or renamed", "3 archived rows would be lost");
  }

  @Test
  void a_renamed_table_is_refused() {
    lab.execute("ALTER TABLE logs RENAME TO lines");

    refused("table logs was dropped or renamed");
  }

  @Test
  void a_table_renamed_in_case_alone_is_the_same() {
    lab.execute(
        "ALTER TABLE logs RENAME TO lo", "ALTER TABLE lo RENAME TO Logs", "DELETE FROM Logs");
    lab.restore(1, label);

    assertThat(lab.query("SELECT line FROM logs ORDER BY line")).isEqualTo("x,x,y");
  }

  @Test
  void rows_of_a_new_table_stay() {
    lab.execute(
        "CREATE TABLE cards (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id))",
        "INSERT INTO cards VALUES (1, 1), (2, 3)",
        "UPDATE users SET name = 'changed'");

    assertThat(lab.restore(1, label).plan().notes())
        .anyMatch(note -> note.contains("cards is newer than the archive"));
    assertThat(lab.query("SELECT count(*) FROM cards")).isEqualTo("2");
    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("a,b,changed");
  }

  @Test
  void rows_of_a_new_table_go_with_rows_that_go_only_as_the_schema_says() {
    lab.execute(
        "CREATE TABLE cards (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id))",
        "INSERT INTO users VALUES (9, 1, 'new', 1, NULL)",
        "INSERT INTO cards VALUES (1, 9)");

    refused("1 rows of table cards", "[user_id]", "users");

    lab.execute(
        "DROP TABLE cards",
        "CREATE TABLE cards (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id) ON"
            + " DELETE CASCADE)",
        "INSERT INTO cards VALUES (1, 9)");
    assertThat(lab.restore(1, label).plan().sideEffects())
        .singleElement()
        .hasToString("SideEffect[table=cards, action=CASCADE, rows=1]");
    assertThat(lab.query("SELECT count(*) FROM cards")).isEqualTo("0");
  }

  @Test
  void a_table_that_is_shared_or_ignored_by_now_keeps_its_rows() {
    lab.execute("DELETE FROM logs WHERE line = 'x'", "DELETE FROM users WHERE id = 1");
    lab.owned(TenantModel.rootedAt("tenants").column("tenant_id").shared("logs"));
    assertThat(lab.restore(1, label).plan().notes())
        .anyMatch(note -> note.contains("logs is shared or ignored by now; its 3 archived rows"));
    assertThat(lab.query("SELECT line FROM logs ORDER BY line")).isEqualTo("y,z");
    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("a,b,c");

    lab.owned(TenantModel.rootedAt("tenants").column("tenant_id").ignored("logs"));
    lab.restore(1, label);
    assertThat(lab.query("SELECT line FROM logs ORDER BY line")).isEqualTo("y,z");
  }

  @Test
  void a_generated_column_is_computed_anew() {
    lab.execute(
        "ALTER TABLE users ADD COLUMN shout AS (upper(name))", "UPDATE users SET name = 'changed'");
    lab.restore(1, label);

    assertThat(lab.query("SELECT shout FROM users ORDER BY id")).isEqualTo("A,B,CHANGED");
  }

  @Test
  void a_column_that_is_generated_by_now_is_refused_where_values_would_be_lost() {
    lab.execute(
        "CREATE TABLE new_users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, age AS (1),"
            + " old)",
        "INSERT INTO new_users SELECT id, tenant_id, name, old FROM users",
        "DROP TABLE users",
        "ALTER TABLE new_users RENAME TO users");

    refused("users.age");
  }

  @Test
  void another_primary_key_is_refused_where_rows_cannot_be_matched() {
    lab.execute(
        "CREATE TABLE new_users (id INTEGER, tenant_id INTEGER, name TEXT PRIMARY KEY, age, old)"
            + " WITHOUT ROWID",
        "INSERT INTO new_users SELECT * FROM users",
        "DROP TABLE users",
        "ALTER TABLE new_users RENAME TO users",
        "UPDATE users SET age = 0");
    lab.restore(1, label);

    assertThat(lab.query("SELECT id || name || age FROM users ORDER BY id"))
        .isEqualTo("1a30,2bforty,3c0");
  }

  @Test
  void row_ids_that_a_vacuum_changed_do_not_matter() {
    lab.execute(
        "DELETE FROM logs WHERE rowid = 1",
        "VACUUM",
        "UPDATE logs SET line = 'q' WHERE" + " rowid = 1");
    lab.restore(1, label);
    assertThat(lab.query("SELECT line FROM logs ORDER BY line")).isEqualTo("x,x,y,z");

    lab.execute("DELETE FROM logs WHERE line = 'y'", "VACUUM");
    lab.restore(1, label);
    assertThat(lab.query("SELECT line FROM logs ORDER BY line")).isEqualTo("x,x,y,z");
  }

  @Test
  void all_that_is_in_the_way_is_listed_at_once() {
    lab.execute(
        "ALTER TABLE users DROP COLUMN age",
        "ALTER TABLE users RENAME COLUMN name TO title",
        "DROP TABLE logs");

    refused("users.age", "users.name", "table logs");
  }
}
