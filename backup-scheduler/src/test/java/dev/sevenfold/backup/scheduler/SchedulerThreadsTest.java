package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobProgress;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scheduler that was started: real threads, real time. */
class SchedulerThreadsTest {

  private static final JobOutcome DONE = new JobOutcome.Finished(Optional.empty());

  @TempDir Path folder;
  private final RecordingJob work = new RecordingJob();
  private final List<BackupScheduler> opened = new ArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);

  private BackupScheduler started(int concurrency) {
    return started(concurrency, Duration.ofMinutes(1));
  }

  private BackupScheduler started(int concurrency, Duration grace) {
    BackupScheduler scheduler =
        BackupScheduler.builder(folder.resolve("jobs.sqlite3"))
            .job(work)
            .concurrency(concurrency)
            .stopGrace(grace)
            .pollInterval(Duration.ofMillis(20))
            .lease(Duration.ofSeconds(1))
            .build();
    opened.add(scheduler);
    scheduler.start();
    return scheduler;
  }

  @AfterEach
  void close() {
    release.countDown();
    opened.forEach(BackupScheduler::close);
  }

  private static Job request(int tenant) {
    return BackupTenantJob.forTenant(TenantId.of(tenant));
  }

  private JobState state(Job job) {
    return opened.get(0).find(job.key()).orElseThrow().state();
  }

  /** Waits until it is released; an interrupt ends the waiting. */
  private JobOutcome waiting() {
    try {
      release.await();
      return DONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new JobOutcome.Interrupted();
    }
  }

  @Test
  void runs_as_many_at_a_time_as_allowed_and_not_one_more() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch three = new CountDownLatch(3);
    work.doing(
        firing -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          three.countDown();
          JobOutcome outcome = waiting();
          running.decrementAndGet();
          return outcome;
        });
    BackupScheduler scheduler = started(3);
    for (int tenant = 0; tenant < 12; tenant++) {
      scheduler.submit(request(tenant));
    }

    await().until(() -> three.getCount() == 0);
    release.countDown();
    await()
        .until(() -> scheduler.jobs().stream().allMatch(job -> job.state() == JobState.FINISHED));

    assertThat(most).hasValue(3);
    assertThat(work.firings()).hasSize(12);
  }

  @Test
  void a_stop_with_grace_lets_what_runs_come_to_its_end() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    work.doing(
        firing -> {
          begun.countDown();
          return waiting();
        });
    BackupScheduler scheduler = started(1);
    scheduler.submit(request(1));
    begun.await();
    scheduler.submit(request(2));

    CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(scheduler::stop);
    release.countDown();

    assertThat(stopped.get()).isTrue();
    assertThat(state(request(1))).isEqualTo(JobState.FINISHED);
    assertThat(state(request(2))).isEqualTo(JobState.PLANNED);
    assertThat(scheduler.stop()).isTrue();
  }

  @Test
  void a_stop_without_grace_interrupts_and_the_next_start_runs_it_again() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    work.doing(
        firing -> {
          begun.countDown();
          return waiting();
        });
    BackupScheduler scheduler = started(1, Duration.ofMillis(100));
    scheduler.submit(request(1));
    begun.await();

    assertThat(scheduler.stop()).isFalse();

    JobStatus stored = scheduler.find(request(1).key()).orElseThrow();
    assertThat(stored.running()).isEmpty();
    assertThat(stored.next().orElseThrow().attempt()).isEqualTo(1);
    assertThat(stored.last().orElseThrow().over()).isFalse();
    release.countDown();
    started(1);
    await().until(() -> state(request(1)) == JobState.FINISHED);
    assertThat(work.firings()).hasSize(2);
    assertThat(work.firings().get(1)).isEqualTo(work.firings().get(0));
  }

  @Test
  void work_whose_job_is_removed_is_interrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    work.doing(
        firing -> {
          begun.countDown();
          JobOutcome outcome = waiting();
          if (outcome instanceof JobOutcome.Interrupted) {
            interrupted.countDown();
          }
          return outcome;
        });
    BackupScheduler scheduler = started(1);
    scheduler.submit(request(1));
    begun.await();

    scheduler.remove(request(1).key());

    interrupted.await();
    assertThat(scheduler.jobs()).isEmpty();
    // The worker is free again, and not interrupted any more.
    scheduler.submit(request(2));
    release.countDown();
    await().until(() -> state(request(2)) == JobState.FINISHED);
  }

  @Test
  void shows_how_far_the_work_is_while_it_runs() {
    BackupScheduler scheduler =
        BackupScheduler.builder(folder.resolve("jobs.sqlite3"))
            .job(
                BackupTenantJob.of(
                    (tenant, progress) -> {
                      progress.report("extract", Progress.Unit.TABLES, 3, 9);
                      release.await();
                      throw new InterruptedException();
                    },
                    (tenant, from, until) -> Optional.empty()))
            .pollInterval(Duration.ofMillis(20))
            .lease(Duration.ofSeconds(1))
            .build();
    opened.add(scheduler);
    scheduler.start();
    scheduler.submit(request(1));

    JobProgress expected = new JobProgress("extract", Progress.Unit.TABLES, 3, 9);
    await()
        .until(
            () ->
                scheduler
                    .find(request(1).key())
                    .flatMap(JobStatus::running)
                    .flatMap(JobStatus.Running::progress)
                    .filter(expected::equals)
                    .isPresent());
  }

  @Test
  void one_tenants_many_jobs_do_not_hold_up_the_others() {
    AtomicInteger together = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    work.doing(
        firing -> {
          if (firing.job().tenant().orElseThrow().equals(TenantId.of(1))) {
            most.accumulateAndGet(together.incrementAndGet(), Math::max);
            JobOutcome outcome = waiting();
            together.decrementAndGet();
            return outcome;
          }
          return DONE;
        });
    BackupScheduler scheduler = started(2);
    for (int i = 0; i < 20; i++) {
      Job job = request(1);
      scheduler.submit(Job.of(job.key().named("job" + i)));
    }
    scheduler.submit(request(2));

    await().until(() -> state(request(2)) == JobState.FINISHED);

    release.countDown();
    await().until(() -> work.firings().size() == 21);
    assertThat(most).hasValue(1);
  }
}
