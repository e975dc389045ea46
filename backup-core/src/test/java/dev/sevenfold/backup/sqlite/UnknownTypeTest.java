package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Polymorphic types that the model does not know stop the tenant whose rows they could hide. */
class UnknownTypeTest {

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE posts (id TEXT PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE invoices (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE tags (id INTEGER PRIMARY KEY, on_type TEXT, on_id TEXT, by_id INTEGER"
                + " REFERENCES users)",
            "INSERT INTO tenants VALUES (1), (2), (3)",
            "INSERT INTO users VALUES (11, 1), (12, 2), (13, 3)",
            "INSERT INTO posts VALUES ('p1', 1), ('12', 2)",
            "INSERT INTO invoices VALUES (12, 1), (50, 3)",
            "INSERT INTO tags VALUES (1, 'User', '11', NULL), (2, 'Post', '12', NULL)");
    lab.owned(model(Map.of("User", "users", "Post", "posts")));
  }

  private static TenantModel.Builder model(Map<String, String> targets) {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .polymorphic("tags", "on_type", "on_id", targets);
  }

  private void refused(int tenant, String type) {
    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.backup(tenant))
        .withMessageContaining("tags.on_type has the type '" + type + "' in 1 rows");
  }

  private void warned(int tenant, String type) {
    assertThat(lab.service().backup(Lab.id(tenant)).warnings())
        .singleElement()
        .asString()
        .contains("tags.on_type has the type '" + type + "' in 1 rows", "left out");
  }

  @Test
  void a_row_stops_only_the_tenant_that_has_its_id_among_the_targets() {
    lab.execute("INSERT INTO tags VALUES (9, 'Boss', '12', NULL)");
    refused(2, "Boss");
    warned(1, "Boss");
    warned(3, "Boss");
  }

  @Test
  void a_row_that_leads_to_a_tenant_by_another_claim_stops_this_one() {
    lab.execute("INSERT INTO tags VALUES (9, 'Boss', '12', 13)");
    refused(3, "Boss");
    warned(2, "Boss");
    warned(1, "Boss");
  }

  @Test
  void a_table_that_is_named_like_the_type_is_looked_at_too() {
    lab.execute("INSERT INTO tags VALUES (9, 'Shop::ProInvoice', '12', NULL)");
    refused(1, "Shop::ProInvoice");
    refused(2, "Shop::ProInvoice");
    warned(3, "Shop::ProInvoice");
  }

  @Test
  void an_id_that_no_target_has_is_looked_for_in_every_table() {
    lab.execute("INSERT INTO tags VALUES (9, 'Bill', '50', NULL)");
    refused(3, "Bill");
    warned(1, "Bill");
  }

  @Test
  void an_empty_type_without_an_id_is_nobodys() {
    lab.execute("INSERT INTO tags VALUES (9, '', '', NULL)");
    warned(1, "");
    warned(2, "");
  }

  @Test
  void a_known_type_in_the_columns_own_case_is_known() {
    lab.execute(
        "CREATE TABLE marks (id INTEGER PRIMARY KEY, on_type TEXT COLLATE NOCASE, on_id INTEGER)",
        "INSERT INTO marks VALUES (1, 'user', 11)");
    lab.owned(
        model(Map.of("User", "users", "Post", "posts"))
            .polymorphic("marks", "on_type", "on_id", Map.of("User", "users")));

    assertThat(lab.service().backup(Lab.id(1)).warnings()).isEmpty();
  }

  @Test
  void a_type_that_was_renamed_since_the_backup_is_refused_before_anything_is_written() {
    lab.owned(model(Map.of("User", "users", "Post", "posts", "Admin", "users")));
    lab.execute("INSERT INTO tags VALUES (3, 'Admin', '11', NULL)");
    Label label = lab.backup(1);
    lab.owned(model(Map.of("User", "users", "Post", "posts")));
    lab.execute("UPDATE tags SET on_type = 'User' WHERE id = 3");
    Map<String, List<String>> before = lab.dump();

    assertThat(lab.preview(1, label).conflicts())
        .singleElement()
        .asString()
        .contains("tags.on_type has the type 'Admin' in 1 rows", "ArchiveMigration");
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));

    assertThat(lab.dump()).isEqualTo(before);
    assertThat(lab.service().backup(Lab.id(1)).warnings()).isEmpty();
  }

  @Test
  void an_id_that_led_nowhere_and_is_another_tenants_by_now_is_a_conflict() {
    lab.execute("INSERT INTO tags VALUES (3, 'Post', 'gone', 11)");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM tags WHERE id = 3", "INSERT INTO posts VALUES ('gone', 2)");
    Map<String, List<String>> before = lab.dump();

    assertThat(lab.preview(1, label).conflicts())
        .anyMatch(text -> text.contains("table tags") && text.contains("[3] leads to [2]"));
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));

    assertThat(lab.dump()).isEqualTo(before);
    assertThat(lab.service().backup(Lab.id(1)).warnings()).isEmpty();
    assertThat(lab.service().backup(Lab.id(2)).warnings()).isEmpty();
  }
}
