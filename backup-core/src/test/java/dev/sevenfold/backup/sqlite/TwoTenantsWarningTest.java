package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two tenants have in common is counted and named alike in the backups of both. */
class TwoTenantsWarningTest {

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, avatar_id INTEGER,"
                + " cover_id INTEGER)",
            "CREATE TABLE attachments (id INTEGER PRIMARY KEY, tenant_id INTEGER, blob_id INTEGER)",
            "CREATE TABLE blobs (id INTEGER PRIMARY KEY, name TEXT)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, about TEXT)",
            "CREATE TABLE words (id INTEGER PRIMARY KEY, tenant_id INTEGER, word TEXT)",
            "CREATE TABLE pairs (id INTEGER PRIMARY KEY, a INTEGER REFERENCES users, b INTEGER"
                + " REFERENCES users)",
            "INSERT INTO tenants VALUES (1), (2), (3)",
            "INSERT INTO blobs (id, name) WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                + " WHERE i < 20) SELECT i, 'b' || i FROM n",
            "INSERT INTO users (id, tenant_id) VALUES (11, 1), (12, 2), (13, 3)");
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .referencedBy("blobs", "attachments", "blob_id")
            .referencedBy("blobs", "users", "avatar_id")
            .referencedBy("blobs", "users", "cover_id")
            .reference("notes", "about", "words", "word"));
  }

  private List<String> warnings(int tenant) {
    return lab.service().backup(Lab.id(tenant)).warnings();
  }

  @Test
  void rows_that_each_uses_in_another_way_are_the_same_rows_for_both() {
    lab.execute(
        "INSERT INTO attachments (tenant_id, blob_id) SELECT 1, id FROM blobs WHERE id <= 9",
        "INSERT INTO attachments (tenant_id, blob_id) SELECT 2, id FROM blobs WHERE id IN (3, 3, 4)",
        "INSERT INTO attachments (tenant_id, blob_id) SELECT 2, 4",
        "INSERT INTO users (tenant_id, avatar_id, cover_id) VALUES (2, 7, 8), (2, 8, 7), (2, 9, 15)",
        "UPDATE users SET cover_id = 16 WHERE id = 11",
        "INSERT INTO attachments (tenant_id, blob_id) SELECT 2, 16");

    String said =
        "Cross-tenant reference attachments, users -> blobs: 6 rows of tenant %s are used by another"
            + " tenant as well, the first of them [[3], [4], [7], [8], [9]]";
    assertThat(warnings(1)).containsExactly(said.formatted(1));
    assertThat(warnings(2)).containsExactly(said.formatted(2));
    assertThat(warnings(3)).isEmpty();
  }

  @Test
  void a_row_that_points_at_several_of_anothers_rows_counts_once() {
    lab.execute(
        "INSERT INTO words VALUES (1, 2, 'x'), (2, 2, 'x'), (3, 3, 'x')",
        "INSERT INTO notes VALUES (9, 1, 'x'), (4, 1, 'x'), (5, 1, 'y')");

    assertThat(warnings(1))
        .singleElement()
        .asString()
        .endsWith("2 rows of tenant 1 point at another tenant's, the first of them [[4], [9]]");
  }

  @Test
  void rows_that_lead_to_both_are_named_alike_when_both_are_refused() {
    lab.execute("INSERT INTO pairs VALUES (9, 12, 11), (3, 11, 12), (4, 11, 11)");

    assertThat(refused(1))
        .containsExactly(
            "pairs.a -> users: 1 rows, the first of them [[9] leads to [2]]",
            "pairs.b -> users: 1 rows, the first of them [[3] leads to [2]]");
    assertThat(refused(2))
        .containsExactly(
            "pairs.a -> users: 1 rows, the first of them [[3] leads to [1]]",
            "pairs.b -> users: 1 rows, the first of them [[9] leads to [1]]");
  }

  private List<String> refused(int tenant) {
    return catchThrowableOfType(BackupRefused.class, () -> lab.backup(tenant)).reasons();
  }
}
