package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clones where keys are not what one expects. */
class CloneOfOddKeysTest {

  @TempDir Path folder;

  @Test
  void a_root_with_an_id_beside_its_key_leads_its_rows_to_its_own_id() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE accounts (id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL"
                    + " REFERENCES accounts (id), name)",
                "INSERT INTO accounts VALUES (1, 'acme'), (2, 'other')",
                "INSERT INTO users VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c')")
            .owned(TenantModel.rootedAt("accounts").key("slug"));
    Label label = lab.backup("acme");

    lab.restore("other", label, Lab.NEW_IDS);
    lab.restore("third", label, Lab.NEW_IDS);

    assertThat(
            lab.query(
                "SELECT slug || ':' || group_concat(name, '+' ORDER BY name) FROM accounts a JOIN"
                    + " users u ON u.account_id = a.id GROUP BY slug ORDER BY slug"))
        .isEqualTo("acme:a+b,other:a+b,third:a+b");
    assertThat(
            lab.query("SELECT group_concat(id, '+' ORDER BY id) FROM users WHERE account_id = 1"))
        .isEqualTo("1+2");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void keys_that_refer_case_insensitively_are_followed() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE lists (id TEXT PRIMARY KEY COLLATE NOCASE, tenant_id INTEGER)",
                "CREATE TABLE items (id INTEGER PRIMARY KEY, list_id TEXT REFERENCES lists (id))",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO lists VALUES ('ABCDEF01-2345-4789-ABCD-0123456789AB', 1)",
                "INSERT INTO items VALUES (1, 'abcdef01-2345-4789-abcd-0123456789ab')")
            .owned(TenantModel.rootedAt("tenants").column("tenant_id"));

    lab.restore(2, lab.backup(1), Lab.NEW_IDS);

    assertThat(lab.query("SELECT count(*) FROM items")).isEqualTo("2");
    assertThat(
            lab.query(
                "SELECT count(*) FROM lists l JOIN items i ON i.list_id = l.id WHERE tenant_id = 2"))
        .isEqualTo("1");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void keys_that_cannot_be_made_anew_are_listed_and_nothing_changes() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE rates (rate REAL PRIMARY KEY, tenant_id INTEGER)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO rates VALUES (1.5, 1), (2.5, 1)")
            .owned(TenantModel.rootedAt("tenants").column("tenant_id"));
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(2, label, Lab.NEW_IDS))
        .withMessageContaining("rates")
        .withMessageContaining("1.5");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void ids_at_the_end_of_the_range_are_refused_rather_than_rounded() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (9223372036854775807, 1), (5, 1)")
            .owned(TenantModel.rootedAt("tenants").column("tenant_id"));
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(2, label, Lab.NEW_IDS))
        .withMessageContaining("users");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_file_that_two_rows_name_is_there_for_both_of_them() throws Exception {
    Path storage = Files.createDirectories(folder.resolve("storage"));
    Files.writeString(storage.resolve("k"), "content");
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE uploads (id INTEGER PRIMARY KEY, tenant_id INTEGER, key TEXT)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO uploads VALUES (1, 1, 'k'), (2, 1, 'k')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .files(storage, "uploads", "{key}")
                    .newFileKeys("uploads", "key", () -> UUID.randomUUID().toString()));

    lab.restore(2, lab.backup(1), Lab.NEW_IDS);

    for (int id : List.of(3, 4)) {
      String key = lab.query("SELECT key FROM uploads WHERE tenant_id = 2 AND id = " + id);
      assertThat(storage.resolve(key)).hasContent("content");
    }
  }
}
