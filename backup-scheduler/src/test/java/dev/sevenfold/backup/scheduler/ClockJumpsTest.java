package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A clock that is set wrong, and right again. */
class ClockJumpsTest {

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
  private final JobStore store = new InMemoryJobStore();
  private final RecordingJob work = new RecordingJob();
  private final Nights manual =
      new Nights(store, time, builder -> builder.job(work));
  private final Job nightly =
      BackupTenantJob.forTenant(TenantId.of(42))
          .on(CronSchedule.parse("1 1 * * *", ZoneOffset.UTC));

  @BeforeEach
  void set() {
    manual.scheduler().set(nightly);
  }

  @AfterEach
  void close() {
    manual.close();
  }

  private void until(String instant) {
    manual.runUntil(Instant.parse(instant), Duration.ofMinutes(10));
  }

  @Test
  void back_across_a_firing_does_not_repeat_it() {
    until("2026-11-23T01:30:00Z");

    time.set(Instant.parse("2026-11-23T00:30:00Z"));
    until("2026-11-24T02:00:00Z");

    assertThat(work.instants()).containsExactly("2026-11-23T01:01:00Z", "2026-11-24T01:01:00Z");
  }

  @Test
  void years_ahead_and_back_again_drops_no_firing() {
    time.set(Instant.parse("2030-01-01T12:00:00Z"));
    manual.runDue();

    time.set(Instant.parse("2026-11-23T00:40:00Z"));
    until("2026-11-25T02:00:00Z");

    assertThat(work.instants())
        .containsExactly(
            "2030-01-01T01:01:00Z",
            "2026-11-23T01:01:00Z",
            "2026-11-24T01:01:00Z",
            "2026-11-25T01:01:00Z");
  }

  @Test
  void back_while_a_firing_runs_drops_none_either() {
    time.set(Instant.parse("2030-01-01T12:00:00Z"));
    work.doing(
        firing -> {
          time.set(Instant.parse("2026-11-23T00:40:00Z"));
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
    time.set(Instant.parse("2030-01-01T12:00:00Z"));
    work.doing(firing -> new JobOutcome.Failed("No", "Later", true));
    manual.runDue();
    Job request = BackupTenantJob.forTenant(TenantId.of(7));
    manual.scheduler().submit(request);

    time.set(Instant.parse("2026-11-23T02:00:00Z"));
    work.doing(firing -> new JobOutcome.Finished(Optional.empty()));
    until("2026-11-23T02:20:00Z");

    assertThat(work.tenants()).containsExactly("42", "7", "42");
    assertThat(manual.scheduler().find(nightly.key()).orElseThrow().state())
        .isEqualTo(JobState.PLANNED);
  }

  @Test
  void another_nodes_clock_that_is_an_hour_behind_neither_repeats_nor_drops() {
    MutableClock behind = MutableClock.at("2026-11-22T23:00:00Z");
    try (Nights other = new Nights(store, behind, builder -> builder.job(work))) {
      for (int i = 0; i < 3 * 24 * 6; i++) {
        manual.tick(Duration.ofMinutes(10));
        other.tick(Duration.ofMinutes(10));
      }
    }

    assertThat(work.instants())
        .containsExactly("2026-11-23T01:01:00Z", "2026-11-24T01:01:00Z", "2026-11-25T01:01:00Z");
  }
}
