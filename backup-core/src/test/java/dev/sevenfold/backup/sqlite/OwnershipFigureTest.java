package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupHealth;
import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.system.TreeGuard;
import dev.sevenfold.backup.tenant.OwnershipCheck.Figure;
import dev.sevenfold.backup.tenant.OwnershipCheck.Wrong;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.TestClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often it is counted for backups whose the rows are, and who hears of it. */
class OwnershipFigureTest {

  private static final TenantId ONE = TenantId.of(1);
  private static final TenantId TWO = TenantId.of(2);

  @TempDir Path folder;

  private final TestClock clock = TestClock.at("2026-11-29T01:00:00Z");
  private final ArchiveStore store = new InMemoryArchiveStore();
  private TenantModel model = TenantModel.rootedAt("tenants").column("tenant_id").build();
  private Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO orders VALUES (1, 1), (2, 2), (3, NULL)");
  }

  /** What a new process has. */
  private BackupService service() {
    return BackupService.builder(
            SqliteTenantSource.builder(lab.file(), model).clock(clock).build(), store)
        .clock(clock)
        .build();
  }

  private static Figure figure(BackupReport report) {
    return report.ownership().orElseThrow();
  }

  private Figure nobodys(long rows) {
    return new Figure(clock.instant(), 4 + rows, List.of(new Wrong("orders", rows, 0)));
  }

  @Test
  void a_backup_goes_on_and_says_what_is_in_none() throws IOException {
    BackupReport report = service().backup(ONE);

    assertThat(figure(report)).isEqualTo(nobodys(1));
    assertThat(figure(report))
        .hasToString(
            "As of 2026-11-29T01:00:00Z, 1 row of 1 table (orders 1) is nobody's and in no backup");
    try (InputStream in = store.open(report.restorePoint().label())) {
      assertThat(ArchiveReader.withDefaults().readHead(in).manifest().ownership())
          .contains(nobodys(1));
    }
  }

  @Test
  void it_is_counted_once_a_day_for_all_tenants_and_every_process() {
    BackupService first = service();
    Figure counted = figure(first.backup(ONE));
    lab.execute("INSERT INTO orders VALUES (4, 9)");

    clock.advance(Duration.ofHours(23));
    assertThat(figure(first.backup(TWO))).isEqualTo(counted);
    assertThat(figure(service().backup(ONE))).isEqualTo(counted);

    clock.advance(Duration.ofHours(2));
    assertThat(figure(service().backup(ONE))).isEqualTo(nobodys(2));
  }

  @Test
  void a_run_over_all_tenants_counts_anew_and_once() {
    BackupService service = service();
    service.backup(ONE);
    lab.execute("INSERT INTO orders VALUES (4, 9)");
    clock.advance(Duration.ofMinutes(1));

    List<BackupOutcome> outcomes = service.backupAll();

    assertThat(outcomes)
        .extracting(outcome -> figure(outcome.report().orElseThrow()))
        .containsExactly(nobodys(2), nobodys(2));
    assertThat(service.lastOwnershipCheck()).contains(nobodys(2));
  }

  @Test
  void another_schema_and_another_model_are_counted_anew() {
    service().backup(ONE);
    clock.advance(Duration.ofMinutes(1));
    lab.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER)");
    assertThat(figure(service().backup(ONE))).isEqualTo(nobodys(1));

    clock.advance(Duration.ofMinutes(1));
    model = TenantModel.rootedAt("tenants").column("tenant_id").allowNobodys("orders").build();
    assertThat(figure(service().backup(ONE))).isEqualTo(new Figure(clock.instant(), 5, List.of()));
  }

  @Test
  void health_is_told_by_whatever_process_counted_last() {
    BackupHealth health = BackupHealth.builder(service()).build();
    assertThat(health.check().ownership()).isEmpty();

    service().backup(ONE);
    assertThat(health.check().lostRows().orElseThrow())
        .contains("1 row of 1 table (orders 1) is nobody's");

    lab.execute("UPDATE orders SET tenant_id = 2 WHERE id = 3");
    clock.advance(Duration.ofMinutes(1));
    assertThat(service().checkOwnership(Progress.none()).isComplete()).isTrue();
    assertThat(health.check().lostRows()).isEmpty();
    assertThat(health.check().ownership()).isPresent();
  }

  @Test
  void a_note_that_is_none_or_cannot_be_kept_stops_nothing() throws IOException {
    lab.execute("ALTER TABLE orders RENAME TO \"a : b\nc\"");
    service().backup(ONE);
    Path note = folder.resolve("app.sqlite3" + TreeGuard.CHECKED_NOTE);
    String whole = Files.readString(note);
    assertThat(service().lastOwnershipCheck().orElseThrow().tables())
        .containsExactly(new Wrong("a : b\nc", 1, 0));

    for (String spoilt :
        List.of(
            "", "rubbish", whole.substring(0, whole.length() - 6), whole.replace("1:0:", "x:"))) {
      Files.writeString(note, spoilt);
      assertThat(service().lastOwnershipCheck()).isEmpty();
      assertThat(figure(service().backup(ONE)).nobodys()).isEqualTo(1);
    }

    Files.delete(note);
    Files.createDirectory(note);
    assertThat(figure(service().backup(ONE)).nobodys()).isEqualTo(1);
  }
}
