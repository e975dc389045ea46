package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows whose first way to an owner is null are owned by the next, or are nobody's. */
class RowsWithoutKeyTest {

  private static final String TENANTS = "CREATE TABLE tenants (id INTEGER PRIMARY KEY)";
  private static final String USERS =
      "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL)";

  @TempDir Path folder;

  @Test
  void a_polymorphic_row_without_a_target_is_its_authors() {
    Lab lab =
        Lab.with(
                folder,
                TENANTS,
                USERS,
                "CREATE TABLE comments (id INTEGER PRIMARY KEY, on_type TEXT, on_id INTEGER,"
                    + " author_id INTEGER, parent_id INTEGER REFERENCES comments, text TEXT)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (1, 1), (2, 2)",
                "INSERT INTO comments VALUES (1, 'User', 1, NULL, NULL, 'a'), (2, NULL, NULL, 1,"
                    + " NULL, 'b'), (3, NULL, NULL, NULL, 2, 'c'), (4, NULL, NULL, 2, NULL, 'd')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .polymorphic("comments", "on_type", "on_id", Map.of("User", "users"))
                    .reference("comments", "author_id", "users", "id"));

    restoresAll(
        lab, "DELETE FROM comments WHERE id = 3", "UPDATE comments SET text = 'x' WHERE id < 4");
  }

  @Test
  void a_row_without_the_tenants_key_is_its_parents() {
    Lab lab =
        Lab.with(
            folder,
            TENANTS,
            USERS,
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, user_id INTEGER"
                + " REFERENCES users, text TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1), (2, 2)",
            "INSERT INTO notes VALUES (1, NULL, 1, 'mine'), (2, 1, NULL, 'mine'), (3, NULL, 2,"
                + " 'hers'), (4, 2, 1, 'hers by key'), (5, NULL, NULL, 'for all')");

    restoresAll(lab, "DELETE FROM notes WHERE id = 1", "UPDATE notes SET text = 'x' WHERE id = 2");
    assertThat(lab.source().explain())
        .contains("notes    owned: column tenant_id, or where that is null user_id -> users(id)")
        .contains("users    owned: column tenant_id\n");
  }

  @Test
  void a_row_without_the_tenants_key_that_leads_to_two_stops_the_backup() {
    Lab lab =
        Lab.with(
            folder,
            TENANTS,
            USERS,
            "CREATE TABLE messages (id INTEGER PRIMARY KEY, tenant_id INTEGER, sender INTEGER"
                + " REFERENCES users, receiver INTEGER REFERENCES users)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1), (2, 2)",
            "INSERT INTO messages VALUES (1, NULL, 1, 2)");

    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.backup(1))
        .withMessageContaining("Rows of tenant 1 also lead to another tenant");

    lab.owned(
        TenantModel.rootedAt("tenants").column("tenant_id").ownedThrough("messages", "sender"));
    restoresAll(lab, "DELETE FROM messages");
  }

  @Test
  void a_column_of_the_tenants_that_is_not_the_owner_is_overruled() {
    Lab lab =
        Lab.with(
                folder,
                TENANTS,
                USERS,
                "CREATE TABLE invites (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES"
                    + " tenants, user_id INTEGER NOT NULL REFERENCES users)",
                "INSERT INTO tenants VALUES (1), (2), (3)",
                "INSERT INTO users VALUES (1, 1), (2, 2)",
                "INSERT INTO invites VALUES (1, 2, 1), (2, 1, 2), (3, 1, 1)")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .ownedThrough("invites", "user_id"));
    Label label = lab.backup(1);
    List<String> own = lab.rows("invites WHERE user_id = 1");
    lab.execute("DELETE FROM invites WHERE user_id = 1", "UPDATE invites SET tenant_id = 3");
    List<String> ofOthers = lab.rows("invites WHERE id = 2");

    lab.restore(1, label);

    assertThat(lab.rows("invites WHERE user_id = 1")).isEqualTo(own);
    assertThat(lab.rows("invites WHERE id = 2")).isEqualTo(ofOthers);
    assertThat(lab.source().explain()).contains("invites  owned: user_id -> users(id)");

    lab.restore(3, label, Lab.NEW_IDS);

    // Who invited is kept, but for the tenant itself, who is the copy now.
    assertThat(
            lab.query(
                """
                SELECT group_concat(i.tenant_id) FROM (SELECT * FROM invites ORDER BY tenant_id) i
                JOIN users u ON u.id = i.user_id WHERE u.tenant_id = 3
                """))
        .isEqualTo("2,3");
  }

  @Test
  void what_another_tenant_points_at_too_does_not_make_its_rows_mine() {
    Lab lab =
        Lab.with(
                folder,
                TENANTS,
                USERS,
                "CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT)",
                "CREATE TABLE attachments (id INTEGER PRIMARY KEY, tenant_id INTEGER, user_id"
                    + " INTEGER REFERENCES users, blob_id INTEGER REFERENCES blobs)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (1, 1), (2, 2)",
                "INSERT INTO blobs VALUES (1, 'both')",
                "INSERT INTO attachments VALUES (1, NULL, 1, 1), (2, NULL, 2, 1)")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .referencedBy("blobs", "attachments", "blob_id"));

    BackupReport report = lab.service().backup(Lab.id(1));

    assertThat(report.rows()).as("tenant, user, blob and the tenant's own attachment").isEqualTo(4);
    assertThat(report.warnings()).singleElement().asString().contains("used by another tenant");
  }

  @Test
  void a_row_that_lost_its_only_reference_is_taken_back() {
    Lab lab =
        Lab.with(
            folder,
            TENANTS,
            "CREATE TABLE folders (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE papers (id INTEGER PRIMARY KEY, folder_id INTEGER REFERENCES folders ON"
                + " DELETE SET NULL, text TEXT)",
            "CREATE TABLE pages (paper_id INTEGER REFERENCES papers ON DELETE CASCADE, number"
                + " INTEGER, PRIMARY KEY (paper_id, number)) WITHOUT ROWID",
            "CREATE TABLE codes (code TEXT PRIMARY KEY, folder_id INTEGER REFERENCES folders ON"
                + " DELETE SET NULL)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO folders VALUES (1, 1), (2, 2)",
            "INSERT INTO papers VALUES (1, 1, 'mine'), (2, 2, 'hers'), (3, NULL, 'nobody''s')",
            "INSERT INTO pages VALUES (1, 1), (2, 1), (3, 1)",
            "INSERT INTO codes VALUES ('mine', 1), ('hers', 2)");
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    lab.execute("DELETE FROM folders WHERE id = 1", "INSERT INTO pages VALUES (1, 2)");
    Map<String, List<String>> now = lab.dump();

    RestorePlan plan = lab.preview(1, label);

    assertThat(plan.conflicts()).isEmpty();
    assertThat(plan.notes())
        .contains(
            "1 rows of table papers had lost the reference to their owner, and are taken back");
    lab.restore(1, label);
    assertThat(lab.dump()).isEqualTo(then);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(now);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void a_row_that_never_held_the_tenants_key_is_taken_back_too() {
    Lab lab =
        Lab.with(
            folder,
            TENANTS,
            "CREATE TABLE tree (id INTEGER PRIMARY KEY, tenant_id INTEGER, parent_id INTEGER"
                + " REFERENCES tree ON DELETE SET NULL)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO tree VALUES (1, 1, NULL), (2, NULL, 1), (3, NULL, 2), (4, 2, NULL), (5,"
                + " NULL, 4)");

    restoresAll(
        lab, "DELETE FROM tree WHERE id = 1", "UPDATE tree SET parent_id = NULL WHERE id = 3");
  }

  @Test
  void a_row_that_may_be_everybodys_is_not_taken() {
    Lab lab =
        Lab.with(
            folder,
            TENANTS,
            "CREATE TABLE templates (id INTEGER PRIMARY KEY, tenant_id INTEGER, text TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO templates VALUES (1, 1, 'mine')");
    Label label = lab.backup(1);
    lab.execute("UPDATE templates SET tenant_id = NULL, text = 'for all'");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .satisfies(e -> assertThat(e.getMessage()).contains("belong to other rows by now"));
  }

  @Test
  void blobs_are_written_in_messages_as_in_sql_and_climbed_only_once() {
    Lab lab =
        Lab.with(
            folder,
            TENANTS,
            "CREATE TABLE a (id BLOB PRIMARY KEY, b BLOB REFERENCES b, tenant_id INTEGER)",
            "CREATE TABLE b (id BLOB PRIMARY KEY, a BLOB REFERENCES a)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO b VALUES (x'0b', NULL)",
            "INSERT INTO a VALUES (x'0a', x'0b', NULL), (x'0c', x'0b', 1)",
            "UPDATE b SET a = x'0a'",
            "INSERT INTO a VALUES (x'0d', NULL, 1)");
    Label label = lab.backup(1);
    lab.execute("UPDATE a SET tenant_id = 2 WHERE id = x'0d'");

    assertThat(lab.preview(1, label).conflicts())
        .singleElement()
        .asString()
        .contains("[id] = [[x'0d']]");
  }

  @Test
  @Timeout(60)
  void many_rows_without_row_ids_take_no_longer_for_each() {
    Lab lab =
        Lab.with(
            folder,
            TENANTS,
            USERS,
            "CREATE TABLE likes (user_id INTEGER REFERENCES users, name TEXT COLLATE NOCASE,"
                + " PRIMARY KEY (user_id, name)) WITHOUT ROWID",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1), (2, 2)",
            // With a scan for each row this is more than a thousand million steps.
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
                + " INSERT INTO likes SELECT 1, 'n' || i FROM n");

    restoresAll(lab, "DELETE FROM likes WHERE name LIKE '%7'");
  }

  private static void restoresAll(Lab lab, String... damage) {
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    lab.execute(damage);
    assertThat(lab.dump()).isNotEqualTo(then);
    lab.restore(1, label);
    assertThat(lab.dump()).isEqualTo(then);
  }
}
