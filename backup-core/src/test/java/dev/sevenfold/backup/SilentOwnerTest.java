package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.ManualTime;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.BackupStatus.State;
import dev.sevenfold.backup.report.HealthReport;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.store.UnlistableFolders;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a tenant whose folder in the store cannot be listed. */
class SilentOwnerTest {

  private static final TenantId ONE = TenantId.of(1);
  private static final TenantId TWO = TenantId.of(2);
  private static final CronSchedule NIGHTLY = CronSchedule.parse("1 1 * * *", ZoneOffset.UTC);

  @TempDir Path folder;
  private final ManualTime time = ManualTime.at("2026-11-22T12:00:00Z");
  private final List<String> overdue = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private SharedDatabase database;
  private UnlistableFolders folders;
  private BackupService backups;

  @BeforeEach
  void back_up_both() {
    database = SharedDatabase.create(folder, 2, 1);
    folders = new UnlistableFolders(folder.resolve("store"));
    backups = service(folders.store());
    backups.backup(ONE);
    backups.backup(TWO);
  }

  @AfterEach
  void close() {
    backups.close();
  }

  private BackupService service(ArchiveStore store) {
    return BackupService.builder(
            SqliteTenantSource.builder(database.file(), database.model()).clock(time).build(),
            store)
        .clock(time)
        .listener(
            new BackupListener() {
              @Override
              public void backupOverdue(BackupStatus status) {
                overdue.add(status.toString());
              }

              @Override
              public void replicaUnavailable(StoreUnavailable outage) {
                heard.add(outage.what());
              }
            })
        .build();
  }

  private static BackupHealth nightly(BackupService service) {
    return BackupHealth.builder(service).schedules(tenant -> Optional.of(NIGHTLY)).build();
  }

  private static BackupStatus of(TenantId tenant, HealthReport report) {
    return report.tenants().stream()
        .filter(status -> status.tenant().equals(Optional.of(tenant)))
        .findFirst()
        .orElseThrow();
  }

  private void at(String instant) {
    time.set(Instant.parse(instant));
  }

  @Test
  void one_that_is_overdue_stays_so_and_is_told_of_once() {
    BackupHealth health = nightly(backups);
    at("2026-11-24T12:00:00Z");
    assertThat(of(ONE, health.check()).state()).isEqualTo(State.OVERDUE);
    folders.denied.add("tenant_1");

    BackupStatus silent = of(ONE, health.check());

    assertThat(silent.state()).isEqualTo(State.OVERDUE);
    assertThat(silent.dueSince()).contains(Instant.parse("2026-11-23T01:01:00Z"));
    assertThat(silent.archives()).isEqualTo(1);
    folders.denied.clear();
    assertThat(of(ONE, health.check()).state()).isEqualTo(State.OVERDUE);
    assertThat(overdue).hasSize(2).anyMatch(status -> status.startsWith("tenant 1: "));
  }

  @Test
  void one_that_was_well_is_so_no_longer_and_becomes_overdue_in_time() {
    BackupHealth health = nightly(backups);
    assertThat(of(ONE, health.check()).state()).isEqualTo(State.HEALTHY);
    folders.denied.add("tenant_1");

    BackupStatus silent = of(ONE, health.check());

    assertThat(silent.state()).isEqualTo(State.FAILING);
    assertThat(silent.lastVerified()).isPresent();
    assertThat(silent.lastFailure().orElseThrow().what()).contains("no permission for");
    at("2026-11-23T12:00:00Z");
    assertThat(of(ONE, health.check()).state()).isEqualTo(State.OVERDUE);
  }

  @Test
  void one_that_nothing_was_known_of_is_not_called_healthy_nor_watched_from_now_on() {
    folders.denied.add("tenant_1");
    BackupHealth health = nightly(backups);

    BackupStatus silent = of(ONE, health.check());

    assertThat(silent.state()).isEqualTo(State.FAILING);
    assertThat(silent.lastVerified()).isEmpty();
    at("2026-11-24T12:00:00Z");
    assertThat(of(ONE, health.check()).state()).isEqualTo(State.FAILING);
    assertThat(overdue).noneMatch(status -> status.startsWith("tenant 1: "));
  }

  @Test
  void another_one_without_archives_is_judged_as_ever() {
    try (BackupService empty = service(new UnlistableFolders(folder.resolve("other")).store())) {
      assertThat(of(ONE, nightly(empty).check()).state()).isEqualTo(State.HEALTHY);
    }
    UnlistableFolders one = new UnlistableFolders(folder.resolve("of-one"));
    try (BackupService service = service(one.store())) {
      service.backup(ONE);
      one.denied.add("tenant_1");

      HealthReport report = nightly(service).check();

      assertThat(of(TWO, report).state()).isEqualTo(State.HEALTHY);
      assertThat(of(ONE, report).state()).isEqualTo(State.FAILING);
    }
  }

  @Test
  void a_replica_that_does_not_answer_may_have_them_too() {
    Outage there = new Outage("another machine", new InMemoryArchiveStore());
    UnlistableFolders here = new UnlistableFolders(folder.resolve("here"));
    try (BackupService service = service(MirroredArchiveStore.of(here.store(), there.store()))) {
      there.begin();
      BackupHealth health = nightly(service);

      assertThat(of(ONE, health.check()).state()).isEqualTo(State.FAILING);
      assertThat(health.check(ONE).state()).isEqualTo(State.FAILING);
    }
  }

  @Test
  void it_is_told_of_once_however_often_others_are_listed() {
    folders.denied.add("tenant_1");

    for (int round = 0; round < 5; round++) {
      assertThat(backups.archivedTenants()).containsExactly(TWO);
      assertThat(backups.restorePoints(TWO)).hasSize(1);
    }

    assertThat(heard).hasSize(1).first().asString().contains("tenant_1");
    folders.denied.clear();
    assertThat(backups.archivedTenants()).hasSize(2);
    folders.denied.add("tenant_1");
    assertThat(backups.archivedTenants()).hasSize(1);
    assertThat(heard).hasSize(2);
  }

  @Test
  void in_one_replica_it_is_told_of_once_however_often_anybody_is_listed() {
    UnlistableFolders first = new UnlistableFolders(folder.resolve("first"));
    UnlistableFolders second = new UnlistableFolders(folder.resolve("second"));
    try (BackupService service = service(MirroredArchiveStore.of(first.store(), second.store()))) {
      service.backup(ONE);
      service.backup(TWO);
      second.denied.add("tenant_1");

      for (int round = 0; round < 5; round++) {
        assertThat(service.archivedTenants()).hasSize(2);
        assertThat(service.restorePoints(ONE)).hasSize(1);
        assertThat(service.restorePoints(TWO)).hasSize(1);
      }

      assertThat(heard).hasSize(1).first().asString().contains("second/tenant_1");
    }
  }

  @Test
  void health_names_it_though_others_are_backed_up_meanwhile() {
    folders.denied.add("tenant_1");
    BackupHealth health =
        BackupHealth.builder(backups)
            .schedules(
                tenant -> {
                  backups.restorePoints(TWO); // between the list and the report
                  return Optional.of(NIGHTLY);
                })
            .build();

    assertThat(health.check().silentReplicas())
        .containsExactly("directory " + folder.resolve("store/tenant_1"));
  }

  @Test
  void a_database_without_tenants_is_refused_while_nobody_knows_what_the_store_has() {
    folders.denied.addAll(List.of("tenant_1", "tenant_2"));
    database.deleteAllOf(1);
    database.deleteAllOf(2);

    assertThatThrownBy(() -> backups.backupAll())
        .isInstanceOf(BackupRefused.class)
        .hasMessageContaining("it has no tenant")
        .hasMessageContaining("tenant_1");
    assertThat(backups.backupAll(BackupOptions.DEFAULT.acceptingMissing())).isEmpty();
  }
}
