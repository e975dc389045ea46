package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Firings that came due while no scheduler was at work. */
class MisfireTest {

  private static final Job NIGHTLY =
      BackupTenantJob.forTenant(TenantId.of(42))
          .on(CronSchedule.parse("1 1 * * *", ZoneOffset.UTC));

  private final MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
  private final RecordingJob work = new RecordingJob();
  @TempDir Path folder;
  private final List<Nights> opened = new ArrayList<>();

  private Path file() {
    return folder.resolve("jobs.sqlite3");
  }

  private Nights scheduler(MisfirePolicy policy) {
    Nights made =
        Nights.of(
            BackupScheduler.builder(file()), time, builder -> builder.job(work).misfire(policy));
    opened.add(made);
    return made;
  }

  @AfterEach
  void close() {
    opened.forEach(Nights::close);
  }

  @Test
  void what_was_missed_runs_once_for_the_last_time_that_was_missed() {
    Nights catching = scheduler(MisfirePolicy.RUN_ONCE);
    catching.scheduler().set(NIGHTLY);
    time.advance(Duration.ofDays(5).plusHours(12));

    assertThat(catching.runDue()).isEqualTo(1);

    assertThat(work.instants()).containsExactly("2026-11-28T01:01:00Z");
  }

  @Test
  void what_was_missed_is_skipped_if_the_host_wants_it_so() {
    Nights skipping = scheduler(MisfirePolicy.SKIP);
    skipping.scheduler().set(NIGHTLY);
    skipping.runDue();
    time.advance(Duration.ofDays(5).plusHours(12));

    assertThat(skipping.runDue()).isZero();

    skipping.runUntil("2026-11-29T02:00:00Z", Duration.ofMinutes(5));
    assertThat(work.instants()).containsExactly("2026-11-29T01:01:00Z");
  }

  @Test
  void what_was_missed_before_a_start_is_skipped_too() {
    try (Nights before = scheduler(MisfirePolicy.SKIP)) {
      before.scheduler().set(NIGHTLY);
      before.runDue();
    }
    time.advance(Duration.ofDays(2));

    assertThat(scheduler(MisfirePolicy.SKIP).runDue()).isZero();

    assertThat(work.firings()).isEmpty();
  }

  @Test
  void skipping_spares_what_is_hardly_late_and_what_was_requested() {
    Nights skipping = scheduler(MisfirePolicy.SKIP);
    skipping.scheduler().set(NIGHTLY);
    skipping.scheduler().submit(BackupTenantJob.forTenant(TenantId.of("requested")));
    time.jumpTo(Instant.parse("2026-11-23T01:04:00Z"));

    assertThat(skipping.runDue()).isEqualTo(2);
  }

  @Test
  void skipping_spares_what_waits_while_another_node_is_at_work() {
    Nights skipping = scheduler(MisfirePolicy.SKIP);
    skipping.scheduler().submit(BackupTenantJob.forTenant(TenantId.of("long")));
    time.jumpTo(Instant.parse("2026-11-23T02:05:00Z"));
    Database.pickAll(file(), time.millis());
    skipping.scheduler().set(NIGHTLY);
    time.jumpTo(Instant.parse("2026-11-24T02:05:00Z"));
    Database.execute(
        file(),
        "UPDATE sevenfold_job_task SET last_heartbeat = " + time.millis() + " WHERE picked");

    assertThat(skipping.runDue()).isEqualTo(1);

    assertThat(work.instants()).containsExactly("2026-11-24T01:01:00Z");
  }
}
