package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.PlannedFiring;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs of a version before, which had a scheduler of its own and a table sevenfold_job. */
class TakeOverTest {

  private static final JobKey NIGHTLY = BackupTenantJob.forTenant(TenantId.of("42")).key();

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void leaveWhatAVersionBeforeHasLeft() throws IOException {
    file = folder.resolve("jobs.sqlite3");
    try (InputStream sql = TakeOverTest.class.getResourceAsStream("version-1.sql")) {
      String statements = new String(sql.readAllBytes(), StandardCharsets.UTF_8);
      Database.execute(file, statements.split(";\\n"));
    }
  }

  @Test
  void nothing_is_lost_and_it_is_said_once() {
    try (BackupScheduler scheduler = BackupScheduler.builder(file).build()) {
      assertThat(scheduler.takenOver().orElseThrow())
          .startsWith("4 jobs were taken over from the table sevenfold_job");

      List<JobStatus> jobs = scheduler.jobs();
      assertThat(jobs).hasSize(4);
      JobStatus nightly = scheduler.find(NIGHTLY).orElseThrow();
      assertThat(nightly.job().schedule())
          .contains(CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen")));
      assertThat(nightly.job().arguments()).hasToString("controller:background_jobs");
      assertThat(nightly.next())
          .contains(
              new PlannedFiring(
                  Instant.parse("2026-11-25T00:01:00Z"),
                  Instant.parse("2026-11-25T00:03:30Z"),
                  1,
                  Instant.parse("2026-11-24T00:02:00Z")));
      assertThat(nightly.firstFiredAt()).contains(Instant.parse("2026-11-21T00:01:00Z"));
      FiringRecord last = nightly.last().orElseThrow();
      assertThat(last.scheduledAt()).isEqualTo(Instant.parse("2026-11-24T00:01:00Z"));
      assertThat(last.outcome()).isInstanceOf(JobOutcome.Finished.class);
      assertThat(scheduler.find(BackupTenantJob.forTenant(TenantId.of("paused")).key()))
          .map(JobStatus::state)
          .contains(JobState.INACTIVE);
      assertThat(jobs.get(0).job().key().tenant()).isEmpty();
      assertThat(((JobOutcome.Failed) jobs.get(0).last().orElseThrow().outcome()).what())
          .isEqualTo("The store is full");
    }
    try (BackupScheduler again = BackupScheduler.builder(file).build()) {
      assertThat(again.takenOver()).isEmpty();
      assertThat(again.jobs()).hasSize(4);
    }
    assertThat(
            Database.query(
                file,
                "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema"
                    + " WHERE name LIKE 'sevenfold%' AND type = 'table' ORDER BY name)"))
        .isEqualTo("sevenfold_job_schedule sevenfold_job_task sevenfold_job_version");
  }

  @Test
  void fires_on_as_planned_and_what_a_dead_node_was_at_is_tried_again() {
    MutableClock time = MutableClock.at(Instant.now());
    RecordingJob work = new RecordingJob();
    try (Nights nights =
        Nights.of(BackupScheduler.builder(file), time, builder -> builder.job(work))) {
      nights.tick(Duration.ofMinutes(2));
    }

    assertThat(work.tenants()).contains("42", "claimed");
    assertThat(work.tenants()).doesNotContain("paused");
  }

  @Test
  void a_version_before_refuses_to_start_empty_on_what_was_taken_over() {
    BackupScheduler.builder(file).build().close();

    assertThat(Database.query(file, "SELECT version FROM sevenfold_job_version")).isEqualTo("2");
  }

  @Test
  void jobs_of_a_later_version_are_not_touched() {
    Database.execute(file, "UPDATE sevenfold_job_version SET version = 3");

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> BackupScheduler.builder(file).build())
        .withMessageContaining("version 3");

    assertThat(Database.query(file, "SELECT count(*) FROM sevenfold_job")).isEqualTo("4");
  }

  @Test
  void a_take_over_that_fails_leaves_everything_as_it_was() {
    Database.execute(file, "CREATE TABLE sevenfold_job_task (in_the_way TEXT)");

    assertThatExceptionOfType(dev.sevenfold.backup.error.StoreUnavailable.class)
        .isThrownBy(() -> BackupScheduler.builder(file).build())
        .withMessageContaining("sevenfold_job_task");

    assertThat(Database.query(file, "SELECT version FROM sevenfold_job_version")).isEqualTo("1");
    assertThat(Database.query(file, "SELECT count(*) FROM sevenfold_job")).isEqualTo("4");
  }
}
