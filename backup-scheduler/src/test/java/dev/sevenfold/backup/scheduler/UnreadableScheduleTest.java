package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schedule in a zone that was renamed away, or that was written by a version to come. */
class UnreadableScheduleTest {

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
  private final RecordingJob work = new RecordingJob();

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("jobs.sqlite3");
  }

  private Nights nights() {
    return Nights.of(BackupScheduler.builder(file()), time, builder -> builder.job(work));
  }

  private static Job nightly(int tenant) {
    return BackupTenantJob.forTenant(TenantId.of(tenant))
        .on(CronSchedule.parse("1 1 * * *", ZoneOffset.UTC));
  }

  @Test
  void is_named_and_stops_only_itself() {
    try (Nights nights = nights()) {
      nights.scheduler().set(nightly(1));
      nights.scheduler().set(nightly(2));
    }
    Database.execute(
        file(), "UPDATE sevenfold_job_schedule SET zone = 'Mars/Olympus' WHERE tenant = '1'");
    try (Nights nights = nights()) {
      nights.runUntil("2026-11-24T02:00:00Z", Duration.ofMinutes(30));

      assertThat(work.tenants()).containsExactly("2", "2");
      JobStatus lost = nights.scheduler().find(nightly(1).key()).orElseThrow();
      assertThat(lost.state()).isEqualTo(JobState.FAILED);
      assertThat(lost.next()).isEmpty();
      assertThat(((JobOutcome.Failed) lost.last().orElseThrow().outcome()).what())
          .contains("\"1 1 * * *\"", "\"Mars/Olympus\"");
      assertThat(nights.scheduler().runNow(nightly(1).key())).isFalse();

      nights.scheduler().set(nightly(1));
      nights.runUntil("2026-11-25T02:00:00Z", Duration.ofMinutes(30));
      assertThat(work.tenants()).containsExactlyInAnyOrder("2", "2", "1", "2");
    }
  }

  @Test
  void fires_again_when_java_knows_its_zone() {
    try (Nights nights = nights()) {
      nights.scheduler().set(nightly(1));
      Database.execute(file(), "UPDATE sevenfold_job_schedule SET zone = 'Mars/Olympus'");
      nights.runUntil("2026-11-23T02:00:00Z", Duration.ofMinutes(30));
    }
    Database.execute(file(), "UPDATE sevenfold_job_schedule SET zone = 'UTC'");

    try (Nights nights = nights()) {
      nights.runUntil("2026-11-24T02:00:00Z", Duration.ofMinutes(30));
    }

    assertThat(work.instants()).containsExactly("2026-11-24T01:01:00Z");
  }
}
