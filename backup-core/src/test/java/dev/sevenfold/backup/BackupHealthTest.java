package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.ManualTime;
import dev.sevenfold.backup.job.Schedules;
import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.BackupStatus.State;
import dev.sevenfold.backup.report.HealthReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupHealthTest {

  private static final TenantId ONE = TenantId.of(1);
  private static final CronSchedule NIGHTLY = CronSchedule.parse("1 1 * * *", ZoneOffset.UTC);
  private static final Instant FIRST_NIGHT = Instant.parse("2026-11-23T01:01:00Z");

  private final ManualTime time = ManualTime.at("2026-11-22T12:00:00Z");
  private final InMemoryArchiveStore store = new InMemoryArchiveStore();
  private final List<String> events = new ArrayList<>();

  @TempDir Path folder;
  private SharedDatabase database;
  private BackupService backups;

  @BeforeEach
  void create() {
    database = SharedDatabase.create(folder, 2, 1);
    backups = service().build();
  }

  @AfterEach
  void close() {
    backups.close();
  }

  private BackupService.Builder service() {
    return BackupService.builder(
            SqliteTenantSource.builder(database.file(), database.model()).clock(time).build(),
            store)
        .clock(time)
        .listener(
            new BackupListener() {
              @Override
              public void backupOverdue(BackupStatus status) {
                events.add(status.toString());
              }
            });
  }

  private BackupHealth nightly() {
    return BackupHealth.builder(backups).schedules(tenant -> Optional.of(NIGHTLY)).build();
  }

  private void at(String instant) {
    time.set(Instant.parse(instant));
  }

  private void sql(String statement) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database.file());
        Statement run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  /** Every backup is refused from now on. */
  private void breakBackups() {
    sql("CREATE TABLE of_nobody (id INTEGER PRIMARY KEY)");
  }

  private static void ignoringFailure(ThrowingCallable backup) {
    assertThat(catchThrowable(backup)).isNotNull();
  }

  @Test
  void is_healthy_while_the_backup_that_was_due_last_is_there_and_proven() {
    at("2026-11-23T01:01:04Z");
    Label label = backups.backup(ONE).restorePoint().label();
    at("2026-11-23T23:01:04Z");

    BackupStatus status = nightly().check(ONE);

    assertThat(status.state()).isEqualTo(State.HEALTHY);
    assertThat(status.lastVerified())
        .contains(new BackupStatus.Verified(label, Instant.parse("2026-11-23T01:01:04Z")));
    assertThat(status.age()).contains(Duration.ofHours(22));
    assertThat(status.dueSince()).isEmpty();
    assertThat(status.lastFailure()).isEmpty();
  }

  @Test
  void is_overdue_an_hour_after_it_was_due_and_says_so_once_each_time() {
    BackupHealth health = nightly();
    backups.backup(ONE);

    at("2026-11-23T02:00:59Z");
    assertThat(health.check(ONE).state()).isEqualTo(State.HEALTHY);
    assertThat(health.check(ONE).dueSince()).contains(FIRST_NIGHT);
    at("2026-11-23T02:01:00Z");
    assertThat(health.check(ONE).state()).isEqualTo(State.OVERDUE);
    at("2026-11-25T12:00:00Z");
    assertThat(health.check(ONE).dueSince()).contains(FIRST_NIGHT);
    assertThat(events).containsExactly("tenant 1: overdue since 2026-11-23T01:01:00Z");

    backups.backup(ONE);
    assertThat(health.check(ONE).state()).isEqualTo(State.HEALTHY);
    at("2026-11-26T12:00:00Z");
    health.check(ONE);
    assertThat(events).hasSize(2);
    assertThat(events.get(1)).isEqualTo("tenant 1: overdue since 2026-11-26T01:01:00Z");
  }

  @Test
  void the_host_says_how_late_a_backup_may_be() {
    BackupHealth health =
        BackupHealth.builder(backups)
            .schedules(tenant -> Optional.of(NIGHTLY))
            .overdueAfter(Duration.ofHours(6))
            .build();
    backups.backup(ONE);

    at("2026-11-23T07:00:59Z");
    assertThat(health.check(ONE).state()).isEqualTo(State.HEALTHY);
    at("2026-11-23T07:01:00Z");
    assertThat(health.check(ONE).state()).isEqualTo(State.OVERDUE);
  }

  @Test
  void a_new_tenant_is_healthy_until_its_first_night_has_passed() {
    BackupHealth health = nightly();

    assertThat(health.check().worst()).isEqualTo(State.HEALTHY);
    at("2026-11-23T02:01:00Z");

    assertThat(health.check().in(State.OVERDUE))
        .extracting(BackupStatus::toString)
        .containsExactly(
            "tenant 1: overdue since 2026-11-23T01:01:00Z",
            "tenant 2: overdue since 2026-11-23T01:01:00Z");
  }

  @Test
  void an_archive_that_is_not_proven_or_of_the_future_is_no_backup() {
    at("2030-01-01T00:00:00Z");
    backups.backup(ONE);
    at("2026-11-22T12:00:00Z");
    Label unproven = backups.backup(ONE).restorePoint().label();
    store.record(unproven, store.stat(unproven).record().withoutVerification());

    BackupStatus status = nightly().check(ONE);

    assertThat(status.lastVerified()).isEmpty();
    assertThat(status.archives()).isEqualTo(2);
  }

  @Test
  void counts_all_archives_of_a_tenant_as_its_storage_and_no_others() {
    Label label = backups.backup(ONE).restorePoint().label();
    backups.backup(TenantId.of(2));
    at("2026-11-22T13:00:00Z");
    database.deleteAllOf(1);
    backups.restore(ONE, label);

    HealthReport report = nightly().check();

    long all =
        store.list(ArchiveOwner.anyone()).complete().stream()
            .mapToLong(StoredArchive::sizeBytes)
            .sum();
    assertThat(report.tenants()).extracting(BackupStatus::archives).containsExactly(2, 1);
    assertThat(report.tenants().get(0).storageBytes()).isPositive();
    assertThat(report.storageBytes()).isEqualTo(all);
  }

  @Test
  void a_failure_is_shown_until_a_backup_succeeds_and_is_remembered_after_it() {
    BackupHealth health = nightly();
    backups.backup(ONE);
    at("2026-11-22T13:00:00Z");
    breakBackups();
    ignoringFailure(() -> backups.backup(ONE));

    BackupStatus failing = health.check(ONE);

    assertThat(failing.state()).isEqualTo(State.FAILING);
    assertThat(failing.lastFailure().orElseThrow().what()).contains("of_nobody");
    assertThat(failing.lastFailure().orElseThrow().at())
        .isEqualTo(Instant.parse("2026-11-22T13:00:00Z"));
    sql("DROP TABLE of_nobody");
    at("2026-11-22T14:00:00Z");
    backups.backup(ONE);
    assertThat(health.check(ONE).state()).isEqualTo(State.HEALTHY);
    assertThat(health.check(ONE).lastFailure()).isPresent();
  }

  @Test
  void without_a_schedule_only_age_makes_a_backup_overdue() {
    backups.backup(ONE);
    BackupHealth unlimited = BackupHealth.builder(backups).build();
    BackupHealth limited = BackupHealth.builder(backups).maxAge(Duration.ofDays(2)).build();

    at("2026-11-24T11:59:59Z");
    assertThat(unlimited.check(ONE).state()).isEqualTo(State.UNPLANNED);
    assertThat(limited.check(ONE).state()).isEqualTo(State.HEALTHY);
    at("2026-11-24T12:00:00Z");
    assertThat(limited.check(ONE).state()).isEqualTo(State.OVERDUE);
    assertThat(unlimited.check(ONE).state()).isEqualTo(State.UNPLANNED);
  }

  @Test
  void knows_from_the_scheduler_what_is_planned_and_what_failed_before_a_restart() {
    at("2026-11-25T12:00:00Z");
    Job nightly = BackupTenantJob.forTenant(ONE).on(NIGHTLY);
    BackupHealth health = BackupHealth.builder(backups).scheduler(failing(nightly)).build();

    BackupStatus one = health.check(ONE);

    assertThat(one.state()).isEqualTo(State.OVERDUE);
    assertThat(one.dueSince()).contains(FIRST_NIGHT);
    assertThat(one.lastFailure().orElseThrow().what()).contains("of_nobody");
    assertThat(health.check(TenantId.of(2)).state()).isEqualTo(State.UNPLANNED);
    BackupHealth paused =
        BackupHealth.builder(backups).scheduler(failing(nightly.withActive(false))).build();
    assertThat(paused.check(ONE).state()).isEqualTo(State.FAILING);
  }

  /** A scheduler whose job has failed since the first night. */
  private static Schedules failing(Job job) {
    Instant last = Instant.parse("2026-11-25T01:01:00Z");
    JobOutcome outcome = new JobOutcome.Failed("Nobody claims of_nobody", "Classify it", false);
    return () ->
        List.of(
            new JobStatus(
                job,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new FiringRecord(last, 1, last, last, outcome, true)),
                Optional.of(FIRST_NIGHT)));
  }

  @Test
  void looks_at_the_system_as_at_a_tenant() {
    backups =
        service()
            .system(
                SystemBackups.builder(new InMemoryArchiveStore())
                    .source(
                        SqliteSystemSource.builder()
                            .database("primary", database.file())
                            .clock(time)
                            .build())
                    .clock(time))
            .build();
    JobStatus nightly =
        new JobStatus(
            SystemBackupJob.job().on(NIGHTLY),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    BackupHealth health = BackupHealth.builder(backups).scheduler(() -> List.of(nightly)).build();
    RestorePoint point = backups.backupSystem().point();

    BackupStatus healthy = health.check().system().orElseThrow();
    assertThat(healthy.state()).isEqualTo(State.HEALTHY);
    assertThat(healthy.lastVerified())
        .contains(new BackupStatus.Verified(point.label(), point.capturedAt()));
    assertThat(healthy.storageBytes()).isEqualTo(point.sizeBytes());
    at("2026-11-23T02:01:00Z");
    assertThat(health.check().worst()).isEqualTo(State.OVERDUE);
    assertThat(events).containsExactly("the system: overdue since 2026-11-23T01:01:00Z");
    assertThat(
            BackupHealth.builder(backups).systemSchedule(NIGHTLY).build().check().in(State.OVERDUE))
        .hasSize(1);
  }

  @Test
  void refuses_what_contradicts_itself() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                BackupHealth.builder(backups)
                    .scheduler(List::of)
                    .schedules(tenant -> Optional.empty())
                    .build())
        .withMessageContaining("scheduler(…)")
        .withMessageContaining("schedules(…)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackupHealth.builder(backups).maxAge(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackupHealth.builder(backups).overdueAfter(Duration.ofSeconds(-1)));
  }
}
