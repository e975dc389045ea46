package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.ScheduledJob;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of which nobody makes a second attempt but a person: restores. */
class NotRepeatableJobTest implements ScheduledJob {

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
  @TempDir Path folder;
  private Nights manual;
  private final Job restore = Job.of(JobKey.of(label(), TenantId.of(1)));
  private JobOutcome outcome = new JobOutcome.Failed("The store is full", "Make room", true);
  private int attempts;

  @Override
  public String label() {
    return "RestoreTenantJob";
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  public JobOutcome run(Firing firing, Progress progress) {
    attempts++;
    return outcome;
  }

  @BeforeEach
  void open() {
    manual = Nights.of(BackupScheduler.builder(file()), time, builder -> builder.job(this));
  }

  private Path file() {
    return folder.resolve("jobs.sqlite3");
  }

  @AfterEach
  void close() {
    manual.close();
  }

  private void hoursPass() {
    for (int minutes = 0; minutes < 6 * 60; minutes += 10) {
      manual.tick(Duration.ofMinutes(10));
    }
  }

  private JobStatus stored() {
    return manual.scheduler().find(restore.key()).orElseThrow();
  }

  @Test
  void a_failure_that_would_be_worth_it_is_not_tried_again() {
    manual.scheduler().submit(restore);

    hoursPass();

    assertThat(attempts).isEqualTo(1);
    assertThat(stored().state()).isEqualTo(JobState.FAILED);
    assertThat(manual.scheduler().submit(restore)).isTrue();
  }

  @Test
  void an_interrupted_attempt_is_a_failure_that_says_so() {
    outcome = new JobOutcome.Interrupted();
    manual.scheduler().submit(restore);

    hoursPass();

    assertThat(attempts).isEqualTo(1);
    assertThat(stored().last().orElseThrow().outcome().toString()).contains("was interrupted");
  }

  @Test
  void an_attempt_whose_process_died_is_not_followed_by_another() {
    manual.scheduler().submit(restore);
    Database.pickAll(file(), time.millis());

    hoursPass();

    assertThat(attempts).isZero();
    assertThat(stored().state()).isEqualTo(JobState.FAILED);
    assertThat(stored().running()).isEqualTo(Optional.empty());
    assertThat(stored().last().orElseThrow().outcome().toString()).contains("died");
  }
}
