package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.JobSamples.LABELS;
import static dev.sevenfold.backup.testkit.JobSamples.NOW;
import static dev.sevenfold.backup.testkit.JobSamples.due;
import static dev.sevenfold.backup.testkit.JobSamples.end;
import static dev.sevenfold.backup.testkit.JobSamples.finished;
import static dev.sevenfold.backup.testkit.JobSamples.job;
import static dev.sevenfold.backup.testkit.JobSamples.minutes;
import static dev.sevenfold.backup.testkit.JobSamples.names;
import static dev.sevenfold.backup.testkit.JobSamples.scheduled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.schedule.Claim;
import dev.sevenfold.backup.schedule.Job;
import dev.sevenfold.backup.schedule.JobKey;
import dev.sevenfold.backup.schedule.JobProgress;
import dev.sevenfold.backup.schedule.JobState;
import dev.sevenfold.backup.schedule.JobStore;
import dev.sevenfold.backup.schedule.StoredJob;
import dev.sevenfold.backup.source.Progress;
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

/** The part of the {@link JobStoreContract} that is about claims. */
interface JobClaimsContract {

  /** A new, empty store; whoever implements this closes it after the test. */
  JobStore newStore() throws Exception;

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
