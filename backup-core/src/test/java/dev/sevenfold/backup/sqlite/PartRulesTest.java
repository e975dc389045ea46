package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of the model, and other ways of owning rows, hold for a part as for the whole. */
class PartRulesTest {

  private static final RestoreOptions CREATE = RestoreOptions.DEFAULT.creatingOnly();

  @TempDir Path folder;

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id");
  }

  private Lab jobs() {
    return Lab.with(
        folder,
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
        "CREATE TABLE jobs (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, state TEXT, what TEXT)",
        "CREATE TABLE resets (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, token TEXT)",
        "INSERT INTO tenants VALUES (1)",
        "INSERT INTO users VALUES (1, 1, 'ann'), (2, 1, 'bob')",
        "INSERT INTO jobs VALUES (1, 1, 'running', 'a'), (2, 2, 'running', 'b')",
        "INSERT INTO resets VALUES (1, 1, 's1'), (2, 2, 's2')");
  }

  @Test
  void columns_are_reset_in_the_rows_that_come_and_in_no_others() {
    Lab lab = jobs().owned(model().resetOnRestore("jobs", "state", "idle"));
    Label label = lab.backup(1);
    lab.execute("DELETE FROM jobs WHERE id = 1");

    lab.restore(1, label, CREATE);

    assertThat(lab.query("SELECT state FROM jobs ORDER BY id")).isEqualTo("idle,running");
    lab.undo(1);
    assertThat(lab.query("SELECT state FROM jobs ORDER BY id")).isEqualTo("running");
    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "2"));
    assertThat(lab.query("SELECT state FROM jobs ORDER BY id")).isEqualTo("idle");
  }

  @Test
  void rows_of_emptied_tables_do_not_come_back() {
    Lab lab = jobs().owned(model().emptyOnRestore("resets"));
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM resets WHERE user_id = 1",
        "DELETE FROM jobs WHERE user_id = 1",
        "DELETE FROM users WHERE id = 1");

    lab.restore(1, label, CREATE.rows("users", "1"));

    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("ann,bob");
    assertThat(lab.query("SELECT token FROM resets")).isEqualTo("s2");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void below_a_row_is_what_the_deciding_reference_says() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
                """
                CREATE TABLE referrals (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users,
                  by_id INTEGER REFERENCES users, note TEXT)""",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (1, 1), (2, 1), (9, 2)",
                "INSERT INTO referrals VALUES (1, 1, 2, 'then'), (2, 2, 9, 'then')")
            .owned(model().ownedThrough("referrals", "user_id"));
    Label label = lab.backup(1);
    lab.execute("UPDATE referrals SET note = 'now'");

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "2"));

    assertThat(lab.query("SELECT note FROM referrals ORDER BY id")).isEqualTo("now,then");
  }

  @Test
  void the_other_half_of_a_delegated_row_comes_and_goes_with_it() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                """
                CREATE TABLE entries (id INTEGER PRIMARY KEY, tenant_id INTEGER, half_type TEXT,
                  half_id INTEGER)""",
                "CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT)",
                "CREATE TABLE comments (id INTEGER PRIMARY KEY, body TEXT)",
                "INSERT INTO tenants VALUES (1)",
                "INSERT INTO entries VALUES (1, 1, 'Message', 1), (2, 1, 'Comment', 1), (3, 1, 'Message', 2)",
                "INSERT INTO messages VALUES (1, 'm1'), (2, 'm2')",
                "INSERT INTO comments VALUES (1, 'c1')")
            .owned(
                model()
                    .delegated(
                        "entries",
                        "half_type",
                        "half_id",
                        Map.of("Message", "messages", "Comment", "comments")));
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM entries WHERE id = 1",
        "DELETE FROM messages WHERE id = 1",
        "UPDATE comments SET body = 'now'",
        "UPDATE messages SET body = 'now'");

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("entries", "1"));

    assertThat(lab.query("SELECT body FROM messages ORDER BY id")).isEqualTo("m1,now");
    assertThat(lab.query("SELECT body FROM comments")).isEqualTo("now");
    lab.undo(1);
    assertThat(lab.query("SELECT body FROM messages")).isEqualTo("now");
    assertThat(lab.query("SELECT count(*) FROM entries")).isEqualTo("2");
  }

  @Test
  void a_row_that_is_another_tenants_by_now_is_not_taken_from_it() {
    Lab lab = jobs();
    lab.execute("INSERT INTO tenants VALUES (2)");
    Label label = lab.backup(1);
    lab.execute("UPDATE users SET tenant_id = 2, name = 'theirs' WHERE id = 1");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label, RestoreOptions.DEFAULT.rows("jobs", "1")))
        .satisfies(e -> assertThat(e.reasons()).isNotEmpty());
    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "2"));

    assertThat(lab.query("SELECT name FROM users WHERE id = 1")).isEqualTo("theirs");
  }

  @Test
  void a_part_of_an_archive_that_was_sent_in_attaches_no_row_of_others() throws Exception {
    Lab lab = jobs();
    lab.execute(
        "INSERT INTO tenants VALUES (2)",
        "INSERT INTO users VALUES (9, 2, 'theirs')",
        """
        CREATE TABLE shares (id INTEGER PRIMARY KEY, tenant_id INTEGER,
          user_id INTEGER REFERENCES users)""",
        "INSERT INTO shares VALUES (2, 1, 1)");
    Label label =
        ForgedArchive.of(lab, folder.resolve("sent"))
            .sql("INSERT INTO shares VALUES (1, 1, 9)")
            .honestTables()
            .sentTo(lab, "tenant_1_2026-11-20");
    lab.execute("DELETE FROM shares", "DELETE FROM jobs WHERE id = 1");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label, CREATE.rows("shares", "1")))
        .withMessageContaining("acceptingReferencesToOthers()");
    lab.restore(1, label, CREATE.rows("jobs", "1").only("jobs", "shares"));
    lab.restore(1, label, CREATE.rows("shares", "2"));

    assertThat(lab.query("SELECT count(*) FROM jobs")).isEqualTo("2");
    assertThat(lab.query("SELECT id FROM shares")).isEqualTo("2");
    lab.restore(1, label, CREATE.rows("shares", "1").acceptingReferencesToOthers());
    assertThat(lab.query("SELECT user_id FROM shares ORDER BY id")).isEqualTo("9,1");
  }

  @Test
  void a_parent_that_got_another_key_comes_back_under_the_old_one() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
            "CREATE TABLE jobs (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users ON UPDATE CASCADE)",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO users VALUES (1, 1, 'ann')",
            "INSERT INTO jobs VALUES (1, 1), (2, 1)");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM jobs WHERE id = 1", "UPDATE users SET id = 7");

    RestorePlan plan = lab.restore(1, label, CREATE.rows("jobs", "1")).plan();

    assertThat(plan.notes()).anySatisfy(note -> assertThat(note).contains("users", "[1] (ann)"));
    assertThat(lab.query("SELECT id || user_id FROM jobs ORDER BY id")).isEqualTo("11,27");
    assertThat(lab.query("SELECT id FROM users ORDER BY id")).isEqualTo("1,7");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void a_ring_of_required_references_comes_back_whole() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            """
            CREATE TABLE a (id INTEGER PRIMARY KEY, tenant_id INTEGER,
              b_id INTEGER NOT NULL REFERENCES b DEFERRABLE INITIALLY DEFERRED)""",
            """
            CREATE TABLE b (id INTEGER PRIMARY KEY,
              a_id INTEGER NOT NULL REFERENCES a DEFERRABLE INITIALLY DEFERRED)""",
            "INSERT INTO tenants VALUES (1)",
            "BEGIN",
            "INSERT INTO a VALUES (1, 1, 2), (2, 1, 1)",
            "INSERT INTO b VALUES (1, 1), (2, 2)",
            "COMMIT");
    Label label = lab.backup(1);
    Map<String, ?> then = lab.dump();
    lab.execute("BEGIN", "DELETE FROM a", "DELETE FROM b", "COMMIT");

    lab.restore(1, label, CREATE.rows("b", "1"));

    assertThat(lab.dump()).isEqualTo(then);
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void columns_that_cannot_be_chosen_are_refused_and_say_why() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            """
            CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, old TEXT,
              email TEXT UNIQUE, upper TEXT AS (upper(name)))""",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO users (id, tenant_id, name, old, email) VALUES (1, 1, 'a', 'o', 'x'), (2, 1, 'b', 'o', 'y')");
    Label label = lab.backup(1);
    lab.execute(
        "ALTER TABLE users DROP COLUMN old",
        "UPDATE users SET email = email || 'z', name = name || 'z'");
    for (Map.Entry<String, String> wrong :
        Map.of(
                "users.id", "is of the key",
                "users.upper", "is computed from others",
                "users.old", "has no column old")
            .entrySet()) {
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(
              () ->
                  lab.preview(
                      1, label, RestoreOptions.DEFAULT.leavingOutDropped().only(wrong.getKey())))
          .withMessageContaining(wrong.getValue());
    }
    lab.execute("UPDATE users SET email = CASE id WHEN 1 THEN 'y' ELSE 'x' END");

    lab.restore(
        1,
        label,
        RestoreOptions.DEFAULT.leavingOutDropped().doing(Change.UPDATE).only("users.EMAIL"));

    assertThat(lab.query("SELECT name || email FROM users ORDER BY id")).isEqualTo("azx,bzy");
  }

  @Test
  void two_thousand_rows_below_each_other_come_with_the_first() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            """
            CREATE TABLE nodes (id INTEGER PRIMARY KEY, tenant_id INTEGER,
              above INTEGER REFERENCES nodes ON DELETE CASCADE, name TEXT)""",
            "CREATE INDEX above ON nodes (above)",
            "INSERT INTO tenants VALUES (1)",
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
              INSERT INTO nodes SELECT i, 1, nullif(i - 1, 0), 'n' || i FROM n""");
    Label label = lab.backup(1);
    Map<String, ?> then = lab.dump();
    lab.execute("UPDATE nodes SET above = NULL, name = 'cut' WHERE id = 1000");
    lab.execute("PRAGMA foreign_keys = OFF", "DELETE FROM nodes WHERE id <> 1000");

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("nodes", "1"));
    assertThat(lab.dump()).isEqualTo(then);

    lab.execute("PRAGMA foreign_keys = OFF", "DELETE FROM nodes");
    lab.restore(1, label, CREATE.rows("nodes", "2000"));
    assertThat(lab.dump()).as("all that is above comes along").isEqualTo(then);
  }
}
