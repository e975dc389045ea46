package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An index that does not agree with its table hides rows from a backup, or shows another tenant's:
 * whoever it concerns is refused, by the index's name, and nobody else.
 */
class DamagedIndexTest {

  @TempDir Path folder;

  private Lab lab(String... more) {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY, code TEXT)",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, n)",
            "CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id), n)",
            "INSERT INTO tenants VALUES (1, 'a'), (2, 'b')",
            "INSERT INTO orders VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c')",
            "INSERT INTO lines VALUES (11, 1, 'x'), (12, 2, 'y'), (13, 3, 'z')");
    lab.execute(more);
    return lab;
  }

  private void isRefused(Lab lab, Object tenant, String... words) {
    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.backup(tenant))
        .satisfies(refused -> assertThat(refused.getMessage()).contains(words))
        .satisfies(refused -> assertThat(refused.advice()).contains("REINDEX"));
    assertThat(lab.service().restorePoints(Lab.id(tenant))).isEmpty();
  }

  @Test
  void a_row_that_the_index_on_the_tenant_column_misses_stops_the_backup_of_that_tenant() {
    Lab lab = lab();
    DamagedIndex.missing(lab, "ix", "orders", "tenant_id", "id = 1");

    isRefused(lab, 1, "Index ix of table orders", "misses 1 rows");
    assertThat(lab.backup(2)).isNotNull();
  }

  @Test
  void after_a_reindex_the_backup_has_every_row_and_a_restore_brings_all_back() {
    Lab lab = lab();
    DamagedIndex.missing(lab, "ix", "orders", "tenant_id", "id = 1");
    isRefused(lab, 1, "ix");

    lab.execute("REINDEX");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM lines", "DELETE FROM orders WHERE tenant_id = 1");
    lab.restore(1, label);

    assertThat(lab.query("SELECT id FROM orders WHERE tenant_id = 1")).isEqualTo("1,2");
  }

  @Test
  void a_row_that_the_index_on_a_reference_misses_stops_the_backup_of_its_tenant() {
    Lab lab = lab();
    DamagedIndex.missing(lab, "by_order", "lines", "order_id", "id = 13");

    isRefused(lab, 2, "Index by_order of table lines");
    assertThat(lab.backup(1)).isNotNull();
  }

  @Test
  void an_index_of_several_columns_is_looked_at_too() {
    Lab lab = lab();
    DamagedIndex.missing(lab, "wide", "orders", "n, tenant_id", "id = 3");

    isRefused(lab, 2, "wide");
    assertThat(lab.backup(1)).isNotNull();
  }

  @Test
  void an_index_with_a_condition_is_compared_with_the_rows_that_belong_into_it() {
    Lab lab =
        lab(
            "INSERT INTO orders VALUES (4, 1, NULL)",
            "CREATE INDEX part ON orders (tenant_id) WHERE n IS NOT NULL",
            "CREATE INDEX lower_part ON orders (lower(n), tenant_id) WHERE n IS NOT NULL");
    assertThat(lab.backup(1)).isNotNull();
    DamagedIndex.deaf(lab, "part", "INSERT INTO orders VALUES (5, 2, 'hidden')");
    lab.execute("CREATE TABLE another_schema (tenant_id INTEGER)");

    isRefused(lab, 2, "part");
    assertThat(lab.backup(1)).isNotNull();
  }

  @Test
  void an_index_that_cannot_be_read_stops_everybody_by_its_name() throws IOException {
    Lab lab = lab("CREATE INDEX ix ON orders (tenant_id)");
    long page = Long.parseLong(lab.query("PRAGMA page_size"));
    long root = Long.parseLong(lab.query("SELECT rootpage FROM sqlite_schema WHERE name = 'ix'"));
    lab.execute("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode = DELETE");
    try (FileChannel channel = FileChannel.open(lab.file(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[(int) page]), (root - 1) * page);
    }

    isRefused(lab, 1, "Index ix of table orders cannot be read");
    isRefused(lab, 2, "ix");
  }

  @Test
  void a_stale_entry_never_puts_the_row_of_another_tenant_into_an_archive() {
    Lab lab = lab("CREATE INDEX ix ON orders (tenant_id)");
    DamagedIndex.deaf(lab, "ix", "UPDATE orders SET tenant_id = 2 WHERE id = 1");

    isRefused(lab, 1, "orders", "ix");
    isRefused(lab, 2, "ix");
  }

  @Test
  void a_stale_entry_of_a_reference_never_puts_the_row_of_another_tenant_into_an_archive() {
    Lab lab = lab("CREATE INDEX by_order ON lines (order_id)");
    DamagedIndex.deaf(lab, "by_order", "UPDATE lines SET order_id = 3 WHERE id = 11");

    isRefused(lab, 1, "lines", "by_order");
    isRefused(lab, 2, "by_order");
  }

  @Test
  void an_entry_that_leads_to_no_row_stops_the_backup_by_the_name_of_the_index() {
    Lab lab = lab("CREATE INDEX ix ON orders (tenant_id)");
    lab.execute("DELETE FROM lines WHERE order_id = 2");
    DamagedIndex.deaf(lab, "ix", "DELETE FROM orders WHERE id = 2");

    isRefused(lab, 1, "orders", "ix");
    assertThat(lab.backup(2)).isNotNull();
  }

  @Test
  void a_tenant_that_the_index_on_the_key_misses_is_listed_and_refused() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (code TEXT, name TEXT)",
                "CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant_id TEXT)",
                "INSERT INTO tenants VALUES ('a', 'A'), ('b', 'B')",
                "INSERT INTO orders VALUES (1, 'a'), (2, 'b')")
            .owned(TenantModel.rootedAt("tenants").key("code").column("tenant_id"));
    DamagedIndex.missing(lab, "by_code", "tenants", "code", "code = 'b'");

    assertThat(lab.service().tenants()).contains(Lab.id("a"), Lab.id("b"));
    isRefused(lab, "b", "by_code");
    assertThat(lab.backup("a")).isNotNull();
  }

  @Test
  void the_rows_of_a_table_without_row_ids_are_compared_too() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE settings (name TEXT PRIMARY KEY, tenant_id INTEGER, v) WITHOUT ROWID",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO settings VALUES ('x', 1, 'a'), ('y', 2, 'b')");
    DamagedIndex.missing(lab, "ix", "settings", "tenant_id", "v = 'a'");

    isRefused(lab, 1, "ix");
    assertThat(lab.backup(2)).isNotNull();
  }

  @Test
  void a_restore_into_a_database_with_a_damaged_index_changes_nothing() {
    Lab lab = lab();
    Label label = lab.backup(1);
    DamagedIndex.missing(lab, "ix", "orders", "tenant_id", "id = 1");
    lab.execute("UPDATE orders SET n = 'changed' WHERE id = 2");
    var before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .satisfies(refused -> assertThat(refused.getMessage()).contains("ix"));

    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void what_was_copied_is_checked_though_all_indexes_were_checked_today() {
    Lab lab = lab("CREATE INDEX ix ON orders (tenant_id)");
    Label label = lab.backup(1);
    DamagedIndex.deaf(lab, "ix", "UPDATE orders SET tenant_id = 2 WHERE id = 1");
    var before = lab.dump();

    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.backup(1))
        .withMessageContainingAll("orders", "ix");
    assertThatExceptionOfType(BackupException.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(before);
  }
}
