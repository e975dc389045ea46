package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.schedule.BackupTenantJob;
import dev.sevenfold.backup.schedule.JobOutcome;
import dev.sevenfold.backup.schedule.RestoreTenantJob;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupJobsTest {

  private static final TenantId TWO = TenantId.of(2);
  private static final Instant NOW = Instant.parse("2026-11-22T01:01:05Z");

  @TempDir Path folder;
  private SharedDatabase database;
  private BackupService backups;

  @BeforeEach
  void create() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    database = SharedDatabase.create(folder, 3, 1);
    backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).clock(clock).build(),
                new InMemoryArchiveStore())
            .clock(clock)
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
}
