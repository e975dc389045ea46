package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A migration gave a table the tenant's key, which its rows were owned without before. What an
 * older archive brings back holds the key too, as if the migration had met it.
 */
class AddedTenantColumnTest {

  private static final String FILL =
      "UPDATE items SET tenant_id = (SELECT tenant_id FROM users u WHERE u.id = user_id)";

  @TempDir Path folder;
  Lab lab;
  Label label;

  @BeforeEach
  void back_up_items_of_users() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL)",
            "CREATE TABLE items (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,"
                + " v)",
            "INSERT INTO tenants VALUES (1, 'a'), (2, 'b')",
            "INSERT INTO users VALUES (1, 1), (2, 2)",
            "INSERT INTO items VALUES (1, 1, 'abc'), (2, 2, 'c'), (3, 1, 'd')");
    label = lab.backup(1);
  }

  /** Makes the items anew with a column more, filled for all rows. */
  private void rebuilt(String column, String value) {
    lab.execute(
        "CREATE TABLE n (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users, v, "
            + column
            + ")",
        "INSERT INTO n SELECT i.id, user_id, v, "
            + value
            + " FROM items i JOIN users u ON u.id = user_id",
        "DROP TABLE items",
        "ALTER TABLE n RENAME TO items");
  }

  /** Restores what lacks one row, and takes that back again. */
  private RestorePlan.TableChange restored(String column) {
    Map<String, List<String>> whole = lab.dump();
    lab.execute("DELETE FROM items WHERE id = 1");
    Map<String, List<String>> before = lab.dump();

    RestorePlan plan = lab.restore(1, label).plan();

    assertThat(plan.notes())
        .contains(
            "Column items."
                + column
                + " is newer than the archive; restored rows get the tenant's key");
    assertThat(lab.dump()).isEqualTo(whole);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(before);
    return plan.tables().get(0);
  }

  private void assertOneCame(String column) {
    RestorePlan.TableChange items = restored(column);
    assertThat(List.of(items.inserted(), items.updated(), items.deleted(), items.unchanged()))
        .containsExactly(1L, 0L, 0L, 1L);
  }

  @Test
  void that_may_be_null() {
    lab.execute("ALTER TABLE items ADD COLUMN tenant_id INTEGER REFERENCES tenants", FILL);
    assertOneCame("tenant_id");
  }

  @Test
  void that_must_have_a_value_and_has_no_default() {
    rebuilt("tenant_id INTEGER NOT NULL REFERENCES tenants", "tenant_id");
    assertOneCame("tenant_id");
  }

  @Test
  void whose_default_is_nobody() {
    lab.execute("ALTER TABLE items ADD COLUMN tenant_id INTEGER NOT NULL DEFAULT 0", FILL);
    assertOneCame("tenant_id");
  }

  @Test
  void whose_default_is_another_tenant() {
    lab.execute("ALTER TABLE items ADD COLUMN tenant_id INTEGER NOT NULL DEFAULT 2", FILL);
    assertOneCame("tenant_id");
  }

  @Test
  void that_is_part_of_the_primary_key() {
    lab.execute(
        "CREATE TABLE n (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, user_id INTEGER, v,"
            + " PRIMARY KEY (tenant_id, id)) WITHOUT ROWID",
        "INSERT INTO n SELECT tenant_id, i.id, user_id, v FROM items i JOIN users u ON u.id ="
            + " user_id",
        "DROP TABLE items",
        "ALTER TABLE n RENAME TO items");
    assertOneCame("tenant_id");
  }

  @Test
  void that_the_model_names() {
    lab.owned(
        TenantModel.rootedAt("tenants").column("tenant_id").ownedByColumn("items", "account"));
    rebuilt("account TEXT NOT NULL", "CAST(tenant_id AS TEXT)");
    assertOneCame("account");
  }

  @Test
  void that_holds_the_key_as_a_text_without_a_type() {
    rebuilt("tenant_id", "CAST(tenant_id AS TEXT)");
    assertOneCame("tenant_id");
    assertThat(lab.query("SELECT DISTINCT typeof(tenant_id) FROM items")).isEqualTo("text");
  }

  @Test
  void that_holds_the_key_as_a_text_without_a_type_while_the_tenant_has_no_row_left() {
    rebuilt("tenant_id", "CAST(tenant_id AS TEXT)");
    Map<String, List<String>> whole = lab.dump();
    lab.execute("DELETE FROM items WHERE user_id = 1");

    lab.restore(1, label);

    assertThat(lab.dump()).isEqualTo(whole);
  }

  @Test
  void with_the_key_in_another_case() {
    lab =
        Lab.with(
            folder.resolve("..").resolve(folder.getFileName()),
            "DROP TABLE items",
            "DROP TABLE users",
            "DROP TABLE tenants",
            "CREATE TABLE tenants (id TEXT PRIMARY KEY COLLATE NOCASE)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL)",
            "CREATE TABLE items (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users)",
            "INSERT INTO tenants VALUES ('Acme'), ('b')",
            "INSERT INTO users VALUES (1, 'Acme'), (2, 'b')",
            "INSERT INTO items VALUES (1, 1), (2, 2), (3, 1), (4, 1)");
    label = lab.backup("Acme");
    lab.execute(
        "ALTER TABLE items ADD COLUMN tenant_id TEXT",
        FILL,
        "UPDATE items SET tenant_id = 'ACME' WHERE id = 3",
        "DELETE FROM items WHERE id = 1");

    RestorePlan plan = lab.restore("Acme", label).plan();

    assertThat(plan.tables().get(0).updated()).isZero();
    assertThat(lab.query("SELECT id || lower(tenant_id) FROM items ORDER BY id"))
        .isEqualTo("1acme,2b,3acme,4acme");
    assertThat(lab.query("SELECT tenant_id FROM items WHERE id = 3")).isEqualTo("ACME");
  }

  @Test
  void a_row_that_the_migration_left_without_it_gets_it() {
    lab.execute("ALTER TABLE items ADD COLUMN tenant_id INTEGER");

    assertThat(lab.restore(1, label).plan().tables().get(0).updated()).isEqualTo(2);

    assertThat(lab.query("SELECT coalesce(tenant_id, '-') FROM items ORDER BY id"))
        .isEqualTo("1,-,1");
  }

  @Test
  void restored_as_another_tenant_s() {
    lab.execute("ALTER TABLE items ADD COLUMN tenant_id INTEGER NOT NULL DEFAULT 0", FILL);

    lab.restore(2, label, Lab.NEW_IDS);
    assertThat(lab.query("SELECT v FROM items WHERE tenant_id = 2 ORDER BY id")).isEqualTo("abc,d");
    assertThat(lab.query("SELECT v FROM items WHERE tenant_id = 1 ORDER BY id")).isEqualTo("abc,d");
    lab.restore(7, label, Lab.NEW_IDS);
    assertThat(lab.query("SELECT v FROM items WHERE tenant_id = 7 ORDER BY id")).isEqualTo("abc,d");
    assertThat(lab.query("SELECT count(*) FROM items")).isEqualTo("6");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void rows_without_it_in_the_archive_stay_as_they_were_archived() {
    lab.execute("ALTER TABLE items ADD COLUMN tenant_id INTEGER");
    label = lab.backup(1);
    lab.execute("ALTER TABLE items ADD COLUMN w", "DELETE FROM items WHERE id = 1");

    lab.restore(1, label);

    assertThat(lab.query("SELECT coalesce(tenant_id, '-') FROM items ORDER BY id"))
        .isEqualTo("-,-,-");
  }

  @Test
  void a_row_that_lost_its_owner_since_is_taken_back_with_it() {
    lab.execute(
        "CREATE TABLE n (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users ON DELETE SET"
            + " NULL, v, tenant_id INTEGER)",
        "INSERT INTO n SELECT id, user_id, v, NULL FROM items",
        "DROP TABLE items",
        "ALTER TABLE n RENAME TO items",
        "DELETE FROM users WHERE id = 1");

    lab.restore(1, label);

    assertThat(lab.query("SELECT id || coalesce(tenant_id, '-') FROM items ORDER BY id"))
        .isEqualTo("11,2-,31");
  }
}
