package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupHealth;
import dev.sevenfold.backup.BackupJobs;
import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that keeps its schedules beside its tenants, in one database. */
class BackupsOnScheduleTest {

  private static final TenantId ONE = TenantId.of(1);
  private static final Job NIGHTLY =
      BackupTenantJob.forTenant(ONE).on(CronSchedule.parse("1 1 * * *", ZoneOffset.UTC));

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");

  @TempDir Path folder;
  private Path file;
  private BackupService backups;
  private Nights nights;

  @BeforeEach
  void open() {
    file = folder.resolve("host.sqlite3");
    Database.execute(
        file,
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, text TEXT)",
        "INSERT INTO tenants VALUES (1, 'Acme'), (2, 'Bravo')",
        "INSERT INTO notes VALUES (1, 1, 'ours'), (2, 2, 'theirs')");
    backups =
        BackupService.builder(
                SqliteTenantSource.builder(
                        file, TenantModel.rootedAt("tenants").column("tenant_id").build())
                    .clock(time)
                    .build(),
                new InMemoryArchiveStore())
            .clock(time)
            .build();
    nights = nights();
  }

  private Nights nights() {
    return Nights.of(
        BackupScheduler.builder(JobDatabase.file(file).connections()),
        time,
        builder -> builder.job(BackupJobs.of(backups).backupTenant()));
  }

  @AfterEach
  void close() {
    nights.close();
    backups.close();
  }

  @Test
  void one_firing_makes_one_backup_and_the_tables_of_the_scheduler_stop_none() {
    nights.scheduler().set(NIGHTLY);

    nights.runUntil("2026-11-25T02:00:00Z", Duration.ofMinutes(20));

    assertThat(backups.restorePoints(ONE)).hasSize(3);
  }

  @Test
  void a_clock_that_jumps_a_month_ahead_and_back_makes_one_backup_for_each_firing() {
    nights.scheduler().set(NIGHTLY);
    nights.runUntil("2026-11-23T01:30:00Z", Duration.ofMinutes(30));
    time.jumpTo(Instant.parse("2026-12-23T00:30:00Z"));
    nights.runDue();
    nights.runDue();
    time.jumpTo(Instant.parse("2026-11-23T00:30:00Z"));
    nights.runUntil("2026-11-24T02:00:00Z", Duration.ofMinutes(30));

    assertThat(backups.restorePoints(ONE))
        .extracting(point -> point.capturedAt().toString())
        .containsExactlyInAnyOrder(
            // The firing that came twice found this one the second time.
            "2026-11-23T01:30:00Z", "2026-12-23T00:30:00Z", "2026-11-24T01:30:00Z");
  }

  @Test
  void a_firing_whose_node_died_when_the_backup_was_there_makes_no_second_one() {
    nights.scheduler().set(NIGHTLY);
    nights.runUntil("2026-11-23T01:30:00Z", Duration.ofMinutes(30));
    long fired = Instant.parse("2026-11-23T01:01:00Z").toEpochMilli();
    Database.execute(
        file,
        "UPDATE sevenfold_job_schedule SET last_scheduled_at = NULL",
        "UPDATE sevenfold_job_task SET task_data = CAST('%1$d %1$d 1 %1$d' AS BLOB)"
            .formatted(fired));
    Database.pickAll(file, time.millis());

    nights.tick(Duration.ofMinutes(2));

    FiringRecord last =
        nights.scheduler().find(NIGHTLY.key()).flatMap(JobStatus::last).orElseThrow();
    assertThat(last.attempt()).isEqualTo(2);
    assertThat(last.outcome()).isInstanceOf(JobOutcome.AlreadyDone.class);
    assertThat(backups.restorePoints(ONE)).hasSize(1);
  }

  @Test
  void health_knows_what_is_planned_and_what_failed_before_a_restart() {
    nights.scheduler().set(NIGHTLY);
    Database.execute(file, "CREATE TABLE of_nobody (id INTEGER)");
    nights.runUntil("2026-11-25T12:00:00Z", Duration.ofMinutes(30));
    nights.close();
    nights = nights();
    BackupHealth health = BackupHealth.builder(backups).scheduler(nights.scheduler()).build();

    BackupStatus status = health.check(ONE);

    assertThat(status.state()).isEqualTo(BackupStatus.State.OVERDUE);
    assertThat(status.dueSince()).isEqualTo(Optional.of(Instant.parse("2026-11-23T01:01:00Z")));
    assertThat(status.lastFailure().orElseThrow().what()).contains("of_nobody");
    assertThat(health.check(TenantId.of(2)).state()).isEqualTo(BackupStatus.State.UNPLANNED);
    nights.scheduler().pause(NIGHTLY.key());
    assertThat(health.check(ONE).state()).isEqualTo(BackupStatus.State.FAILING);
  }
}
