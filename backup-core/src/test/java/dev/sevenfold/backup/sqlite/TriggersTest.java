package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's triggers neither change what is restored nor are they changed. */
class TriggersTest {

  private static final TenantModel.Builder MODEL =
      TenantModel.rootedAt("tenants")
          .column("tenant_id")
          .shared("totals")
          .ignored("audit", "ignored_*", "words");

  @TempDir Path folder;
  Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY, tasks_count INTEGER DEFAULT 0)",
                "CREATE TABLE tasks (id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants,"
                    + " title, parent_id INTEGER REFERENCES tasks, changed INTEGER DEFAULT 0)",
                "CREATE TABLE history (tenant_id INTEGER, what)",
                "CREATE TABLE audit (what)",
                "CREATE TABLE totals (name PRIMARY KEY, n)",
                "INSERT INTO totals VALUES ('tasks', 0)",
                "INSERT INTO tenants (id) VALUES (1), (2)")
            .owned(MODEL);
  }

  private void create(String... triggers) {
    lab.execute(triggers);
    lab.execute(
        "INSERT INTO tasks (id, tenant_id, title) VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c')");
  }

  /**
   * Damages tenant 1 with the triggers at work, restores it, and expects nothing else to change.
   */
  private void damageAndRestore(String... damage) {
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    lab.execute(damage);
    Map<String, List<String>> damaged = lab.dump();

    lab.restore(1, label);

    for (String table : List.of("tenants", "tasks", "history")) {
      assertThat(lab.dump().get(table)).as(table).isEqualTo(then.get(table));
    }
    for (String table : List.of("audit", "totals", "(schema)")) {
      assertThat(lab.dump().get(table)).as(table).isEqualTo(damaged.get(table));
    }
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void counters_do_not_count_restored_rows() {
    create(
        "CREATE TRIGGER up AFTER INSERT ON tasks BEGIN UPDATE tenants SET tasks_count = tasks_count"
            + " + 1 WHERE id = new.tenant_id; UPDATE totals SET n = n + 1; END",
        "CREATE TRIGGER down AFTER DELETE ON tasks BEGIN UPDATE tenants SET tasks_count ="
            + " tasks_count - 1 WHERE id = old.tenant_id; UPDATE totals SET n = n - 1; END");
    damageAndRestore(
        "DELETE FROM tasks WHERE id = 1", "INSERT INTO tasks (id, tenant_id) VALUES (9, 1)");
  }

  @Test
  void audits_into_owned_and_ignored_tables_do_not_see_the_restore() {
    create(
        "CREATE TRIGGER seen AFTER UPDATE ON tasks BEGIN INSERT INTO history VALUES (new.tenant_id,"
            + " 'update of ' || new.id); INSERT INTO audit VALUES (new.id); END",
        "CREATE TRIGGER \"seen again\" BEFORE DELETE ON \"tasks\" FOR EACH ROW WHEN old.id > 0"
            + " BEGIN INSERT INTO [history] VALUES (old.tenant_id, 'delete'); END");
    damageAndRestore("UPDATE tasks SET title = 'x' WHERE id = 2", "DELETE FROM tasks WHERE id = 1");
  }

  @Test
  void functions_of_the_host_in_triggers_of_the_root_are_not_needed() {
    create(
        "CREATE TABLE ignored_log (id INTEGER PRIMARY KEY AUTOINCREMENT, who)",
        "CREATE TRIGGER who AFTER DELETE ON tenants BEGIN INSERT INTO ignored_log (who) VALUES"
            + " (function_of_the_host()); END");
    damageAndRestore("UPDATE tasks SET title = 'x' WHERE id = 2", "DELETE FROM tasks WHERE id = 1");
    assertThat(lab.query("SELECT count(*) FROM sqlite_sequence")).isEqualTo("0");
  }

  @Test
  void guards_do_not_stop_a_restore() {
    create(
        "CREATE TRIGGER never_insert BEFORE INSERT ON tasks WHEN new.id = 2 AND (SELECT count(*)"
            + " FROM tasks) > 1 BEGIN SELECT RAISE(ABORT, 'no'); END",
        "CREATE TRIGGER ignore_updates BEFORE UPDATE OF title ON tasks WHEN new.title = 'a' BEGIN"
            + " SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER never_delete BEFORE DELETE ON tasks WHEN old.id > 5 BEGIN SELECT"
            + " RAISE(ROLLBACK, 'no'); END");
    damageAndRestore(
        "DELETE FROM tasks WHERE id = 2",
        "UPDATE tasks SET title = 'x' WHERE id = 1",
        "INSERT INTO tasks (id, tenant_id) VALUES (9, 1)");
  }

  @Test
  void triggers_that_call_each_other_are_all_quiet() {
    create(
        "CREATE TRIGGER bump AFTER UPDATE ON tasks WHEN new.changed < 5 BEGIN UPDATE tasks SET"
            + " changed = changed + 1 WHERE id = new.id; END",
        "CREATE TRIGGER copy AFTER INSERT ON history BEGIN INSERT INTO audit VALUES (new.what);"
            + " UPDATE tasks SET title = 'touched' WHERE tenant_id = new.tenant_id; END");
    damageAndRestore(
        "PRAGMA recursive_triggers = ON",
        "UPDATE tasks SET title = 'x' WHERE id = 1",
        "INSERT INTO history VALUES (1, 'h')");
  }

  @Test
  void names_of_every_kind_come_back_as_they_were() {
    create(
        "CREATE TRIGGER \"odd \"\" name\" AFTER UPDATE ON tasks BEGIN INSERT INTO audit VALUES"
            + " ('begin; end'); END",
        "CREATE TRIGGER [select] AFTER UPDATE ON tasks BEGIN -- comment; with END\n"
            + " INSERT INTO audit VALUES (CASE WHEN new.id > 0 THEN 'x' ELSE 'y' END); END",
        "CREATE TRIGGER IF NOT EXISTS main.ünïcode AFTER UPDATE ON tasks BEGIN INSERT INTO audit"
            + " VALUES ('u'); END");
    damageAndRestore("UPDATE tasks SET title = 'x' WHERE tenant_id = 1");
  }

  @Test
  void triggers_fire_in_the_same_order_afterwards() {
    create(
        "CREATE VIRTUAL TABLE words USING fts5 (title)",
        "CREATE TRIGGER t1 AFTER UPDATE ON tasks BEGIN INSERT INTO audit VALUES ('1'); END",
        "CREATE TRIGGER t2 AFTER UPDATE ON tasks BEGIN INSERT INTO words (rowid, title) SELECT"
            + " count(*), 'x' FROM audit; END",
        "CREATE TRIGGER t3 AFTER UPDATE ON tasks BEGIN INSERT INTO audit VALUES ('3'); END");
    String order = "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid";
    assertThat(lab.query(order)).isEqualTo("t1,t2,t3");
    Label label = lab.backup(1);
    lab.execute("UPDATE tasks SET title = 'x' WHERE id = 1");

    lab.restore(1, label);

    assertThat(lab.query(order)).isEqualTo("t1,t2,t3");
  }

  @Test
  void views_with_triggers_stay() {
    create(
        "CREATE VIEW open_tasks AS SELECT id, title FROM tasks",
        "CREATE TRIGGER open_insert INSTEAD OF INSERT ON open_tasks BEGIN INSERT INTO tasks (title)"
            + " VALUES (new.title); END");
    damageAndRestore("DELETE FROM tasks WHERE id = 1");
  }

  @Test
  void a_trigger_on_another_table_that_only_mentions_a_restored_one_stays_valid() {
    create(
        "CREATE TRIGGER cleaned AFTER DELETE ON audit BEGIN UPDATE tasks SET title = 'audited'"
            + " WHERE id = old.what; END");
    damageAndRestore("DELETE FROM tasks WHERE id = 1");
    assertThat(lab.query("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"))
        .isEqualTo("1");
  }

  @Test
  void rows_that_go_by_an_action_fire_nothing_either() {
    create(
        "CREATE TABLE ignored_pings (id INTEGER PRIMARY KEY, task_id INTEGER REFERENCES tasks ON"
            + " DELETE CASCADE)",
        "CREATE TRIGGER pinged AFTER DELETE ON ignored_pings BEGIN INSERT INTO audit VALUES"
            + " ('ping'); END");
    damageAndRestore(
        "INSERT INTO tasks (id, tenant_id) VALUES (9, 1)",
        "INSERT INTO ignored_pings VALUES (1, 9)");
    assertThat(lab.query("SELECT count(*) FROM ignored_pings")).isEqualTo("0");
  }
}
