package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobArguments;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Firings, retries, states, misfires, jitter: by hand and in one thread. */
class BackupSchedulerTest {

  private static final JobOutcome.Failed FULL =
      new JobOutcome.Failed("The store is full", "Make room", true);

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
  private final RecordingJob work = new RecordingJob();
  private final List<Nights> opened = new ArrayList<>();

  @TempDir Path folder;
  private Nights manual;
  private BackupScheduler scheduler;

  @BeforeEach
  void open() {
    manual = scheduler(builder -> builder);
    scheduler = manual.scheduler();
  }

  BackupSchedulerBuilder builder() {
    return BackupScheduler.builder(folder.resolve("jobs.sqlite3"));
  }

  private Nights scheduler(UnaryOperator<BackupSchedulerBuilder> configure) {
    Nights made = Nights.of(builder(), time, builder -> configure.apply(builder.job(work)));
    opened.add(made);
    return made;
  }

  @AfterEach
  void close() {
    opened.forEach(Nights::close);
  }

  private static Job job(String tenant, String expression) {
    return BackupTenantJob.forTenant(TenantId.of(tenant))
        .on(CronSchedule.parse(expression, ZoneOffset.UTC));
  }

  private static final Job NIGHTLY = job("42", "1 1 * * *");

  private JobStatus stored(Job job) {
    return scheduler.find(job.key()).orElseThrow();
  }

  private void until(String instant) {
    manual.runUntil(instant, Duration.ofMinutes(10));
  }

  @Test
  void runs_each_firing_once() {
    scheduler.set(NIGHTLY.with(JobArguments.parse("controller:background_jobs")));

    until("2026-11-26T00:00:00Z");

    assertThat(work.instants())
        .containsExactly("2026-11-23T01:01:00Z", "2026-11-24T01:01:00Z", "2026-11-25T01:01:00Z");
    assertThat(work.firings().get(0).arguments().get("controller")).contains("background_jobs");
    assertThat(stored(NIGHTLY).firstFiredAt()).contains(Instant.parse("2026-11-23T01:01:00Z"));
    assertThat(stored(NIGHTLY).last().orElseThrow().scheduledAt())
        .isEqualTo(Instant.parse("2026-11-25T01:01:00Z"));
  }

  @Test
  void goes_through_the_states_that_hosts_know() {
    Job onRequest = BackupTenantJob.forTenant(TenantId.of(7));
    scheduler.set(onRequest);
    assertThat(stored(onRequest).state()).isEqualTo(JobState.UNPLANNED);
    scheduler.set(NIGHTLY);
    assertThat(stored(NIGHTLY).state()).isEqualTo(JobState.PLANNED);
    work.doing(
        firing -> {
          assertThat(scheduler.find(firing.job()).orElseThrow().state())
              .isEqualTo(JobState.RUNNING);
          return new JobOutcome.Failed("No", "Look", false);
        });
    scheduler.runNow(onRequest.key());
    manual.runDue();
    assertThat(stored(onRequest).state()).isEqualTo(JobState.FAILED);
    work.doing(firing -> FULL);
    until("2026-11-23T01:10:00Z");
    assertThat(stored(NIGHTLY).state()).isEqualTo(JobState.FAILED);
    scheduler.set(NIGHTLY.withActive(false));
    assertThat(stored(NIGHTLY).state()).isEqualTo(JobState.INACTIVE);
    work.doing(firing -> new JobOutcome.Finished(Optional.empty()));
    scheduler.runNow(onRequest.key());
    assertThat(stored(onRequest).state()).isEqualTo(JobState.PLANNED);
    manual.runDue();
    assertThat(stored(onRequest).state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void tries_a_failed_firing_again_with_growing_waits_and_gives_up() {
    scheduler.set(NIGHTLY);
    List<Instant> attempts = new ArrayList<>();
    work.doing(
        firing -> {
          attempts.add(time.instant());
          return FULL;
        });

    manual.runUntil("2026-11-23T03:00:00Z", Duration.ofMinutes(1));

    assertThat(attempts)
        .extracting(Instant::toString)
        .containsExactly(
            "2026-11-23T01:01:00Z",
            "2026-11-23T01:03:00Z",
            "2026-11-23T01:07:00Z",
            "2026-11-23T01:15:00Z",
            "2026-11-23T01:31:00Z");
    assertThat(work.instants()).containsOnly("2026-11-23T01:01:00Z");
    FiringRecord last = stored(NIGHTLY).last().orElseThrow();
    assertThat(last.attempt()).isEqualTo(5);
    assertThat(last.over()).isTrue();
    assertThat(last.outcome()).isEqualTo(FULL);
    assertThat(stored(NIGHTLY).next().orElseThrow().scheduledAt())
        .isEqualTo(Instant.parse("2026-11-24T01:01:00Z"));
  }

  @Test
  void does_not_repeat_what_is_not_worth_it() {
    scheduler.set(NIGHTLY);
    work.doing(firing -> new JobOutcome.Failed("No such tenant", "Look", false));

    until("2026-11-23T12:00:00Z");

    assertThat(work.firings()).hasSize(1);
    assertThat(stored(NIGHTLY).state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void the_next_firing_takes_the_place_of_a_retry() {
    Job often = job("42", "*/5 * * * *");
    scheduler.set(often);
    work.doing(firing -> FULL);

    manual.runUntil("2026-11-23T00:10:00Z", Duration.ofMinutes(1));

    assertThat(work.instants())
        .containsExactly("2026-11-23T00:05:00Z", "2026-11-23T00:05:00Z", "2026-11-23T00:10:00Z");
  }

  @Test
  void something_unexpected_is_a_failure_like_others() {
    scheduler.set(NIGHTLY);
    work.doing(
        firing -> {
          throw new StackOverflowError();
        });

    until("2026-11-23T01:10:00Z");

    assertThat(stored(NIGHTLY).state()).isEqualTo(JobState.FAILED);
    assertThat(stored(NIGHTLY).last().orElseThrow().outcome().toString())
        .contains("StackOverflowError");
  }

  @Test
  void setting_a_job_again_at_each_start_loses_nothing() {
    Nights jittery = scheduler(builder -> builder.jitter(Duration.ofMinutes(30)));
    jittery.scheduler().set(NIGHTLY);
    Instant due = stored(NIGHTLY).next().orElseThrow().dueAt();
    assertThat(due).isAfter(Instant.parse("2026-11-23T01:01:00Z"));
    time.jumpTo(due.minusSeconds(1));

    jittery.scheduler().set(NIGHTLY.with(JobArguments.parse("a:b")));
    time.jumpTo(due);

    assertThat(jittery.runDue()).isEqualTo(1);
    assertThat(work.instants()).containsExactly("2026-11-23T01:01:00Z");
    assertThat(work.firings().get(0).arguments()).hasToString("a:b");
  }

  @Test
  void a_change_while_it_runs_holds_from_then_on() {
    scheduler.set(NIGHTLY);
    work.doing(
        firing -> {
          scheduler.set(job("42", "0 12 * * *"));
          return new JobOutcome.Finished(Optional.empty());
        });
    until("2026-11-23T02:00:00Z");
    work.doing(
        firing -> {
          scheduler.set(job("42", "0 12 * * *").withActive(false));
          return FULL;
        });

    until("2026-11-26T00:00:00Z");

    assertThat(work.instants()).containsExactly("2026-11-23T01:01:00Z", "2026-11-23T12:00:00Z");
    assertThat(stored(NIGHTLY).state()).isEqualTo(JobState.INACTIVE);
  }

  @Test
  void refuses_a_schedule_that_fires_more_often_than_the_host_allows_and_keeps_the_old_one() {
    Nights strict = scheduler(builder -> builder.minimumInterval(Duration.ofHours(1)));
    strict.scheduler().set(NIGHTLY);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> strict.scheduler().set(job("42", "0,30 1 * * *")))
        .withMessageContaining("every 30m")
        .withMessageContaining("at least 1h");

    assertThat(stored(NIGHTLY).job()).isEqualTo(NIGHTLY);
  }

  @Test
  void a_request_is_accepted_once_while_it_waits_or_runs() {
    Job request = BackupTenantJob.forTenant(TenantId.of(1));

    assertThat(scheduler.submit(request)).isTrue();
    assertThat(scheduler.submit(request)).isFalse();
    work.doing(
        firing -> {
          assertThat(scheduler.submit(request)).isFalse();
          return new JobOutcome.Finished(Optional.empty());
        });
    assertThat(manual.runDue()).isEqualTo(1);
    assertThat(scheduler.submit(request)).isTrue();
  }

  @Test
  void a_job_that_is_run_now_keeps_its_schedule() {
    scheduler.set(NIGHTLY);

    assertThat(scheduler.runNow(NIGHTLY.key())).isTrue();
    assertThat(scheduler.runNow(job("unknown", "@daily").key())).isFalse();
    until("2026-11-23T02:00:00Z");

    assertThat(work.instants()).containsExactly("2026-11-23T00:00:00Z", "2026-11-23T01:01:00Z");
  }

  @Test
  void a_removed_job_fires_no_more() {
    scheduler.set(NIGHTLY);

    assertThat(scheduler.remove(NIGHTLY.key())).isTrue();
    until("2026-11-24T02:00:00Z");

    assertThat(work.firings()).isEmpty();
    assertThat(scheduler.jobs()).isEmpty();
  }

  @Test
  void a_tenant_that_is_forgotten_has_neither_jobs_nor_firings_and_a_running_one_is_named() {
    TenantId tenant = NIGHTLY.key().tenant().orElseThrow();
    Job other = job("4", "1 1 * * *");
    scheduler.set(NIGHTLY);
    scheduler.set(other);
    assertThat(scheduler.kept(tenant)).hasSize(2);
    work.doing(
        firing -> {
          scheduler.forget(tenant);
          assertThat(scheduler.kept(tenant)).singleElement().asString().contains("is under way on");
          return new JobOutcome.Interrupted();
        });
    scheduler.runNow(NIGHTLY.key());
    manual.runDue();

    assertThat(scheduler.kept(tenant)).isEmpty();
    work.doing(firing -> new JobOutcome.Finished(Optional.empty()));
    until("2026-11-25T00:00:00Z");
    assertThat(work.firings()).filteredOn(f -> f.job().equals(NIGHTLY.key())).hasSize(1);
    assertThat(scheduler.jobs())
        .extracting(status -> status.job().key())
        .containsExactly(other.key());
  }

  @Test
  void a_listener_that_fails_does_no_harm_and_the_others_hear() {
    List<String> heard = new ArrayList<>();
    Nights loud =
        scheduler(
            builder ->
                builder
                    .listener(
                        new SchedulerListener() {
                          @Override
                          public void started(Firing firing) {
                            throw new IllegalStateException("I am broken");
                          }
                        })
                    .listener(
                        new SchedulerListener() {
                          @Override
                          public void started(Firing firing) {
                            heard.add("started " + firing);
                          }

                          @Override
                          public void ended(Firing firing, FiringRecord record) {
                            heard.add("ended, over " + record.over());
                          }
                        }));
    loud.scheduler().submit(BackupTenantJob.forTenant(TenantId.of(1)));

    loud.runDue();

    assertThat(heard)
        .containsExactly(
            "started BackupTenantJob of tenant 1 at 2026-11-23T00:00:00Z", "ended, over true");
  }

  @Test
  void a_paused_job_keeps_its_schedule_and_what_it_missed_is_not_made_up_for() {
    scheduler.set(NIGHTLY);

    assertThat(scheduler.pause(NIGHTLY.key())).isTrue();
    until("2026-11-25T00:00:00Z");
    assertThat(stored(NIGHTLY).state()).isEqualTo(JobState.INACTIVE);
    assertThat(stored(NIGHTLY).next()).isEmpty();
    assertThat(scheduler.resume(NIGHTLY.key())).isTrue();
    until("2026-11-25T02:00:00Z");

    assertThat(work.instants()).containsExactly("2026-11-25T01:01:00Z");
    assertThat(scheduler.pause(job("unknown", "@daily").key())).isFalse();
  }

  @Test
  void a_paused_job_runs_when_a_person_asks_for_it() {
    scheduler.set(NIGHTLY.withActive(false));

    assertThat(scheduler.runNow(NIGHTLY.key())).isTrue();
    until("2026-11-24T02:00:00Z");

    assertThat(work.instants()).containsExactly("2026-11-23T00:00:00Z");
    assertThat(stored(NIGHTLY).state()).isEqualTo(JobState.INACTIVE);
  }

  @Test
  void a_stopped_scheduler_runs_nothing_more() {
    scheduler.close();

    assertThatIllegalStateException().isThrownBy(scheduler::start).withMessageContaining("STOPPED");
    assertThat(scheduler.stop()).isTrue();
  }
}
