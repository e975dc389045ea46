package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.PlanDigest;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was shown is what is done, or nothing is. */
class RestoreAsShownTest {

  private static final TenantId ONE = TenantId.of(1);
  private static final RestoreOptions CREATE = RestoreOptions.DEFAULT.creatingOnly();

  @TempDir Path folder;
  private Lab lab;
  private BackupService backups;
  private Label label;
  private Map<String, List<String>> then;

  @BeforeEach
  void delete_change_and_add_after_a_backup() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1, 'ann'), (2, 1, 'bob'), (9, 2, 'zoe')",
            "INSERT INTO notes VALUES (1, 1, 'then')");
    backups = lab.service();
    label = lab.backup(1);
    then = lab.dump();
    lab.execute(
        "DELETE FROM users WHERE id = 1",
        "UPDATE users SET name = 'rob' WHERE id = 2",
        "INSERT INTO notes VALUES (2, 1, 'new')");
  }

  private void requireRefused(RestorePlan shown, String... reasons) {
    Map<String, List<String>> before = lab.dump();
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> backups.restore(shown))
        .withMessageContaining("Tenant 1 would not be restored as it was shown")
        .satisfies(e -> assertThat(e.reasons()).containsExactly(reasons));
    assertThat(lab.dump()).isEqualTo(before);
    assertThat(backups.undoPoint(ONE)).isEmpty();
  }

  @Test
  void does_what_was_shown() {
    RestorePlan shown = backups.preview(ONE, label);
    lab.execute("UPDATE users SET name = 'zed' WHERE id = 9");

    assertThat(backups.restore(shown).plan().tables()).isEqualTo(shown.tables());

    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("ann,bob,zed");
    assertThat(lab.rows("notes")).isEqualTo(then.get("notes"));
  }

  @Test
  void goes_by_what_was_chosen_for_the_preview() {
    RestorePlan shown = backups.preview(ONE, label, CREATE);
    // What is only changed is not part of it.
    lab.execute("UPDATE users SET name = 'bert' WHERE id = 2");

    backups.restore(shown);

    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("ann,bert,zoe");
    assertThat(lab.query("SELECT body FROM notes ORDER BY id")).isEqualTo("then,new");
  }

  @Test
  void takes_back_what_was_shown() {
    backups.restore(backups.preview(ONE, label, CREATE));
    Label safety = backups.undoPoint(ONE).orElseThrow().label();
    RestorePlan undo = backups.preview(ONE, safety, RestoreOptions.DEFAULT.takingBack());
    lab.execute("INSERT INTO notes VALUES (3, 1, 'newer')");

    backups.restore(undo);

    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("rob,zoe");
    assertThat(lab.query("SELECT body FROM notes ORDER BY id")).isEqualTo("then,new,newer");
  }

  @Test
  void refuses_where_other_rows_differ_by_now_and_says_in_which_tables() {
    RestorePlan shown = backups.preview(ONE, label);
    lab.execute("DELETE FROM users WHERE id = 2");

    requireRefused(shown, "users: 2 inserted, 0 updated, 0 deleted");
  }

  @Test
  void refuses_where_the_same_rows_have_other_values_by_now() {
    RestorePlan shown = backups.preview(ONE, label);
    lab.execute("UPDATE notes SET body = 'newest' WHERE id = 2");

    requireRefused(shown, "notes: 0 inserted, 0 updated, 1 deleted");
  }

  @Test
  void refuses_where_nothing_would_be_done_any_more() {
    RestorePlan shown = backups.preview(ONE, label);
    lab.execute(
        "INSERT INTO users VALUES (1, 1, 'ann')",
        "UPDATE users SET name = 'bob' WHERE id = 2",
        "DELETE FROM notes WHERE id = 2");

    requireRefused(
        shown,
        "notes: nothing would be written to it any more",
        "users: nothing would be written to it any more");
  }

  @Test
  void a_form_that_sends_the_identity_alone_is_told_what_would_be_done_now() {
    RestorePlan shown = backups.preview(ONE, label);
    String sent = shown.digest().orElseThrow().hex();
    lab.execute("INSERT INTO users VALUES (3, 1, 'eve')");
    RestoreOptions options = RestoreOptions.DEFAULT.exactly(new PlanDigest(sent));

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> backups.restore(ONE, label, options))
        .satisfies(
            e ->
                assertThat(e.reasons())
                    .containsExactly(
                        "notes: 0 inserted, 0 updated, 1 deleted",
                        "users: 1 inserted, 1 updated, 1 deleted"));

    lab.execute("DELETE FROM users WHERE id = 3");
    backups.restore(ONE, label, options);
    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void what_was_done_once_is_not_done_again() {
    RestorePlan shown = backups.preview(ONE, label);
    backups.restore(shown);

    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> backups.restore(shown));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backups.restore(backups.restore(ONE, label).plan()))
        .withMessageContaining("preview");
  }

  @Test
  void refuses_another_archive_that_would_do_something_else() {
    RestorePlan shown = backups.preview(ONE, label);
    Label other = lab.backup(1);
    RestorePlan moved = shown.of(other);

    requireRefused(
        moved,
        "notes: nothing would be written to it any more",
        "users: nothing would be written to it any more");
  }

  @Test
  void new_ids_are_those_that_are_free_by_then() {
    lab.execute(
        "CREATE TABLE tokens (id TEXT PRIMARY KEY, tenant_id INTEGER)",
        "INSERT INTO tokens VALUES ('0d3f5b1c-6a57-4c5e-9f0a-5d2c8a5b7e11', 1)");
    label = lab.backup(1);
    TenantId copy = TenantId.of(3);
    RestorePlan shown = backups.preview(copy, label, RestoreOptions.DEFAULT.remapping());
    lab.execute("INSERT INTO users VALUES (100, 2, 'more')");

    backups.restore(shown);

    assertThat(lab.query("SELECT name FROM users WHERE tenant_id = 3")).isEqualTo("rob");
    assertThat(lab.query("SELECT count(DISTINCT id) FROM tokens")).isEqualTo("2");
    lab.execute("INSERT INTO notes VALUES (50, 3, 'since')");
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> backups.restore(shown))
        .satisfies(e -> assertThat(e.reasons()).anyMatch(line -> line.startsWith("notes: ")));
  }
}
