package dev.sevenfold.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every {@link JobStore} promises, as tests. To prove an implementation, make a test class
 * that implements this and says how a new, empty store is made.
 */
interface JobStoreContract {

  Instant NOW = Instant.parse("2026-11-22T12:00:00.123Z");
  Set<String> LABELS = Set.of("BackupTenantJob", "SystemBackupJob");

  /** A new, empty store; whoever implements this closes it after the test. */
  JobStore newStore() throws Exception;

  private static Job job(String tenant, String name) {
    return Job.of(JobKey.of("BackupTenantJob", TenantId.of(tenant)).named(name));
  }

  private static Job scheduled(String tenant) {
    return job(tenant, "main")
        .on(CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen")))
        .with(JobArguments.parse("controller:background_jobs"));
  }

  private static Optional<PlannedFiring> due(Instant at) {
    return Optional.of(new PlannedFiring(at, at, 1, Optional.of(at.plus(Duration.ofDays(1))), at));
  }

  private static Instant minutes(long minutes) {
    return NOW.plus(Duration.ofMinutes(minutes));
  }

  private static FiringRecord finished(Claim claim, Instant end) {
    JobOutcome outcome =
        new JobOutcome.Finished(Optional.of(Label.parse("tenant_1_20261122120000")));
    return new FiringRecord(
        claim.scheduledAt(), claim.attempt(), claim.startedAt(), end, outcome, true);
  }

  private static void end(JobStore store, Claim claim, Instant end) {
    long revision = store.find(claim.job().key()).orElseThrow().revision();
    assertThat(store.finish(claim, revision, finished(claim, end), Optional.empty())).isTrue();
  }

  private static List<String> names(List<Claim> claims) {
    return claims.stream()
        .map(claim -> claim.job().key().tenant().map(TenantId::value).orElse("system"))
        .toList();
  }

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
  default void claims_what_is_due_and_only_once() throws Exception {
    JobStore store = newStore();
    store.save(job("1", "main"), due(NOW), 0);
    store.save(job("2", "main"), due(minutes(1)), 0);

    List<Claim> claims = store.claim("a", LABELS, NOW, 10);

    assertThat(names(claims)).containsExactly("1");
    assertThat(claims.get(0).scheduledAt()).isEqualTo(NOW);
    assertThat(claims.get(0).node()).isEqualTo("a");
    assertThat(claims.get(0).attempt()).isEqualTo(1);
    assertThat(store.claim("b", LABELS, NOW, 10)).isEmpty();
    assertThat(store.claims()).isEqualTo(claims);
    StoredJob stored = store.find(job("1", "main").key()).orElseThrow();
    assertThat(stored.running()).contains(claims.get(0));
    assertThat(stored.next()).isEmpty();
    assertThat(stored.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  default void claims_only_what_the_node_can_run_and_as_many_as_it_asks_for() throws Exception {
    JobStore store = newStore();
    store.save(job("1", "main"), due(NOW), 0);
    store.save(job("2", "main"), due(NOW), 0);
    store.save(Job.of(JobKey.system("SystemBackupJob")), due(NOW), 0);

    assertThat(store.claim("a", Set.of("RestoreTenantJob"), NOW, 9)).isEmpty();
    assertThat(store.claim("a", LABELS, NOW, 0)).isEmpty();
    assertThat(names(store.claim("a", Set.of("SystemBackupJob"), NOW, 9)))
        .containsExactly("system");
    assertThat(store.claim("a", LABELS, NOW, 1)).hasSize(1);
  }

  @Test
  default void claims_a_tenants_jobs_one_at_a_time() throws Exception {
    JobStore store = newStore();
    store.save(job("1", "a"), due(NOW), 0);
    store.save(job("1", "b"), due(NOW), 0);

    List<Claim> first = store.claim("a", LABELS, NOW, 10);

    assertThat(names(first)).containsExactly("1");
    assertThat(store.claim("b", LABELS, NOW, 10)).isEmpty();
    end(store, first.get(0), minutes(1));
    assertThat(names(store.claim("b", LABELS, minutes(1), 10))).containsExactly("1");
  }

  @Test
  default void lets_no_tenant_wait_behind_all_jobs_of_another() throws Exception {
    JobStore store = newStore();
    for (int i = 0; i < 5; i++) {
      store.save(job("busy", "job" + i), due(minutes(i)), 0);
    }
    store.save(job("modest", "main"), due(minutes(10)), 0);

    List<String> served = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<Claim> claims = store.claim("a", LABELS, minutes(20 + i), 1);
      served.addAll(names(claims));
      claims.forEach(claim -> end(store, claim, NOW));
    }

    assertThat(served).containsExactly("busy", "modest", "busy", "busy");
  }

  @Test
  default void ends_a_claim_with_its_record_and_what_comes_next() throws Exception {
    JobStore store = newStore();
    store.save(job("1", "main"), due(NOW), 0);
    Claim claim = store.claim("a", LABELS, NOW, 1).get(0);
    long revision = store.find(claim.job().key()).orElseThrow().revision();

    assertThat(store.finish(claim, revision - 1, finished(claim, NOW), due(minutes(9)))).isFalse();
    assertThat(store.finish(claim, revision, finished(claim, minutes(2)), due(minutes(9))))
        .isTrue();
    assertThat(store.finish(claim, revision + 1, finished(claim, NOW), due(NOW))).isFalse();

    StoredJob stored = store.find(claim.job().key()).orElseThrow();
    assertThat(stored.last()).contains(finished(claim, minutes(2)));
    assertThat(stored.next()).isEqualTo(due(minutes(9)));
    assertThat(stored.running()).isEmpty();
    assertThat(store.isOver(claim.job().key(), NOW)).isTrue();
    assertThat(store.isOver(claim.job().key(), minutes(9))).isFalse();
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
  default void a_claim_is_kept_by_beating_and_shows_its_progress() throws Exception {
    JobStore store = newStore();
    store.save(job("1", "main"), due(NOW), 0);
    Claim claim = store.claim("a", LABELS, NOW, 1).get(0);
    JobProgress progress = new JobProgress("extract", Progress.Unit.TABLES, 3, 9);

    assertThat(store.beat(claim, Optional.of(progress))).isTrue();

    Claim beaten = store.claims().get(0);
    assertThat(beaten.beats()).isEqualTo(1);
    assertThat(beaten.progress()).contains(progress);
    assertThat(store.takeOver(claim, "b", NOW)).isEmpty();
    end(store, claim, NOW);
    assertThat(store.beat(claim, Optional.empty())).isFalse();
  }

  @Test
  default void passes_the_claim_of_a_dead_node_to_one_other_as_the_next_attempt() throws Exception {
    JobStore store = newStore();
    store.save(job("1", "main"), due(NOW), 0);
    Claim dead = store.claim("a", LABELS, NOW, 1).get(0);

    Claim taken = store.takeOver(dead, "b", minutes(5)).orElseThrow();

    assertThat(taken.scheduledAt()).isEqualTo(NOW);
    assertThat(taken.attempt()).isEqualTo(2);
    assertThat(taken.node()).isEqualTo("b");
    assertThat(store.takeOver(dead, "c", minutes(5))).isEmpty();
    assertThat(store.beat(dead, Optional.empty())).isFalse();
    long revision = store.find(dead.job().key()).orElseThrow().revision();
    assertThat(store.finish(dead, revision, finished(dead, NOW), Optional.empty())).isFalse();
    assertThat(store.beat(taken, Optional.empty())).isTrue();
  }

  @Test
  default void a_job_that_is_changed_while_it_runs_keeps_its_claim() throws Exception {
    JobStore store = newStore();
    store.save(job("1", "main"), due(NOW), 0);
    Claim claim = store.claim("a", LABELS, NOW, 1).get(0);
    long revision = store.find(claim.job().key()).orElseThrow().revision();

    assertThat(store.save(scheduled("1"), due(minutes(7)), revision)).isTrue();

    assertThat(store.beat(claim, Optional.empty())).isTrue();
    assertThat(store.finish(claim, revision, finished(claim, NOW), Optional.empty())).isFalse();
    StoredJob stored = store.find(claim.job().key()).orElseThrow();
    assertThat(stored.next()).isEqualTo(due(minutes(7)));
    assertThat(store.claim("b", LABELS, minutes(8), 1)).isEmpty();
  }

  @Test
  default void removing_a_job_forgets_its_history_and_its_claim() throws Exception {
    JobStore store = newStore();
    store.save(job("1", "main"), due(NOW), 0);
    end(store, store.claim("a", LABELS, NOW, 1).get(0), NOW);
    store.save(job("2", "main"), due(NOW), 0);
    Claim claim = store.claim("a", LABELS, NOW, 1).get(0);

    assertThat(store.remove(job("1", "main").key())).isTrue();
    assertThat(store.remove(job("1", "main").key())).isFalse();
    assertThat(store.remove(claim.job().key())).isTrue();

    assertThat(store.beat(claim, Optional.empty())).isFalse();
    store.save(job("1", "main"), Optional.empty(), 0);
    assertThat(store.history(job("1", "main").key(), 9)).isEmpty();
    assertThat(store.list().get(0).last()).isEmpty();
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

  @Test
  default void threads_that_claim_at_once_get_each_firing_once() throws Exception {
    JobStore store = newStore();
    int jobs = 60;
    for (int i = 0; i < jobs; i++) {
      store.save(job("tenant" + i, "main"), due(NOW), 0);
    }
    ConcurrentLinkedQueue<String> claimed = new ConcurrentLinkedQueue<>();
    Callable<Integer> node =
        () -> {
          List<Claim> claims = store.claim("a", LABELS, NOW, 3);
          while (!claims.isEmpty()) {
            claimed.addAll(names(claims));
            claims = store.claim("a", LABELS, NOW, 3);
          }
          return claimed.size();
        };

    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<Integer> done : threads.invokeAll(List.of(node, node, node, node))) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(claimed).hasSize(jobs).doesNotHaveDuplicates();
  }
}
