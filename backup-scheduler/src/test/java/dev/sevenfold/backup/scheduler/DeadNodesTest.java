package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of firings whose node died. */
class DeadNodesTest {

  private static final Duration LEASE = Duration.ofMinutes(1);

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
  private final JobStore store = new InMemoryJobStore();
  private final RecordingJob work = new RecordingJob();
  private final Nights manual =
      new Nights(store, time, builder -> builder.job(work).lease(LEASE));
  private final Job request = BackupTenantJob.forTenant(TenantId.of(42));

  @AfterEach
  void close() {
    manual.close();
  }

  private Claim claimOfDeadNode() {
    manual.scheduler().submit(request);
    return store.claim("dead", Set.of(RecordingJob.LABEL), time.instant(), 1).get(0);
  }

  private JobStatus stored() {
    return store.find(request.key()).orElseThrow();
  }

  @Test
  void another_node_takes_over_after_a_lease_of_silence_and_not_before() {
    Claim dead = claimOfDeadNode();
    manual.runDue();

    assertThat(manual.tick(LEASE.minusMillis(1))).isZero();
    assertThat(manual.tick(Duration.ofMillis(1))).isEqualTo(1);

    assertThat(work.firings()).containsExactly(dead.firing());
    assertThat(stored().last().orElseThrow().attempt()).isEqualTo(2);
    assertThat(stored().state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void a_node_that_beats_keeps_its_claim_whatever_the_clock_says() {
    Claim alive = claimOfDeadNode();
    for (int i = 0; i < 20; i++) {
      assertThat(manual.tick(LEASE.dividedBy(2))).isZero();
      assertThat(store.beat(alive, Optional.empty())).isTrue();
      time.set(time.instant().plus(Duration.ofDays(i % 2 == 0 ? 400 : -400)));
    }

    assertThat(work.firings()).isEmpty();
    assertThat(stored().running().orElseThrow().token()).isEqualTo(alive.token());
  }

  @Test
  void a_firing_that_kills_every_node_is_given_up() {
    manual.close();
    claimOfDeadNode();
    RetryPolicy two = new RetryPolicy(2, Duration.ofMinutes(1), Duration.ofMinutes(1));
    try (Nights careful =
        new Nights(store, time, builder -> builder.job(work).lease(LEASE).retry(two))) {
      // A second node takes over, and dies as well.
      Claim second =
          store.takeOver(store.claims().get(0), "dies too", time.instant()).orElseThrow();
      assertThat(second.attempt()).isEqualTo(2);
      careful.runDue();
      careful.tick(LEASE);
    }

    assertThat(work.firings()).isEmpty();
    assertThat(stored().state()).isEqualTo(JobState.FAILED);
    assertThat(stored().last().orElseThrow().outcome().toString()).contains("died");
    assertThat(stored().last().orElseThrow().over()).isTrue();
  }

  @Test
  void a_watch_counts_from_when_it_saw_the_last_beat() {
    Watch watch = new Watch(LEASE);
    Claim claim = claimOfDeadNode();
    long half = LEASE.dividedBy(2).toNanos();

    assertThat(watch.dead(List.of(claim), 0)).isEmpty();
    assertThat(watch.dead(List.of(claim), half)).isEmpty();
    store.beat(claim, Optional.empty());
    Claim beaten = store.claims().get(0);
    assertThat(watch.dead(List.of(beaten), 2 * half)).isEmpty();
    assertThat(watch.dead(List.of(beaten), 3 * half)).isEmpty();
    assertThat(watch.dead(List.of(beaten), 4 * half)).containsExactly(beaten);
    // A claim that was gone in between is a new acquaintance.
    assertThat(watch.dead(List.of(), 5 * half)).isEmpty();
    assertThat(watch.dead(List.of(beaten), 9 * half)).isEmpty();
  }

  @Test
  void jobs_of_a_label_that_this_node_does_not_know_are_left_to_others() {
    Job foreign = SystemBackupJob.job();
    manual.scheduler().submit(foreign);
    store.claim("dead", Set.of(SystemBackupJob.LABEL), time.instant(), 1);
    manual.runDue();

    manual.tick(LEASE.multipliedBy(3));

    assertThat(store.claims()).extracting(Claim::node).containsExactly("dead");
  }
}
