package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of firings whose node died. */
class DeadNodesTest {

  private static final Duration LEASE = Duration.ofMinutes(1);

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
  private final RecordingJob work = new RecordingJob();
  private final Job request = BackupTenantJob.forTenant(TenantId.of(42));

  @TempDir Path folder;
  private Path file;
  private Nights manual;

  @BeforeEach
  void open() {
    file = folder.resolve("jobs.sqlite3");
    manual = node(RetryPolicy.DEFAULT);
  }

  private Nights node(RetryPolicy retry) {
    return Nights.of(
        BackupScheduler.builder(file),
        time,
        builder -> builder.job(work).lease(LEASE).retry(retry));
  }

  @AfterEach
  void close() {
    manual.close();
  }

  private void takeUpAndDie(Job job) {
    manual.scheduler().submit(job);
    Database.pickAll(file, time.millis());
  }

  private JobStatus stored() {
    return manual.scheduler().find(request.key()).orElseThrow();
  }

  @Test
  void another_node_takes_over_after_a_lease_of_silence_and_not_before() {
    Firing fired = request.firing(time.instant());
    takeUpAndDie(request);
    assertThat(stored().running().orElseThrow().node()).isEqualTo("dead");
    manual.runDue();

    assertThat(manual.tick(LEASE.minusMillis(1))).isZero();
    assertThat(manual.tick(Duration.ofMillis(1))).isEqualTo(1);

    assertThat(work.firings()).containsExactly(fired);
    assertThat(stored().last().orElseThrow().attempt()).isEqualTo(2);
    assertThat(stored().state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void a_node_that_beats_keeps_its_claim() {
    takeUpAndDie(request);
    for (int i = 0; i < 20; i++) {
      assertThat(manual.tick(LEASE.dividedBy(2))).isZero();
      Database.pickAll(file, time.millis());
    }

    assertThat(work.firings()).isEmpty();
    assertThat(stored().state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void a_dead_node_whose_clock_was_years_ahead_does_not_live_until_then() {
    manual.runDue();
    manual.scheduler().submit(request);
    Database.pickAll(file, time.millis() + Duration.ofDays(4_000).toMillis());

    manual.tick(Duration.ofHours(2));
    assertThat(manual.tick(LEASE)).isEqualTo(1);

    assertThat(stored().state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void a_firing_that_kills_every_node_is_given_up() {
    manual.close();
    manual = node(new RetryPolicy(1, Duration.ofMinutes(1), Duration.ofMinutes(1)));
    manual.scheduler().submit(request);
    // A second node took over, and died as well.
    Database.execute(
        file,
        "UPDATE sevenfold_job_task SET task_data = CAST('%1$d %1$d 2 %1$d' AS BLOB)"
            .formatted(time.millis()));
    Database.pickAll(file, time.millis());

    manual.tick(LEASE);

    assertThat(work.firings()).isEmpty();
    assertThat(stored().last().orElseThrow().outcome().toString()).contains("died");
    assertThat(stored().state()).isEqualTo(JobState.FAILED);
    assertThat(stored().last().orElseThrow().over()).isTrue();
  }

  @Test
  void what_was_recorded_before_the_node_died_is_not_done_again() {
    manual.scheduler().submit(request);
    manual.runDue();
    manual.scheduler().submit(request);
    Database.execute(
        file,
        "UPDATE sevenfold_job_schedule SET last_scheduled_at = "
            + time.millis()
            + ", last_over = 1");
    Database.pickAll(file, time.millis());

    manual.tick(LEASE.multipliedBy(3));

    assertThat(work.firings()).hasSize(1);
    assertThat(stored().running()).isEmpty();
    assertThat(stored().next()).isEmpty();
  }

  @Test
  void jobs_of_a_label_that_this_node_does_not_know_are_left_to_others() {
    Job foreign = SystemBackupJob.job();
    takeUpAndDie(foreign);
    manual.runDue();

    for (int day = 0; day < 60; day++) {
      manual.tick(Duration.ofDays(1));
    }

    List<JobStatus> jobs = manual.scheduler().jobs();
    assertThat(jobs).extracting(JobStatus::state).containsExactly(JobState.RUNNING);
    assertThat(jobs.get(0).running().orElseThrow().node()).isEqualTo("dead");
  }
}
