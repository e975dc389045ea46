package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables, keys and values that one does not expect are restored exactly. */
class OddTablesTest {

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
  void self_references_and_cycles_that_restrict() {
    damageAndRestore(
        lab(
            "CREATE TABLE nodes (id INTEGER PRIMARY KEY, tenant_id INTEGER, next INTEGER REFERENCES"
                + " nodes ON DELETE RESTRICT, leaf INTEGER REFERENCES leaves ON DELETE RESTRICT)",
            "CREATE TABLE leaves (id INTEGER PRIMARY KEY, node INTEGER NOT NULL REFERENCES nodes ON"
                + " DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO nodes VALUES (1, 1, NULL, NULL), (2, 1, 1, NULL), (3, 2, NULL, NULL)",
            "INSERT INTO leaves VALUES (1, 1), (2, 3)",
            "UPDATE nodes SET next = 2, leaf = 1 WHERE id = 1"),
        "UPDATE nodes SET next = NULL, leaf = NULL",
        "DELETE FROM leaves WHERE id = 1",
        "DELETE FROM nodes WHERE id IN (1, 2)",
        "UPDATE nodes SET next = NULL, leaf = NULL WHERE id = 3");
  }

  @Test
  void keys_that_cascade_on_update() {
    damageAndRestore(
        lab(
            "CREATE TABLE tags (name TEXT PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE taggings (id INTEGER PRIMARY KEY, tag TEXT REFERENCES tags ON UPDATE"
                + " CASCADE ON DELETE CASCADE)",
            "INSERT INTO tags VALUES ('red', 1), ('green', 1), ('blue', 2)",
            "INSERT INTO taggings VALUES (1, 'red'), (2, 'green'), (3, 'blue')"),
        "UPDATE tags SET name = 'rot' WHERE name = 'red'",
        "DELETE FROM tags WHERE name = 'green'");
  }

  @Test
  void sequences_never_reuse_an_id() {
    Lab lab =
        lab(
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id INTEGER)",
            "CREATE TABLE u (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "INSERT INTO t (tenant_id) VALUES (1), (1), (1)",
            "INSERT INTO u (tenant_id) VALUES (1), (2)");
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM t",
        "INSERT INTO t (id, tenant_id) VALUES (50, 1), (60, 2)",
        "DELETE FROM t WHERE id = 60",
        "DELETE FROM u");
    lab.restore(1, label);
    lab.execute("INSERT INTO t (tenant_id) VALUES (2)", "INSERT INTO u (tenant_id) VALUES (2)");

    assertThat(lab.query("SELECT id FROM t ORDER BY id")).isEqualTo("1,2,3,61");
    assertThat(lab.query("SELECT id FROM u ORDER BY id")).isEqualTo("1,2");
    lab.execute("DELETE FROM sqlite_sequence", "DELETE FROM t");
    lab.restore(1, label);
    lab.execute("INSERT INTO t (tenant_id) VALUES (2)");
    assertThat(lab.query("SELECT id FROM t ORDER BY id")).isEqualTo("1,2,3,4");
  }

  @Test
  void strict_tables_defaults_checks_and_values_of_every_type() {
    damageAndRestore(
        lab(
            "CREATE TABLE s (id INT PRIMARY KEY, tenant_id INTEGER NOT NULL, a ANY, b BLOB, r REAL,"
                + " t TEXT NOT NULL DEFAULT (lower(hex(randomblob(4)))), d TEXT DEFAULT"
                + " CURRENT_TIMESTAMP CHECK (length(d) > 3)) STRICT",
            "CREATE TABLE v (tenant_id, a, b BLOB, n NUMERIC, r REAL, i INTEGER, t TEXT)",
            "INSERT INTO s (id, tenant_id, a, b, r) VALUES (1, 1, -0.0, x'00', -0.0), (2, 1, '1',"
                + " x'', 1e308), (3, 1, 1, NULL, 9e999), (4, 2, 1.0, NULL, 1)",
            "INSERT INTO v VALUES (1, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0), (1, 9223372036854775807,"
                + " -9223372036854775808, 9e999, -9e999, '12x', x'ff'), (1, CAST(x'ff00fe' AS TEXT),"
                + " CAST(x'c328' AS TEXT), '1.0', 1, 2.5, CAST(x'6100' AS TEXT)), (2, 1, 2, 3, 4, 5,"
                + " 6), ('1', 1, 1, 1, 1, 1, 1)"),
        "UPDATE s SET a = 0.0 WHERE id = 1",
        "DELETE FROM s WHERE id = 2",
        "UPDATE s SET r = 0, t = 't', d = 'long' WHERE id = 3",
        "UPDATE v SET a = 0.0, b = 0.0 WHERE typeof(a) = 'real' AND tenant_id = 1",
        "UPDATE v SET b = CAST(x'c329' AS TEXT) WHERE hex(b) = 'C328'",
        "DELETE FROM v WHERE a = 9223372036854775807");
  }

  @Test
  void nulls_in_a_primary_key_and_rows_that_are_equal() {
    damageAndRestore(
        lab(
            "CREATE TABLE p (a TEXT, b INT, tenant_id INTEGER, v, PRIMARY KEY (a, b))",
            "CREATE TABLE q (tenant_id INTEGER, v)",
            "INSERT INTO p VALUES (NULL, 1, 1, 'x'), (NULL, 1, 1, 'x'), ('a', NULL, 1, 'y'), ('a', 1,"
                + " 1, 'z'), ('b', 1, 2, 'w')",
            "INSERT INTO q VALUES (1, 1), (1, 1), (1, 1), (1, 1.0), (1, -0.0), (1, 0.0), (2, 1), (2,"
                + " 1)"),
        "DELETE FROM p WHERE rowid = 1",
        "UPDATE p SET v = 'changed' WHERE a = 'a'",
        "INSERT INTO p VALUES (NULL, 1, 1, 'x'), (NULL, 1, 1, 'new')",
        "DELETE FROM q WHERE rowid IN (1, 2, 4, 5)",
        "INSERT INTO q VALUES (1, 0.0)");
  }

  @Test
  void keys_that_change_in_case_alone() {
    damageAndRestore(
        lab(
            "CREATE TABLE c (k TEXT PRIMARY KEY COLLATE NOCASE, tenant_id INTEGER, v)",
            "CREATE TABLE d (k TEXT COLLATE NOCASE PRIMARY KEY, tenant_id INTEGER, v) WITHOUT ROWID",
            "CREATE TABLE e (id INTEGER PRIMARY KEY, c TEXT REFERENCES c, d TEXT REFERENCES d)",
            "INSERT INTO c VALUES ('Key', 1, 1), ('other', 2, 2)",
            "INSERT INTO d VALUES ('Key', 1, 1), ('other', 2, 2)",
            "INSERT INTO e VALUES (1, 'KEY', 'key'), (2, 'Other', 'OTHER')"),
        "UPDATE c SET k = 'kEY' WHERE v = 1",
        "UPDATE d SET k = 'kEY' WHERE v = 1",
        "DELETE FROM e WHERE id = 1");
  }

  @Test
  void columns_that_have_the_names_of_row_ids() {
    damageAndRestore(
        lab(
            "CREATE TABLE r (rowid TEXT, tenant_id INTEGER)",
            "CREATE TABLE o (oid INTEGER PRIMARY KEY, rowid, tenant_id INTEGER)",
            "CREATE TABLE u (_rowid_, rowid, tenant_id INTEGER)",
            "CREATE TABLE w (rowid TEXT PRIMARY KEY, oid, _rowid_, tenant_id) WITHOUT ROWID",
            "INSERT INTO r VALUES ('x', 1), ('x', 1), ('y', 2)",
            "INSERT INTO o VALUES (7, 'x', 1), (8, 'y', 2)",
            "INSERT INTO u VALUES (1, 2, 1), (3, 4, 2)",
            "INSERT INTO w VALUES ('a', 1, 2, 1), ('b', 1, 2, 2)"),
        "DELETE FROM r WHERE _rowid_ = 1",
        "UPDATE o SET rowid = 'changed' WHERE oid = 7",
        "UPDATE u SET _rowid_ = 9 WHERE tenant_id = 1",
        "DELETE FROM w WHERE rowid = 'a'");
  }

  @Test
  void a_primary_key_that_is_no_row_id_though_it_is_an_integer() {
    damageAndRestore(
        lab(
            "CREATE TABLE a (id INTEGER PRIMARY KEY DESC, tenant_id INTEGER, v)",
            "CREATE TABLE b (id INT PRIMARY KEY, tenant_id INTEGER, v)",
            "CREATE TABLE c (id INTEGER, tenant_id INTEGER, v, PRIMARY KEY (id))",
            "INSERT INTO a VALUES (NULL, 1, 0), (5, 1, 1), (6, 2, 2)",
            "INSERT INTO b VALUES (5, 1, 1), (6, 2, 2)",
            "INSERT INTO c VALUES (5, 1, 1), (6, 2, 2)"),
        "UPDATE a SET id = 9 WHERE id = 5",
        "DELETE FROM b WHERE id = 5",
        "UPDATE c SET v = 'x' WHERE id = 5");
  }

  @Test
  void names_of_every_kind() {
    damageAndRestore(
        lab(
            "CREATE TABLE \"a \"\"quoted\"\" 'table'\" (\"id\" INTEGER PRIMARY KEY, \"tenant_id\", \"x"
                + " \"\"y\"\"; --\" UNIQUE)",
            "CREATE TABLE [grüße 🚀] (id INTEGER PRIMARY KEY, tenant_id INTEGER, [sp ace])",
            "CREATE TABLE `order` (`group` INTEGER PRIMARY KEY, tenant_id INTEGER, `select` TEXT,"
                + " FOREIGN KEY (\"select\") REFERENCES \"table\" (\"from\"))",
            "CREATE TABLE 'table' ('from' TEXT PRIMARY KEY, tenant_id)",
            "CREATE TABLE sqlitex_1 (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE sevenfold_customers (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE insert_0 (k0, b0, s0, hard, tenant_id)",
            "CREATE TABLE \"%\" (\"*\" PRIMARY KEY, tenant_id) WITHOUT ROWID",
            "CREATE UNIQUE INDEX \"odd \"\" index\" ON \"order\" (\"select\", `group`) WHERE \"order\".\"select\""
                + " IS NOT NULL",
            "INSERT INTO \"a \"\"quoted\"\" 'table'\" VALUES (1, 1, 'x'), (2, 1, 'y')",
            "INSERT INTO [grüße 🚀] VALUES (1, 1, 'x')",
            "INSERT INTO \"table\" VALUES ('a', 1), ('b', 2)",
            "INSERT INTO \"order\" VALUES (1, 1, 'a'), (2, 2, 'b')",
            "INSERT INTO sqlitex_1 VALUES (1, 1)",
            "INSERT INTO sevenfold_customers VALUES (1, 1)",
            "INSERT INTO insert_0 VALUES (1, 2, 3, 4, 1)",
            "INSERT INTO \"%\" VALUES ('x', 1)"),
        "DELETE FROM \"a \"\"quoted\"\" 'table'\" WHERE id = 1",
        "UPDATE [grüße 🚀] SET [sp ace] = 'z'",
        "DELETE FROM \"order\" WHERE `group` = 1",
        "DELETE FROM \"table\" WHERE \"from\" = 'a'",
        "DELETE FROM sqlitex_1",
        "DELETE FROM sevenfold_customers",
        "DELETE FROM insert_0",
        "DELETE FROM \"%\"");
  }

  @Test
  void names_that_differ_in_case_between_the_model_the_keys_and_the_schema() {
    Lab lab =
        lab(
            "CREATE TABLE Users (Id INTEGER PRIMARY KEY, Tenant_ID INTEGER REFERENCES TENANTS (ID))",
            "CREATE TABLE POSTS (id INTEGER PRIMARY KEY, user_id INTEGER, FOREIGN KEY (USER_ID)"
                + " REFERENCES users (ID))",
            "CREATE TABLE Notes (id INTEGER PRIMARY KEY, Author INTEGER, KIND TEXT, Ref INTEGER)",
            "CREATE TABLE Shared_Things (id INTEGER PRIMARY KEY)",
            "INSERT INTO Users VALUES (1, 1), (2, 2)",
            "INSERT INTO POSTS VALUES (1, 1), (2, 2)",
            "INSERT INTO Notes VALUES (1, 1, 'Post', 1), (2, 2, 'Post', 2)");
    lab.owned(
        TenantModel.rootedAt("Tenants")
            .key("ID")
            .column("TENANT_id")
            .reference("notes", "AUTHOR", "USERS", "ID")
            .polymorphic("notes", "kind", "ref", Map.of("Post", "posts"))
            .shared("shared_things"));
    damageAndRestore(lab, "DELETE FROM Notes WHERE id = 1", "DELETE FROM posts WHERE id = 1");
    assertThat(lab.service().explain()).contains("Notes").contains("Shared_Things  shared");
    lab.execute("INSERT INTO tenants VALUES (3)");
    lab.restore(3, lab.backup(1), Lab.NEW_IDS);
    assertThat(
            lab.query(
                "SELECT count(*) FROM Notes n JOIN Users u ON u.id = n.author JOIN posts p"
                    + " ON p.id = n.ref AND p.user_id = u.id WHERE tenant_id = 3"))
        .isEqualTo("1");
  }

  @Test
  void tables_with_as_many_columns_as_sqlite_takes() {
    Lab lab =
        lab(
            "CREATE TABLE wide (id INTEGER PRIMARY KEY, tenant_id, " + columns(1998) + ")",
            "CREATE TABLE named (k TEXT PRIMARY KEY, tenant_id, " + columns(1998) + ")",
            "CREATE TABLE bag (tenant_id INTEGER, " + columns(1999) + ")",
            "CREATE TABLE without (k TEXT PRIMARY KEY, tenant_id, "
                + columns(1998)
                + ") WITHOUT ROWID",
            "INSERT INTO wide VALUES (1, 1, " + values(1998) + "), (2, 2, " + values(1998) + ")",
            "INSERT INTO named VALUES ('a', 1, "
                + values(1998)
                + "), ('b', 1, "
                + values(1998)
                + ")",
            "INSERT INTO bag VALUES (1, " + values(1999) + ")",
            "INSERT INTO bag SELECT * FROM bag UNION ALL SELECT 2, " + values(1999),
            "INSERT INTO without VALUES ('a', 1, " + values(1998) + ")");
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    lab.execute(
        "UPDATE wide SET c1997 = -1 WHERE id = 1",
        "UPDATE named SET c0 = 'x' WHERE k = 'a'",
        "UPDATE named SET k = 'c' WHERE k = 'b'",
        "DELETE FROM bag WHERE rowid = 1",
        "UPDATE bag SET c77 = 'x' WHERE rowid = 2",
        "DELETE FROM without");

    assertThat(lab.preview(1, label).tables())
        .extracting(RestorePlan.TableChange::table, RestorePlan.TableChange::updated)
        .contains(tuple("wide", 1L), tuple("named", 1L));
    lab.restore(1, label);

    assertThat(lab.dump()).isEqualTo(then);
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void a_very_wide_table_that_was_widened_since() {
    Lab lab =
        lab(
            "CREATE TABLE wide (id INTEGER PRIMARY KEY, tenant_id, " + columns(1997) + ")",
            "INSERT INTO wide VALUES (1, 1, " + values(1997) + ")");
    Label label = lab.backup(1);
    lab.execute("ALTER TABLE wide ADD COLUMN extra DEFAULT 'x'");
    Map<String, List<String>> then = lab.dump();
    lab.execute("DELETE FROM wide WHERE id = 1");

    lab.restore(1, label);

    assertThat(lab.dump()).isEqualTo(then);
  }

  private static String values(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).collect(Collectors.joining(", "));
  }

  private static String columns(int count) {
    return IntStream.range(0, count).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
  }

  @Test
  void huge_blobs_with_and_without_a_key() {
    Lab lab =
        lab(
            "CREATE TABLE files (id INTEGER PRIMARY KEY, tenant_id INTEGER, content BLOB)",
            "CREATE TABLE loose (tenant_id INTEGER, content BLOB)");
    lab.execute(
        "INSERT INTO files VALUES (1, 1, randomblob(50000000)), (2, 2, x'01')",
        "INSERT INTO loose VALUES (1, randomblob(30000000)), (2, x'01')");
    String digests =
        "SELECT length(content) || hex(substr(content, 1000000, 20)) || hex(substr(content, -20)) FROM"
            + " %s ORDER BY rowid";
    String files = lab.query(digests.formatted("files"));
    String loose = lab.query(digests.formatted("loose WHERE tenant_id = 1"));
    Label label = lab.backup(1);
    lab.execute(
        "UPDATE files SET content = substr(content, 2) WHERE id = 1",
        "DELETE FROM loose WHERE tenant_id = 1");

    lab.restore(1, label);

    assertThat(lab.query(digests.formatted("files"))).isEqualTo(files);
    assertThat(lab.query(digests.formatted("loose WHERE tenant_id = 1"))).isEqualTo(loose);
  }

  @Test
  void statistics_of_the_planner_stay() {
    damageAndRestore(
        lab(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "CREATE INDEX t_tenant ON t (tenant_id)",
            "INSERT INTO t VALUES (1, 1), (2, 2)",
            "ANALYZE"),
        "DELETE FROM t WHERE id = 1");
  }

  @Test
  void a_column_added_or_dropped_by_alter_table() throws SQLException {
    Lab lab =
        lab(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tenant_id INTEGER, a)",
            "INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b')",
            "ALTER TABLE t ADD COLUMN b DEFAULT 'dflt'",
            "ALTER TABLE t DROP COLUMN a");
    try (Connection connection = lab.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE t RENAME TO renamed");
    }
    damageAndRestore(lab, "UPDATE renamed SET b = 'x' WHERE id = 1");
  }
}
