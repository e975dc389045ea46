package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.RestoreTenantJob;
import dev.sevenfold.backup.job.ScheduledJob;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs of which nobody makes a second attempt but a person: restores. */
class NotRepeatableJobTest implements ScheduledJob {

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
  private final JobStore store = new InMemoryJobStore();
  private final Nights manual =
      new Nights(store, time, builder -> builder.job(this));
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

  @AfterEach
  void close() {
    manual.close();
  }

  private void hoursPass() {
    for (int minute = 0; minute < 6 * 60; minute++) {
      manual.tick(Duration.ofMinutes(1));
    }
  }

  private JobStatus stored() {
    return store.find(restore.key()).orElseThrow();
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
    store.claim("dead", Set.of(label()), time.instant(), 1);

    hoursPass();

    assertThat(attempts).isZero();
    assertThat(stored().state()).isEqualTo(JobState.FAILED);
    assertThat(stored().running()).isEqualTo(Optional.empty());
    assertThat(stored().last().orElseThrow().outcome().toString()).contains("died");
  }
}
