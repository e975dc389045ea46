package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.JobSamples.LABELS;
import static dev.sevenfold.backup.testkit.JobSamples.NOW;
import static dev.sevenfold.backup.testkit.JobSamples.due;
import static dev.sevenfold.backup.testkit.JobSamples.finished;
import static dev.sevenfold.backup.testkit.JobSamples.job;
import static dev.sevenfold.backup.testkit.JobSamples.minutes;
import static dev.sevenfold.backup.testkit.JobSamples.scheduled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.schedule.Claim;
import dev.sevenfold.backup.schedule.FiringRecord;
import dev.sevenfold.backup.schedule.Job;
import dev.sevenfold.backup.schedule.JobKey;
import dev.sevenfold.backup.schedule.JobOutcome;
import dev.sevenfold.backup.schedule.JobStore;
import dev.sevenfold.backup.schedule.PlannedFiring;
import dev.sevenfold.backup.schedule.StoredJob;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link JobStore} promises, as tests. A store is proven by a class of a few lines:
 *
 * <pre>{@code
 * class TableJobStoreTest implements JobStoreContract {
 *   @Override
 *   public JobStore newStore() {
 *     return TableJobStore.in(emptyDatabase());
 *   }
 * }
 * }</pre>
 *
 * <p>The store may stay open when a test ends: whoever made it closes it.
 */
public interface JobStoreContract extends JobClaimsContract {

  /** A new, empty store, which shares no job with those given before. */
  @Override
  JobStore newStore() throws Exception;

  @Test
  default void keeps_a_job_with_all_its_parts() throws Exception {
    JobStore store = newStore();
    PlannedFiring next =
        new PlannedFiring(NOW, minutes(3), 2, Optional.of(minutes(60)), minutes(-1));
    Job inactive = Job.of(JobKey.system("SystemBackupJob")).withActive(false);

    assertThat(store.save(scheduled("acme/ø"), Optional.of(next), 0)).isTrue();
    assertThat(store.save(inactive, Optional.empty(), 0)).isTrue();

    StoredJob stored = store.find(scheduled("acme/ø").key()).orElseThrow();
    assertThat(stored.job()).isEqualTo(scheduled("acme/ø"));
    assertThat(stored.next()).contains(next);
    assertThat(stored.running()).isEmpty();
    assertThat(stored.last()).isEmpty();
    assertThat(store.list())
        .extracting(StoredJob::job)
        .containsExactly(inactive, scheduled("acme/ø"));
    assertThat(store.find(job("other", "main").key())).isEmpty();
  }

  @Test
  default void keeps_a_change_only_if_nobody_was_faster() throws Exception {
    JobStore store = newStore();
    store.save(scheduled("1"), Optional.empty(), 0);
    long seen = store.find(scheduled("1").key()).orElseThrow().revision();

    assertThat(store.save(scheduled("1").withActive(false), due(NOW), seen)).isTrue();
    assertThat(store.save(scheduled("1"), Optional.empty(), seen)).isFalse();
    assertThat(store.save(scheduled("1"), Optional.empty(), 0)).isFalse();
    assertThat(store.save(scheduled("2"), Optional.empty(), seen)).isFalse();

    assertThat(store.list()).hasSize(1);
    assertThat(store.list().get(0).job().active()).isFalse();
  }

  @Test
  default void lists_the_jobs_of_exactly_one_tenant() throws Exception {
    JobStore store = newStore();
    for (String tenant : List.of("1", "10", "11")) {
      store.save(job(tenant, "main"), Optional.empty(), 0);
    }
    store.save(job("1", "extra"), Optional.empty(), 0);

    assertThat(store.list(TenantId.of("1")))
        .extracting(stored -> stored.job().key().toString())
        .containsExactly("BackupTenantJob of tenant 1 (extra)", "BackupTenantJob of tenant 1");
  }

  @Test
  default void records_every_outcome_and_the_latest_attempt_of_a_firing() throws Exception {
    JobStore store = newStore();
    JobKey key = job("1", "main").key();
    Label label = Label.parse("tenant_1_20261122120000-2");
    List<JobOutcome> outcomes =
        List.of(
            new JobOutcome.Failed("The store is full", "Make room", true),
            new JobOutcome.Interrupted(),
            new JobOutcome.AlreadyDone(label),
            new JobOutcome.Finished(Optional.empty()));
    store.save(job("1", "main"), due(NOW), 0);

    for (JobOutcome outcome : outcomes) {
      Claim claim = store.claim("a", LABELS, NOW, 1).get(0);
      FiringRecord record =
          new FiringRecord(NOW, claim.attempt(), NOW, minutes(1), outcome, outcome.done());
      long revision = store.find(key).orElseThrow().revision();
      assertThat(store.finish(claim, revision, record, due(NOW))).isTrue();
      assertThat(store.history(key, 9)).containsExactly(record);
      assertThat(store.isOver(key, NOW)).isEqualTo(outcome.done());
    }
  }

  @Test
  default void keeps_the_latest_firings_only() throws Exception {
    JobStore store = newStore();
    JobKey key = job("1", "main").key();
    store.save(job("1", "main"), due(NOW), 0);
    int firings = JobStore.KEPT_FIRINGS + 5;

    for (int i = 0; i < firings; i++) {
      Claim claim = store.claim("a", LABELS, minutes(i), 1).get(0);
      long revision = store.find(key).orElseThrow().revision();
      store.finish(claim, revision, finished(claim, minutes(i)), due(minutes(i + 1)));
    }

    assertThat(store.history(key, 1000)).hasSize(JobStore.KEPT_FIRINGS);
    assertThat(store.history(key, 2))
        .extracting(FiringRecord::scheduledAt)
        .containsExactly(minutes(firings - 1), minutes(firings - 2));
  }

  @Test
  default void keeps_firings_of_a_future_that_the_clock_was_in_once() throws Exception {
    JobStore store = newStore();
    JobKey key = job("1", "main").key();
    List<Instant> instants = new ArrayList<>(List.of(minutes(10_000)));
    for (int i = 0; i < 2 * JobStore.KEPT_FIRINGS; i++) {
      instants.add(minutes(i));
    }
    // Ahead once more, and farther.
    instants.add(JobStore.KEPT_FIRINGS / 2, minutes(20_000));
    store.save(job("1", "main"), due(instants.get(0)), 0);

    for (int i = 0; i < instants.size() - 1; i++) {
      Claim claim = store.claim("a", LABELS, minutes(20_000), 1).get(0);
      long revision = store.find(key).orElseThrow().revision();
      store.finish(claim, revision, finished(claim, NOW), due(instants.get(i + 1)));
    }

    assertThat(store.isOver(key, minutes(10_000))).isTrue();
    assertThat(store.isOver(key, minutes(20_000))).isTrue();
    assertThat(store.history(key, 1000)).hasSize(JobStore.KEPT_FIRINGS + 2);
  }

  @Test
  default void finds_plans_that_no_longer_hold() throws Exception {
    JobStore store = newStore();
    store.save(job("fine", "main"), due(NOW), 0);
    Instant yesterday = NOW.minus(Duration.ofDays(1));
    store.save(job("superseded", "main"), due(yesterday), 0);
    store.save(job("ahead", "main"), due(minutes(60)), 0);

    assertThat(store.outdated(NOW, minutes(1)))
        .extracting(stored -> stored.job().key().tenant().orElseThrow().value())
        .containsExactly("ahead", "superseded");
    assertThat(store.due(NOW))
        .extracting(stored -> stored.job().key().tenant().orElseThrow().value())
        .containsExactly("fine", "superseded");
    store.claim("a", LABELS, NOW, 9);
    assertThat(store.due(NOW)).isEmpty();
  }

  @Test
  default void remembers_when_a_scheduler_was_last_at_work() throws Exception {
    JobStore store = newStore();

    assertThat(store.alive(NOW)).isEmpty();
    assertThat(store.alive(minutes(1))).contains(NOW);
    assertThat(store.alive(minutes(-5))).contains(minutes(1));
    assertThat(store.alive(NOW)).contains(minutes(-5));
  }
}
