package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One tenant has one id, however it is written; and one that is not there is said not to be. */
class TenantIdFormsTest {

  private static final TenantId LOWER = TenantId.of("00aabbccddeeff11");
  private static final TenantId UPPER = TenantId.of("00AABBCCDDEEFF11");

  @TempDir Path folder;

  private Lab keys(String type, String... keys) {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id " + type + " PRIMARY KEY)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id, body TEXT)");
    for (String key : keys) {
      lab.execute(
          "INSERT INTO tenants VALUES (" + key + ")",
          "INSERT INTO notes (tenant_id, body) VALUES (" + key + ", 'first')");
    }
    return lab;
  }

  private Lab blobs() {
    return keys("BLOB", "x'00aabbccddeeff11'", "x'ff'");
  }

  @Test
  void upper_case_hexadecimal_is_the_tenant_with_that_blob_in_every_call() {
    Lab lab = blobs();
    try (BackupService service = lab.service()) {
      BackupReport report = service.backup(UPPER);
      Label label = report.restorePoint().label();

      assertThat(label.tenant()).contains(LOWER);
      assertThat(service.archivedTenants()).containsExactly(LOWER);
      assertThat(service.restorePoints(UPPER)).isEqualTo(service.restorePoints(LOWER)).hasSize(1);
      lab.execute("UPDATE notes SET body = 'second'");
      assertThat(service.preview(UPPER, label).conflicts()).isEmpty();
      assertThat(service.restore(UPPER, label).tenant()).isEqualTo(LOWER);
      assertThat(lab.query("SELECT body FROM notes")).isEqualTo("first,second");
      assertThat(service.undoPoint(UPPER)).isPresent().isEqualTo(service.undoPoint(LOWER));
      service.undo(UPPER);
      assertThat(lab.query("SELECT body FROM notes")).isEqualTo("second,second");
      assertThat(service.drill(UPPER)).hasSize(1);
      assertThat(service.planRetention(UPPER).decisions()).hasSize(3);
      assertThat(service.prune(ArchiveOwner.tenant(UPPER))).isEmpty();
      assertThat(service.canonical(UPPER)).isEqualTo(LOWER);
      assertThat(service.archivedTenants()).containsExactly(LOWER);
    }
  }

  @Test
  void a_tenant_that_was_deleted_comes_back_under_either_form() {
    Lab lab = blobs();
    Label label = lab.backup(LOWER.value());
    lab.execute("DELETE FROM notes WHERE body = 'first'", "DELETE FROM tenants WHERE id <> x'ff'");

    assertThat(lab.service().missing(UPPER)).isEmpty();
    lab.restore(UPPER.value(), label);

    assertThat(lab.query("SELECT hex(id) FROM tenants ORDER BY 1"))
        .isEqualTo(UPPER.value() + ",FF");
    lab.undo(UPPER.value());
    assertThat(lab.query("SELECT hex(id) FROM tenants")).isEqualTo("FF");
  }

  @Test
  void an_archive_goes_into_a_new_tenant_whose_id_was_written_in_upper_case() {
    Lab lab = blobs();
    Label label = lab.backup(LOWER.value());

    lab.restore("ABCD", label, Lab.NEW_IDS);

    assertThat(lab.query("SELECT count(*) FROM notes WHERE tenant_id = x'abcd'")).isEqualTo("1");
    assertThat(lab.service().backup(TenantId.of("ABCD")).restorePoint().label().tenant())
        .contains(TenantId.of("abcd"));
  }

  @Test
  void texts_that_look_like_hexadecimal_are_taken_for_nothing_else() {
    Lab lab = keys("TEXT", "'abcd'", "'EF01'");

    assertThat(lab.service().canonical(TenantId.of("ABCD"))).isEqualTo(TenantId.of("ABCD"));
    refused(lab, "ABCD", "nearest to this id is abcd");
    assertThat(lab.service().backup(TenantId.of("EF01")).restorePoint().label().tenant())
        .contains(TenantId.of("EF01"));
  }

  @Test
  void where_keys_are_texts_and_blobs_nothing_is_guessed() {
    Lab lab = keys("BLOB", "'ABCD'", "x'abcd'", "x'ef01'");

    assertThat(lab.service().backup(TenantId.of("ABCD")).restorePoint().label().tenant())
        .contains(TenantId.of("ABCD"));
    refused(lab, "EF01", "nearest to this id is ef01");
  }

  @ParameterizedTest
  @CsvSource({
    "0042, 'is 42'",
    "420, 'is 42'",
    "24, 'are 4, 42'",
    "Acme, 'is acme'",
    "amce, 'is acme'",
    "acme_ltd, 'is acme-ltd'",
    "3F2504E0-4F89-11D3-9A0C-0305E82C3301, 'is 3f2504e0-4f89-11d3-9a0c-0305e82c3301'",
    "3f2504e04f8911d39a0c0305e82c3301, 'is 3f2504e0-4f89-11d3-9a0c-0305e82c3301'",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3310, 'is 3f2504e0-4f89-11d3-9a0c-0305e82c3301'"
  })
  void the_nearest_ids_are_named(String written, String nearest) {
    Lab lab =
        keys(
            "ANY",
            "4",
            "42",
            "1000",
            "'acme'",
            "'acme-ltd'",
            "'3f2504e0-4f89-11d3-9a0c-0305e82c3301'");
    refused(lab, written, "nearest to this id " + nearest);
  }

  @Test
  void the_three_nearest_are_enough_and_what_is_far_is_not_named() {
    Lab lab = keys("INTEGER", "101", "102", "103", "104", "7");
    refused(lab, "100", "nearest to this id are 101, 102, 103");
    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.backup("somebody"))
        .satisfies(e -> assertThat(e.advice()).isEqualTo("Check the id; the key column is id"));
  }

  @Test
  void how_blobs_are_written_elsewhere_is_not_guessed_and_is_near() {
    Lab lab = keys("BLOB", "x'00112233445566778899aabbccddeeff'");
    String nearest = "nearest to this id is 00112233445566778899aabbccddeeff";
    refused(lab, "X'00112233445566778899AABBCCDDEEFF'", nearest);
    refused(lab, "00112233-4455-6677-8899-AABBCCDDEEFF", nearest);
  }

  private static void refused(Lab lab, String written, String nearest) {
    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.backup(written))
        .satisfies(
            e -> {
              assertThat(e.what()).isEqualTo("There is no tenant " + written + " in table tenants");
              assertThat(e.advice()).endsWith(nearest);
            });
  }

  @Test
  void restores_and_undos_say_it_of_a_tenant_that_nothing_is_left_of() {
    Lab lab = keys("INTEGER", "1", "2");
    Label label = lab.backup(1);
    String what = "There is no tenant 12 in table tenants, and the store has no archive of it";

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.preview(12, label))
        .withMessageContaining(what)
        .satisfies(e -> assertThat(e.advice()).endsWith("nearest to this id are 1, 2"));
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(12, label))
        .withMessageContaining(what);
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.undo(12))
        .withMessageContaining(what);
    assertThat(lab.service().restorePoints(TenantId.of(12))).isEmpty();
    assertThat(lab.service().missing(TenantId.of(2))).isEmpty();
  }
}
