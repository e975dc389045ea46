package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unique values that moved between rows since the backup move back. */
class UniqueSwapTest {

  @TempDir Path folder;

  private Lab lab(String... statements) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "INSERT INTO tenants VALUES (1), (2)"));
    all.addAll(List.of(statements));
    return Lab.with(folder, all.toArray(String[]::new));
  }

  private static void damageAndRestore(Lab lab, String... damage) {
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    lab.execute(damage);
    assertThat(lab.dump()).isNotEqualTo(then);

    lab.restore(1, label);

    assertThat(lab.dump()).isEqualTo(then);
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void of_a_column_and_of_a_composite_index() {
    damageAndRestore(
        lab(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id INTEGER, a TEXT UNIQUE, b, c, UNIQUE"
                + " (b, c))",
            "INSERT INTO t VALUES (1, 1, 'x', 1, 1), (2, 1, 'y', 1, 2), (3, 2, 'z', 2, 1)"),
        "UPDATE t SET a = 'tmp' WHERE id = 1",
        "UPDATE t SET a = 'x' WHERE id = 2",
        "UPDATE t SET a = 'y' WHERE id = 1",
        "UPDATE t SET c = 9 WHERE id = 1",
        "UPDATE t SET c = 1 WHERE id = 2",
        "UPDATE t SET c = 2 WHERE id = 1");
  }

  @Test
  void of_a_partial_index_and_of_an_expression() {
    damageAndRestore(
        lab(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id INTEGER, a TEXT, main INTEGER)",
            "CREATE UNIQUE INDEX one_main ON t (tenant_id) WHERE main",
            "CREATE UNIQUE INDEX lower_a ON t (lower(a), tenant_id)",
            "INSERT INTO t VALUES (1, 1, 'A', 1), (2, 1, 'B', 0), (3, 2, 'C', 1)"),
        "UPDATE t SET main = 0 WHERE id = 1",
        "UPDATE t SET main = 1 WHERE id = 2",
        "UPDATE t SET a = 'tmp' WHERE id = 1",
        "UPDATE t SET a = 'a' WHERE id = 2",
        "UPDATE t SET a = 'b' WHERE id = 1");
  }

  @Test
  void of_text_keys_and_of_keys_without_row_ids() {
    damageAndRestore(
        lab(
            "CREATE TABLE t (k TEXT PRIMARY KEY, tenant_id INTEGER, v)",
            "CREATE TABLE w (k TEXT COLLATE NOCASE, n INTEGER, tenant_id INTEGER, v, PRIMARY KEY (k,"
                + " n)) WITHOUT ROWID",
            "INSERT INTO t VALUES ('x', 1, 1), ('y', 1, 2), ('z', 2, 3)",
            "INSERT INTO w VALUES ('x', 1, 1, 1), ('y', 1, 1, 2), ('z', 1, 2, 3)"),
        "UPDATE t SET k = 'tmp' WHERE v = 1",
        "UPDATE t SET k = 'x' WHERE v = 2",
        "UPDATE t SET k = 'y' WHERE v = 1",
        "UPDATE w SET k = 'X' WHERE k = 'x'",
        "UPDATE w SET n = 2 WHERE k = 'y'",
        "INSERT INTO w VALUES ('y', 1, 1, 9)");
  }

  @Test
  void of_generated_columns() {
    damageAndRestore(
        lab(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id INTEGER, a, g AS (a || tenant_id),"
                + " s AS (a * 2) STORED UNIQUE)",
            "CREATE UNIQUE INDEX g_unique ON t (g)",
            "INSERT INTO t (id, tenant_id, a) VALUES (1, 1, 10), (2, 1, 20), (3, 2, 30)"),
        "UPDATE t SET a = 0 WHERE id = 1",
        "UPDATE t SET a = 10 WHERE id = 2",
        "UPDATE t SET a = 20 WHERE id = 1");
  }

  @Test
  void replace_clauses_of_the_schema_never_delete_a_row() {
    Lab lab =
        lab(
            "CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, tenant_id INTEGER, a TEXT"
                + " UNIQUE ON CONFLICT REPLACE, b TEXT NOT NULL ON CONFLICT IGNORE)",
            "CREATE TABLE w (k TEXT PRIMARY KEY ON CONFLICT REPLACE, tenant_id INTEGER) WITHOUT"
                + " ROWID",
            "INSERT INTO t VALUES (1, 1, 'x', 'b'), (2, 1, 'y', 'b'), (3, 2, 'z', 'b')",
            "INSERT INTO w VALUES ('x', 1), ('y', 2)");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM t WHERE id = 1", "INSERT INTO t VALUES (7, 2, 'x', 'taken')");
    Map<String, List<String>> before = lab.dump();

    assertThat(lab.preview(1, label).conflicts()).anyMatch(o -> o.contains("[a] = [[x]]"));
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(before);

    lab.execute("DELETE FROM t WHERE id = 7", "INSERT INTO t VALUES (1, 2, 'q', 'taken')");
    lab.execute("DELETE FROM w WHERE k = 'x'", "INSERT INTO w VALUES ('x', 2)");
    Map<String, List<String>> again = lab.dump();
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(again);
  }
}
