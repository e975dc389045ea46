package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that is set wrong, and right again. */
class ClockJumpsTest {

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
  private final RecordingJob work = new RecordingJob();

  @TempDir Path folder;
  private Nights manual;
  private final Job nightly =
      BackupTenantJob.forTenant(TenantId.of(42))
          .on(CronSchedule.parse("1 1 * * *", ZoneOffset.UTC));

  @BeforeEach
  void set() {
    manual = node(time);
    manual.scheduler().set(nightly);
  }

  BackupSchedulerBuilder builder() {
    return BackupScheduler.builder(folder.resolve("jobs.sqlite3"));
  }

  private Nights node(MutableClock clock) {
    return Nights.of(builder(), clock, builder -> builder.job(work));
  }

  @AfterEach
  void close() {
    manual.close();
  }

  private void until(String instant) {
    manual.runUntil(instant, Duration.ofMinutes(10));
  }

  @Test
  void back_across_a_firing_does_not_repeat_it() {
    until("2026-11-23T01:30:00Z");

    time.jumpTo(Instant.parse("2026-11-23T00:30:00Z"));
    until("2026-11-24T02:00:00Z");

    assertThat(work.instants()).containsExactly("2026-11-23T01:01:00Z", "2026-11-24T01:01:00Z");
  }

  @Test
  void years_ahead_and_back_again_drops_no_firing() {
    time.jumpTo(Instant.parse("2030-01-01T12:00:00Z"));
    manual.runDue();

    time.jumpTo(Instant.parse("2026-11-23T00:40:00Z"));
    until("2026-11-25T02:00:00Z");

    assertThat(work.instants())
        .containsExactly(
            "2030-01-01T01:01:00Z",
            "2026-11-23T01:01:00Z",
            "2026-11-24T01:01:00Z",
            "2026-11-25T01:01:00Z");
  }

  @Test
  void a_month_ahead_between_two_polls_makes_the_last_night_that_was_missed_and_goes_on() {
    until("2026-11-23T01:30:00Z");

    time.jumpTo(Instant.parse("2026-12-23T00:30:00Z"));
    until("2026-12-24T02:00:00Z");

    assertThat(work.instants())
        .containsExactly(
            "2026-11-23T01:01:00Z",
            "2026-12-22T01:01:00Z",
            "2026-12-23T01:01:00Z",
            "2026-12-24T01:01:00Z");
  }

  @Test
  void a_month_back_between_two_polls_makes_every_night_of_it_once_more() {
    until("2026-11-23T01:30:00Z");

    time.jumpTo(Instant.parse("2026-10-23T00:30:00Z"));
    manual.runDue();
    manual.runUntil("2026-11-24T02:00:00Z", Duration.ofHours(1));

    List<String> nights = new ArrayList<>(List.of("2026-11-23T01:01:00Z"));
    for (int night = 0; night <= 32; night++) {
      nights.add(Instant.parse("2026-10-23T01:01:00Z").plus(Duration.ofDays(night)).toString());
    }
    assertThat(work.instants()).isEqualTo(nights);
  }

  @Test
  void back_while_a_firing_runs_drops_none_either() {
    time.jumpTo(Instant.parse("2030-01-01T12:00:00Z"));
    work.doing(
        firing -> {
          time.jumpTo(Instant.parse("2026-11-23T00:40:00Z"));
          work.doing(next -> new JobOutcome.Finished(Optional.empty()));
          return new JobOutcome.Finished(Optional.empty());
        });
    manual.runDue();

    until("2026-11-24T02:00:00Z");

    assertThat(work.instants())
        .containsExactly("2030-01-01T01:01:00Z", "2026-11-23T01:01:00Z", "2026-11-24T01:01:00Z");
  }

  @Test
  void a_retry_and_a_request_that_were_planned_ahead_happen_soon() {
    time.jumpTo(Instant.parse("2030-01-01T12:00:00Z"));
    work.doing(firing -> new JobOutcome.Failed("No", "Later", true));
    manual.runDue();
    Job request = BackupTenantJob.forTenant(TenantId.of(7));
    manual.scheduler().submit(request);

    time.jumpTo(Instant.parse("2026-11-23T02:00:00Z"));
    work.doing(firing -> new JobOutcome.Finished(Optional.empty()));
    until("2026-11-23T02:20:00Z");

    assertThat(work.tenants()).containsExactly("42", "7", "42");
    assertThat(manual.scheduler().find(nightly.key()).orElseThrow().state())
        .isEqualTo(JobState.PLANNED);
  }

  @Test
  void another_nodes_clock_that_is_an_hour_behind_neither_repeats_nor_drops() {
    MutableClock behind = MutableClock.at("2026-11-22T23:00:00Z");
    try (Nights other = node(behind)) {
      for (int i = 0; i < 3 * 24 * 6; i++) {
        manual.tick(Duration.ofMinutes(10));
        other.tick(Duration.ofMinutes(10));
      }
    }

    assertThat(work.instants())
        .containsExactly("2026-11-23T01:01:00Z", "2026-11-24T01:01:00Z", "2026-11-25T01:01:00Z");
  }

  @Test
  void back_across_several_firings_makes_them_once_more_and_loses_none() {
    manual.scheduler().set(nightly.on(CronSchedule.parse("0 * * * *", ZoneOffset.UTC)));
    until("2026-11-23T03:00:00Z");

    time.jumpTo(Instant.parse("2026-11-23T00:30:00Z"));
    until("2026-11-23T05:00:00Z");

    // A backup too many of an hour is none too few: what is lost against a history of firings.
    assertThat(work.instants())
        .containsExactly(
            "2026-11-23T01:00:00Z",
            "2026-11-23T02:00:00Z",
            "2026-11-23T03:00:00Z",
            "2026-11-23T01:00:00Z",
            "2026-11-23T02:00:00Z",
            "2026-11-23T03:00:00Z",
            "2026-11-23T04:00:00Z",
            "2026-11-23T05:00:00Z");
  }

  @Test
  void ahead_while_a_firing_runs_does_not_make_it_run_twice() {
    work.doing(
        firing -> {
          time.jumpTo(Instant.parse("2026-11-23T12:00:00Z"));
          work.doing(next -> new JobOutcome.Finished(Optional.empty()));
          // Nobody has beaten for half a day, as it seems: db-scheduler takes this node for dead.
          manual.runDue();
          return new JobOutcome.Finished(Optional.empty());
        });

    until("2026-11-24T02:00:00Z");

    assertThat(work.instants()).containsExactly("2026-11-23T01:01:00Z", "2026-11-24T01:01:00Z");
  }
}
