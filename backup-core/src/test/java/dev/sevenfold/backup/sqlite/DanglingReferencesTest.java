package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.archive.ArchiveManifest.Table;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A restored row may point nowhere if it did when the archive was made, through this reference and
 * with this value. One row that does so hides no other.
 */
class DanglingReferencesTest {

  private static final String OFF = "PRAGMA foreign_keys = OFF";

  @TempDir Path folder;
  Lab lab;

  @BeforeEach
  void make_orders_of_countries_and_users() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE countries (id INTEGER PRIMARY KEY, code)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY)",
                "CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant_id INTEGER, user_id INTEGER"
                    + " REFERENCES users, country_id INTEGER REFERENCES countries, v)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO countries VALUES (1, 'DK'), (2, 'SE')",
                "INSERT INTO users VALUES (1)",
                "INSERT INTO orders VALUES (100, 1, 1, 1, 'a'), (101, 1, 1, 2, 'b'), (200, 2, 1, 2,"
                    + " 'c')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .shared("countries", "users")
                    .ignored("ignored_*"));
  }

  private void refused(Label label, String... parts) {
    Map<String, List<String>> before = lab.dump();
    List<String> conflicts = lab.preview(1, label).conflicts();
    assertThat(conflicts).isNotEmpty();
    for (String part : parts) {
      assertThat(conflicts).anySatisfy(conflict -> assertThat(conflict).contains(part));
    }
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void one_that_dangled_then_does_so_again() {
    lab.execute(OFF, "UPDATE orders SET user_id = 999 WHERE id = 101");
    Label label = lab.backup(1);
    Map<String, List<String>> then = lab.dump();
    lab.execute(OFF, "DELETE FROM orders WHERE tenant_id = 1");

    assertThat(lab.restore(1, label).plan().notes())
        .anyMatch(
            note ->
                note.contains("[id] = [[101]], [user_id] = [[999]]")
                    && note.contains("as when the archive was made"));

    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void an_old_orphan_hides_no_new_one() {
    lab.execute(OFF, "UPDATE orders SET user_id = 999 WHERE id = 101");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM orders WHERE id IN (100, 101)", "DELETE FROM countries WHERE id = 1");

    refused(
        label,
        "1 restored rows of table orders point through [country_id]",
        "[id] = [[100]], [country_id] = [[1]]",
        "put these rows of table countries back first");
    lab.execute("INSERT INTO countries VALUES (1, 'DK again')");
    lab.restore(1, label);
    assertThat(lab.damage()).isEqualTo("orders 101");
  }

  @Test
  void another_value_of_the_same_reference_is_a_new_one() {
    lab.execute(
        OFF,
        "INSERT INTO users VALUES (2)",
        "UPDATE orders SET user_id = 999 WHERE id = 101",
        "UPDATE orders SET user_id = 2 WHERE id = 100");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM orders WHERE tenant_id = 1", "DELETE FROM users WHERE id = 2");

    refused(label, "[id] = [[100]], [user_id] = [[2]]");
    assertThat(lab.preview(1, label).notes()).anyMatch(note -> note.contains("[[101]]"));
  }

  @Test
  void an_archive_that_only_counts_brings_back_no_more_than_it_counted() throws Exception {
    lab.execute(OFF, "UPDATE orders SET user_id = 999 WHERE id = 101");
    Path archive =
        ForgedArchive.of(lab, folder.resolve("old"))
            .tables(
                t ->
                    new Table(
                        t.name(),
                        t.rows(),
                        t.digest(),
                        t.definition(),
                        t.indexes(),
                        t.danglingReferences(),
                        List.of(),
                        List.of(),
                        Optional.empty()))
            .write();
    Label label;
    try (BackupService service = lab.service()) {
      label = service.importArchive(Lab.id(1), archive, Lab.BY_CONSENT).label();
    }
    lab.execute(OFF, "DELETE FROM orders WHERE id = 101");
    lab.restore(1, label);
    assertThat(lab.damage()).isEqualTo("orders 101");

    lab.execute("DELETE FROM orders WHERE id = 100", "DELETE FROM countries WHERE id = 1");
    refused(label, "[id] = [[100]], [country_id] = [[1]]");
  }

  @Test
  void values_of_every_type_are_told_apart() {
    lab.execute(
        OFF,
        "CREATE TABLE ignored_keys (k PRIMARY KEY)",
        "CREATE TABLE uses (id INTEGER PRIMARY KEY, tenant_id INTEGER, k REFERENCES ignored_keys)",
        "INSERT INTO ignored_keys VALUES ('a'), (CAST(x'610062' AS TEXT))",
        "INSERT INTO uses VALUES (1, 1, CAST(x'610063' AS TEXT)), (2, 1, x'610063'), (3, 1, 7.25),"
            + " (4, 1, '7'), (5, 1, CAST(x'ff61' AS TEXT)), (6, 1, -9223372036854775808), (7, 1,"
            + " ''), (8, 1, 'A'), (9, 1, 9e999), (10, 2, 'other'), (11, 1, CAST(x'610062' AS"
            + " TEXT))");
    Label label = lab.backup(1);
    Map<String, List<String>> then = lab.dump();
    lab.execute(OFF, "DELETE FROM uses WHERE tenant_id = 1");

    lab.restore(1, label);
    assertThat(lab.dump()).isEqualTo(then);

    // Of these, only the one value is another text up to its NUL.
    lab.execute(OFF, "DELETE FROM uses WHERE tenant_id = 1", "DELETE FROM ignored_keys");
    refused(label, "1 restored rows of table uses", "[id] = [[11]]");
  }

  @Test
  void a_row_that_stays_while_what_it_points_at_goes() {
    lab.execute(
        OFF,
        "CREATE TABLE teams (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
        "CREATE TABLE members (id INTEGER PRIMARY KEY, tenant_id INTEGER, team_id INTEGER"
            + " REFERENCES teams)",
        "INSERT INTO teams VALUES (1, 1), (2, 2)",
        "INSERT INTO members VALUES (1, 1, 2), (2, 1, 1), (3, 1, 77)");
    Label label = lab.backup(1);
    // What member 1 points at was another tenant's then, and would go from this one's now.
    lab.execute("UPDATE teams SET tenant_id = 1 WHERE id = 2", "INSERT INTO teams VALUES (77, 1)");

    refused(label, "1 restored rows of table members", "[id] = [[1]], [team_id] = [[2]]");
    lab.execute(OFF, "DELETE FROM teams WHERE id = 2", "INSERT INTO teams VALUES (2, 2)");
    lab.restore(1, label);
    assertThat(lab.query("SELECT team_id FROM members ORDER BY id")).isEqualTo("2,1,77");
    assertThat(lab.damage()).isEqualTo("members 3");
  }

  @Test
  void a_row_that_stays_while_an_ignored_row_that_it_points_at_goes_by_a_cascade() {
    lab.execute(
        "CREATE TABLE ignored_carts (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders ON"
            + " DELETE CASCADE)",
        "CREATE TABLE hints (id INTEGER PRIMARY KEY, tenant_id INTEGER, cart_id INTEGER REFERENCES"
            + " ignored_carts)",
        "INSERT INTO ignored_carts VALUES (1, 100)",
        "INSERT INTO hints VALUES (1, 1, 1)");
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO orders VALUES (102, 1, 1, 1, 'new')",
        "UPDATE ignored_carts SET order_id = 102");

    refused(label, "[id] = [[1]], [cart_id] = [[1]]");
  }

  @Test
  void several_columns_self_references_and_tables_without_row_ids() {
    lab.execute(
        OFF,
        "CREATE TABLE parts (tenant_id INTEGER, code TEXT, PRIMARY KEY (tenant_id, code)) WITHOUT"
            + " ROWID",
        "CREATE TABLE uses (tenant_id INTEGER, n INTEGER, code TEXT, above INTEGER, PRIMARY KEY"
            + " (tenant_id, n), FOREIGN KEY (tenant_id, code) REFERENCES parts DEFERRABLE INITIALLY"
            + " DEFERRED, FOREIGN KEY (tenant_id, above) REFERENCES uses) WITHOUT ROWID",
        "INSERT INTO parts VALUES (1, 'a'), (2, 'lost')",
        "INSERT INTO uses VALUES (1, 1, 'a', NULL), (1, 2, 'lost', 1), (1, 3, 'a', 9)");
    Label label = lab.backup(1);
    Map<String, List<String>> then = lab.dump();
    String damage = lab.query("SELECT count(*) FROM pragma_foreign_key_check");
    assertThat(damage).isEqualTo("2");
    lab.execute(OFF, "DELETE FROM uses");

    lab.restore(1, label);
    assertThat(lab.dump()).isEqualTo(then);

    // As another tenant's, with the other tenant's key in each of them.
    lab.execute("INSERT INTO tenants VALUES (3)");
    lab.restore(3, label, Lab.NEW_IDS);
    assertThat(lab.query("SELECT code || coalesce(above, '') FROM uses WHERE tenant_id = 3"))
        .isEqualTo("a,lost1,a9");
    assertThat(lab.query("SELECT count(*) FROM pragma_foreign_key_check")).isEqualTo("4");
  }

  @Test
  void a_value_that_others_follow_changes_back_to_one_that_a_row_of_the_tenant_lacks() {
    lab.execute(
        OFF,
        "CREATE TABLE handles (id INTEGER PRIMARY KEY, tenant_id INTEGER, handle TEXT UNIQUE)",
        "CREATE TABLE mentions (id INTEGER PRIMARY KEY, tenant_id INTEGER, handle TEXT REFERENCES"
            + " handles (handle) ON UPDATE CASCADE)",
        "INSERT INTO handles VALUES (1, 1, 'old'), (2, 2, 'b')",
        "INSERT INTO mentions VALUES (1, 1, 'b')");
    Label label = lab.backup(1);
    lab.execute(
        OFF, "DELETE FROM handles WHERE id = 2", "UPDATE handles SET handle = 'b' WHERE id = 1");

    refused(label, "1 restored rows of table mentions", "[handle] = [[b]]");
  }

  @Test
  void a_reference_that_only_the_model_has_is_noted() {
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .shared("countries", "users")
            .reference("orders", "v", "countries", "code"));
    lab.execute("UPDATE orders SET v = 'DK' WHERE id = 100");
    Label label = lab.backup(1);
    lab.execute(
        OFF, "DELETE FROM orders WHERE id = 100", "UPDATE countries SET code = 'DE' WHERE id = 1");

    assertThat(lab.restore(1, label).plan().notes())
        .anyMatch(note -> note.contains("point through [v]") && note.contains("[v] = [[DK]]"));
  }

  @Test
  void where_too_many_dangle_they_are_counted() {
    lab.execute(
        OFF,
        "CREATE TABLE bulk (id INTEGER PRIMARY KEY, tenant_id INTEGER, user_id INTEGER REFERENCES"
            + " users)",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100002) INSERT"
            + " INTO bulk SELECT i, 1, i FROM n");
    Label label = lab.backup(1);
    lab.execute(OFF, "DELETE FROM bulk WHERE id < 10");
    lab.restore(1, label);
    assertThat(lab.query("SELECT count(*) FROM pragma_foreign_key_check")).isEqualTo("100001");

    lab.execute(OFF, "DELETE FROM bulk WHERE id = 1", "DELETE FROM users");
    refused(label, "[id] = [[1]]");
  }
}
