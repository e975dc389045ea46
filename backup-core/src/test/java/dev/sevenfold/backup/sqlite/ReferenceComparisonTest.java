package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SQLite follows a foreign key by the collation and the affinity of the column that is pointed at.
 * Whose row it is follows the same way: neither is a row left out, nor is another tenant's taken.
 */
class ReferenceComparisonTest {

  @TempDir Path folder;

  private Lab lab(String... statements) {
    Lab lab = Lab.with(folder, statements);
    assertThat(lab.damage()).isEmpty();
    return lab;
  }

  /** Has one tenant work, damages another one, and puts that one back. */
  private static void assertRestores(Lab lab, Object tenant, String work, String... damage) {
    Label label = lab.backup(tenant);
    lab.execute(work);
    Map<String, List<String>> then = lab.dump();
    lab.execute(damage);
    assertThat(lab.dump()).isNotEqualTo(then);

    lab.restore(tenant, label);

    assertThat(lab.dump()).isEqualTo(then);
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void a_tenant_s_key_in_another_case_where_the_root_does_not_tell_them_apart() {
    assertRestores(
        lab(
            "CREATE TABLE tenants (id TEXT PRIMARY KEY COLLATE NOCASE, n)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants ON"
                + " DELETE CASCADE, v)",
            "CREATE TABLE u (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t, tenant_id TEXT)",
            "INSERT INTO tenants VALUES ('Acme', 'a'), ('Other', 'o')",
            "INSERT INTO t VALUES (1, 'acme', 1), (2, 'Acme', 2), (3, 'ACME', 3), (4, 'other', 4)",
            "INSERT INTO u VALUES (1, 1, 'ACME'), (2, 4, 'OTHER')"),
        "Acme",
        "UPDATE t SET v = 'new' WHERE id = 4",
        "DELETE FROM u WHERE id = 1",
        "DELETE FROM t WHERE id < 4",
        "DELETE FROM tenants WHERE id = 'Acme'");
  }

  @Test
  void a_tenant_s_key_with_spaces_behind_it_where_the_root_ignores_them() {
    assertRestores(
        lab(
            "CREATE TABLE tenants (id TEXT PRIMARY KEY COLLATE RTRIM)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants, v)",
            "INSERT INTO tenants VALUES ('A'), ('B')",
            "INSERT INTO t VALUES (1, 'A  ', 1), (2, 'A', 2), (3, 'B ', 3)"),
        "A",
        "UPDATE t SET v = 'new' WHERE id = 3",
        "DELETE FROM t WHERE id < 3");
  }

  @Test
  void a_tenant_s_key_as_text_in_a_column_without_a_type() {
    assertRestores(
        lab(
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id REFERENCES tenants ON DELETE CASCADE,"
                + " v)",
            "CREATE TABLE u (id INTEGER PRIMARY KEY, tenant_id TEXT REFERENCES tenants, v)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO t VALUES (1, 1, 'number'), (2, '1', 'text'), (3, '2', 'other')",
            "INSERT INTO u VALUES (1, '01', 'zero'), (2, 1, 'one'), (3, '02', 'other')"),
        1,
        "UPDATE t SET v = 'new' WHERE id = 3",
        "DELETE FROM u WHERE id < 3",
        "DELETE FROM t WHERE id < 3");
  }

  @Test
  void tenants_that_differ_in_case_alone_where_the_child_does_not_tell_them_apart() {
    assertRestores(
        lab(
            "CREATE TABLE tenants (id TEXT PRIMARY KEY)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id TEXT COLLATE NOCASE REFERENCES"
                + " tenants, v)",
            "CREATE INDEX i ON t (tenant_id)",
            "CREATE TABLE u (id INTEGER PRIMARY KEY, tenant_id TEXT COLLATE NOCASE REFERENCES"
                + " tenants, v)",
            "INSERT INTO tenants VALUES ('abc'), ('ABC')",
            "INSERT INTO t VALUES (1, 'abc', 'one'), (2, 'ABC', 'two')",
            "INSERT INTO u VALUES (1, 'abc', 'one'), (2, 'ABC', 'two')"),
        "abc",
        "UPDATE t SET v = 'work of ABC' WHERE id = 2",
        "DELETE FROM t WHERE id = 1",
        "DELETE FROM u WHERE id = 1");
  }

  @Test
  void parents_that_differ_in_case_alone_where_the_child_does_not_tell_them_apart() {
    assertRestores(
        lab(
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE p (code TEXT PRIMARY KEY, tenant_id INTEGER REFERENCES tenants)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT COLLATE NOCASE REFERENCES p ON DELETE"
                + " CASCADE, v)",
            "CREATE INDEX i ON t (p)",
            "CREATE TABLE u (id INTEGER PRIMARY KEY, p TEXT COLLATE NOCASE REFERENCES p, v)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO p VALUES ('abc', 1), ('ABC', 2)",
            "INSERT INTO t VALUES (1, 'abc', 'one'), (2, 'ABC', 'two')",
            "INSERT INTO u VALUES (1, 'abc', 'one'), (2, 'ABC', 'two')"),
        1,
        "UPDATE t SET v = 'work of 2' WHERE id = 2",
        "DELETE FROM u WHERE id = 1",
        "DELETE FROM p WHERE code = 'abc'");
  }

  @Test
  void parents_that_are_one_number_as_two_texts() {
    assertRestores(
        lab(
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE p (code TEXT PRIMARY KEY, tenant_id INTEGER REFERENCES tenants)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p, v)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO p VALUES ('007', 1), ('7', 2), ('8', 1)",
            "INSERT INTO t VALUES (1, 7, 'of 2'), (2, 8, 'of 1')"),
        1,
        "UPDATE t SET v = 'work of 2' WHERE id = 1",
        "DELETE FROM t WHERE id = 2");
  }

  @Test
  void parents_that_are_a_number_and_a_text_in_a_column_without_a_type() {
    assertRestores(
        lab(
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE p (code PRIMARY KEY, tenant_id INTEGER REFERENCES tenants)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p, v)",
            "CREATE TABLE u (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p, v)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO p VALUES (7, 1), ('7', 2)",
            "INSERT INTO t VALUES (1, '7', 'of 2')",
            "INSERT INTO u VALUES (1, 7, 'of 1')"),
        1,
        "UPDATE t SET v = 'work of 2' WHERE id = 1",
        "DELETE FROM u WHERE id = 1");
  }

  @Test
  void rows_that_are_pointed_at_in_another_case() {
    assertRestores(
        lab(
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE blobs (k TEXT PRIMARY KEY, v)",
                "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants, blob"
                    + " TEXT COLLATE NOCASE REFERENCES blobs)",
                "CREATE INDEX i ON t (blob)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO blobs VALUES ('x', 'of 1'), ('X', 'of 2')",
                "INSERT INTO t VALUES (1, 1, 'x'), (2, 2, 'X')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .referencedBy("blobs", "t", "blob")),
        1,
        "UPDATE blobs SET v = 'work of 2' WHERE k = 'X'",
        "DELETE FROM t WHERE id = 1",
        "DELETE FROM blobs WHERE k = 'x'");
  }

  @Test
  void a_clone_gets_a_key_of_its_own_wherever_the_old_one_was_in_another_case() {
    Lab lab =
        lab(
            "CREATE TABLE tenants (id TEXT PRIMARY KEY COLLATE NOCASE)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants, v)",
            "INSERT INTO tenants VALUES ('Acme'), ('Other')",
            "INSERT INTO t VALUES (1, 'acme', 1), (2, 'Acme', 2), (3, 'other', 3)");

    lab.restore("copy", lab.backup("Acme"), Lab.NEW_IDS);

    assertThat(lab.query("SELECT count(*) FROM t WHERE tenant_id = 'copy' COLLATE BINARY"))
        .isEqualTo("2");
    assertThat(lab.query("SELECT count(*) FROM t WHERE tenant_id = 'acme' COLLATE NOCASE"))
        .isEqualTo("2");
  }
}
