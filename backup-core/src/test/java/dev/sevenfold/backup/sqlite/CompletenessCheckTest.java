package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.system.TreeGuard;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often indexes are compared with their tables, and what is remembered of it. */
class CompletenessCheckTest {

  private static final TenantId ONE = TenantId.of(1);
  private static final TenantId TWO = TenantId.of(2);
  private static final TenantModel MODEL =
      TenantModel.rootedAt("tenants").column("tenant_id").build();

  @TempDir Path folder;

  private final TestClock clock = TestClock.at("2026-11-29T01:00:00Z");
  private final ArchiveStore store = new InMemoryArchiveStore();
  private Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant_id INTEGER, n)",
            "CREATE INDEX ix ON orders (tenant_id)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO orders VALUES (1, 1, 'a'), (2, 2, 'b')");
  }

  /** What a new process has. */
  private BackupService service() {
    return BackupService.builder(
            SqliteTenantSource.builder(lab.file(), MODEL).clock(clock).build(), store)
        .clock(clock)
        .build();
  }

  /** A row that the index does not hear of; the schema is what it was. */
  private void hideRow(int id, int tenant) {
    DamagedIndex.deaf(lab, "ix", "INSERT INTO orders VALUES (%d, %d, 'x')".formatted(id, tenant));
  }

  private Instant checkedAt(BackupService service, TenantId tenant) {
    return service.backup(tenant).completenessCheckedAt().orElseThrow();
  }

  private void isRefused(BackupService service, TenantId tenant) {
    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> service.backup(tenant))
        .withMessageContaining("Index ix of table orders");
  }

  @Test
  void all_are_looked_at_once_a_day_for_all_tenants_and_every_process() {
    Instant first = clock.instant();
    BackupService one = service();
    assertThat(checkedAt(one, ONE)).isEqualTo(first);

    clock.advance(Duration.ofHours(23));
    assertThat(checkedAt(one, TWO)).isEqualTo(first);
    assertThat(checkedAt(service(), ONE)).isEqualTo(first);

    clock.advance(Duration.ofHours(2));
    assertThat(checkedAt(service(), ONE)).isEqualTo(clock.instant());
  }

  @Test
  void what_went_bad_is_found_a_day_later_at_the_latest() {
    BackupService service = service();
    service.backup(ONE);
    hideRow(3, 1);

    clock.advance(Duration.ofHours(25));

    isRefused(service, ONE);
    assertThat(service.backup(TWO)).isNotNull();
  }

  @Test
  void a_run_over_all_tenants_looks_anew_and_refuses_only_whom_it_concerns() {
    BackupService service = service();
    service.backup(ONE);
    hideRow(3, 1);

    List<BackupOutcome> outcomes = service.backupAll();

    assertThat(outcomes.get(0).failure().orElseThrow())
        .isInstanceOf(BackupRefused.class)
        .hasMessageContaining("ix");
    assertThat(outcomes.get(1).report()).isPresent();
  }

  @Test
  void what_a_run_over_all_has_found_is_not_forgotten_by_the_next_process() {
    BackupService service = service();
    service.backup(TWO);
    hideRow(3, 1);
    service.backupAll();

    isRefused(service, ONE);
    isRefused(service(), ONE);
  }

  @Test
  void what_was_found_damaged_is_looked_at_again_each_time() {
    BackupService service = service();
    hideRow(3, 1);
    isRefused(service, ONE);
    isRefused(service(), ONE);

    lab.execute("REINDEX");

    assertThat(checkedAt(service, ONE)).isEqualTo(clock.instant());
  }

  @Test
  void another_schema_is_looked_at_anew() {
    BackupService service = service();
    service.backup(ONE);
    hideRow(3, 1);
    lab.execute("CREATE INDEX by_n ON orders (n)");

    isRefused(service, ONE);
  }

  @Test
  void another_database_in_the_place_of_the_first_is_looked_at_anew() throws IOException {
    service().backup(ONE);
    hideRow(3, 1);
    lab.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    Path copy = Files.copy(lab.file(), folder.resolve("copy"));
    Files.delete(lab.file());
    Files.move(copy, lab.file());

    isRefused(service(), ONE);
  }

  @Test
  void a_clock_that_was_set_back_makes_it_look_anew() {
    service().backup(ONE);
    hideRow(3, 1);

    clock.advance(Duration.ofHours(-5));

    isRefused(service(), ONE);
  }

  @Test
  void a_note_that_cannot_be_kept_stops_nothing() throws IOException {
    Path note = folder.resolve("app.sqlite3" + TreeGuard.CHECKED_NOTE);
    Files.createDirectory(note);
    assertThat(checkedAt(service(), ONE)).isEqualTo(clock.instant());

    Files.delete(note);
    Files.writeString(note, "rubbish\n\n\n");
    clock.advance(Duration.ofMinutes(1));

    assertThat(checkedAt(service(), ONE)).isEqualTo(clock.instant());
  }

  @Test
  void a_restore_looks_too_and_leaves_all_as_it_is() {
    BackupService service = service();
    Label label = service.backup(ONE).restorePoint().label();
    hideRow(3, 1);
    clock.advance(Duration.ofHours(25));
    var before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> service.restore(ONE, label))
        .withMessageContaining("ix");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_restore_does_not_make_another_look_necessary() {
    BackupService service = service();
    Instant first = clock.instant();
    Label label = service.backup(ONE).restorePoint().label();
    lab.execute(
        "CREATE TRIGGER t AFTER UPDATE ON orders BEGIN UPDATE orders SET n = n WHERE 0; END",
        "DELETE FROM orders WHERE tenant_id = 1");
    service.restore(ONE, label);

    clock.advance(Duration.ofHours(1));

    assertThat(checkedAt(service, ONE)).isEqualTo(first);
  }

  @Test
  void many_rows_that_an_index_misses_are_the_tenants_whose_they_are() {
    List<String> rows = new ArrayList<>();
    for (int id = 100; id < 3_000; id++) {
      rows.add("(%d, 1, 'x')".formatted(id));
    }
    DamagedIndex.deaf(lab, "ix", "INSERT INTO orders VALUES " + String.join(", ", rows));
    BackupService service = service();

    isRefused(service, ONE);
    assertThat(service.backup(TWO)).isNotNull();
  }
}
