package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A store that fails now and then must cost neither a firing nor make it run twice. */
class FailingStoreTest {

  private static final int CALLS = 60;

  private final JobStore real = new InMemoryJobStore();
  private final FaultyJobStore faulty = new FaultyJobStore(real);
  private final RecordingJob work = new RecordingJob();
  private final Job nightly =
      BackupTenantJob.forTenant(TenantId.of(42))
          .on(CronSchedule.parse("1 1 * * *", ZoneOffset.UTC));

  private static Predicate<String> nth(int n) {
    AtomicInteger calls = new AtomicInteger();
    return method -> !method.equals("close") && calls.incrementAndGet() == n;
  }

  @Test
  void whichever_call_fails_before_its_effect_each_firing_runs_once() {
    for (int n = 1; n <= CALLS; n++) {
      faulty.failBefore(nth(n));
      runsEachFiringOnce(n);
    }
  }

  @Test
  void whichever_answer_is_lost_each_firing_runs_once() {
    for (int n = 1; n <= CALLS; n++) {
      faulty.failAfter(nth(n));
      runsEachFiringOnce(n);
    }
  }

  private void runsEachFiringOnce(int n) {
    RecordingJob recorded = new RecordingJob();
    MutableClock time = MutableClock.at("2026-11-23T01:00:00Z");
    real.remove(nightly.key());
    try (Nights manual =
        new Nights(faulty.store(), time, builder -> builder.job(recorded))) {
      orTryAgain(() -> manual.scheduler().set(nightly));
      while (time.instant().isBefore(Instant.parse("2026-11-25T02:00:00Z"))) {
        time.pass(Duration.ofMinutes(20));
        orTryAgain(manual::runDue);
      }
    }

    assertThat(recorded.instants())
        .as("call %d fails", n)
        .containsExactly("2026-11-23T01:01:00Z", "2026-11-24T01:01:00Z", "2026-11-25T01:01:00Z");
    assertThat(real.claims()).isEmpty();
  }

  private static void orTryAgain(Runnable call) {
    try {
      call.run();
    } catch (StoreUnavailable e) {
      call.run();
    }
  }

  @Test
  void an_end_that_could_not_be_recorded_is_recorded_later_and_nobody_takes_over() {
    AtomicInteger refusals = new AtomicInteger();
    faulty.failBefore(method -> method.equals("finish") && refusals.incrementAndGet() <= 2);
    try (BackupScheduler scheduler =
        BackupScheduler.builder(faulty.store())
            .job(work)
            .pollInterval(Duration.ofMillis(20))
            .lease(Duration.ofSeconds(1))
            .build()) {
      scheduler.start();
      scheduler.submit(nightly);

      await().until(() -> !real.history(nightly.key(), 1).isEmpty());
    }

    assertThat(refusals).hasValue(3);
    assertThat(work.firings()).hasSize(1);
    assertThat(real.history(nightly.key(), 1).get(0).attempt()).isEqualTo(1);
  }

  @Test
  void work_stops_by_itself_when_its_node_cannot_beat_for_a_lease() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    work.doing(
        firing -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupted.countDown();
          }
          return new JobOutcome.Interrupted();
        });
    faulty.failBefore(method -> method.equals("beat"));
    try (BackupScheduler scheduler =
        BackupScheduler.builder(faulty.store())
            .job(work)
            .pollInterval(Duration.ofMillis(20))
            .lease(Duration.ofSeconds(1))
            .build()) {
      scheduler.start();
      scheduler.submit(nightly);

      interrupted.await();
      work.doing(firing -> new JobOutcome.Finished(Optional.empty()));
      await().until(() -> real.history(nightly.key(), 1).stream().anyMatch(FiringRecord::over));
    }
  }
}
