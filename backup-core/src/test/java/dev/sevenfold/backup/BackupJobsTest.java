package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobProgress;
import dev.sevenfold.backup.job.RestoreTenantJob;
import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupJobsTest {

  private static final TenantId TWO = TenantId.of(2);
  private static final Instant NOW = Instant.parse("2026-11-22T01:01:05Z");

  @TempDir Path folder;
  private final TestClock clock = TestClock.at(NOW.toString());
  private SharedDatabase database;
  private BackupService backups;

  @BeforeEach
  void create() {
    database = SharedDatabase.create(folder, 3, 1);
    backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).clock(clock).build(),
                new InMemoryArchiveStore())
            .clock(clock)
            .system(
                SystemBackups.builder(new InMemoryArchiveStore())
                    .source(
                        SqliteSystemSource.builder()
                            .database("primary", database.file())
                            .clock(clock)
                            .build())
                    .clock(clock))
            .build();
  }

  @AfterEach
  void close() {
    backups.close();
  }

  @Test
  void a_firing_makes_one_backup_however_often_it_is_tried() {
    BackupTenantJob job = BackupJobs.of(backups).backupTenant();
    var firing = BackupTenantJob.forTenant(TWO).firing(NOW.minusSeconds(5));

    JobOutcome first = job.run(firing, Progress.none());
    JobOutcome second = job.run(firing, Progress.none());

    assertThat(first).isInstanceOf(JobOutcome.Finished.class);
    assertThat(second).isInstanceOf(JobOutcome.AlreadyDone.class);
    assertThat(backups.restorePoints(TWO)).hasSize(1);
  }

  @Test
  void a_restore_runs_as_a_job() {
    Map<String, List<String>> then = database.dumpOf(2);
    var label = backups.backup(TWO).restorePoint().label();
    database.deleteAllOf(2);

    JobOutcome outcome =
        BackupJobs.of(backups)
            .restoreTenant()
            .run(RestoreTenantJob.forTenant(TWO, label).firing(NOW), Progress.none());

    assertThat(outcome).isInstanceOf(JobOutcome.Finished.class);
    assertThat(database.dumpOf(2)).isEqualTo(then);
  }

  @Test
  void a_refused_backup_is_a_failed_outcome() {
    JobOutcome outcome =
        BackupJobs.of(backups)
            .backupTenant()
            .run(BackupTenantJob.forTenant(TenantId.of(77)).firing(NOW), Progress.none());

    assertThat(outcome).isInstanceOf(JobOutcome.Failed.class);
  }

  @Test
  void a_restore_that_a_framework_tries_again_puts_nothing_back_and_says_why() {
    var label = backups.backup(TWO).restorePoint().label();
    RestoreTenantJob job = BackupJobs.of(backups).restoreTenant();
    Firing firing = RestoreTenantJob.forTenant(TWO, label).firing(NOW);
    database.deleteAllOf(2);
    job.run(firing);
    database.deleteAllOf(2);
    Map<String, List<String>> writtenSince = database.dumpOf(2);

    JobOutcome again = job.run(firing);

    assertThat(again).isInstanceOf(JobOutcome.Failed.class);
    assertThat(((JobOutcome.Failed) again).what())
        .contains("may have been restored since")
        .contains(backups.safetyPoints(TWO).get(0).label().value());
    assertThat(((JobOutcome.Failed) again).worthRetrying()).isFalse();
    assertThat(database.dumpOf(2)).isEqualTo(writtenSince);
    // Somebody who has looked asks again: that is another firing.
    clock.advance(Duration.ofMinutes(1));
    assertThat(job.run(RestoreTenantJob.forTenant(TWO, label).firing(clock.instant())))
        .isInstanceOf(JobOutcome.Finished.class);
  }

  @Test
  void a_firing_of_the_system_makes_one_backup_however_often_it_is_tried() {
    SystemBackupJob job = BackupJobs.of(backups).backupSystem();
    Firing firing = SystemBackupJob.job().firing(NOW.minusSeconds(5));
    List<JobProgress> heard = new ArrayList<>();

    JobOutcome first =
        job.run(
            firing,
            (step, unit, done, total) -> heard.add(new JobProgress(step, unit, done, total)));
    JobOutcome second = job.run(firing);

    assertThat(first)
        .isEqualTo(new JobOutcome.Finished(Optional.of(backups.system().points().get(0).label())));
    assertThat(second)
        .isEqualTo(new JobOutcome.AlreadyDone(backups.system().points().get(0).label()));
    assertThat(backups.system().points()).hasSize(1);
    assertThat(heard).extracting(JobProgress::step).contains("archive");
  }

  @Test
  void the_system_of_a_service_without_one_is_a_mistake_of_the_host() {
    try (BackupService tenantsAlone =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(),
                new InMemoryArchiveStore())
            .build()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> BackupJobs.of(tenantsAlone).backupSystem())
          .withMessageContaining("no system");
    }
  }
}
