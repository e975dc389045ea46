package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.memory.InMemoryJobStore;
import dev.sevenfold.backup.schedule.BackupTenantJob;
import dev.sevenfold.backup.schedule.CronSchedule;
import dev.sevenfold.backup.schedule.Job;
import dev.sevenfold.backup.schedule.JobState;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** As the tests of a host use it. */
class ManualSchedulerTest {

  private static final Job NIGHTLY =
      BackupTenantJob.forTenant(TenantId.of(42))
          .on(CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen")));

  private final MutableClock clock = MutableClock.at("2026-11-23T00:00:00Z");
  private final InMemoryJobStore store = new InMemoryJobStore();
  private final List<Instant> backups = new ArrayList<>();
  private boolean storeIsFull;
  private final ManualScheduler nights = node();

  private ManualScheduler node() {
    return ManualScheduler.on(
        store,
        clock,
        builder ->
            builder.job(
                BackupTenantJob.of(
                    (tenant, progress) -> {
                      if (storeIsFull) {
                        throw new StoreUnavailable("The store is full", "Make room");
                      }
                      backups.add(clock.instant());
                      return TenantLabeler.utc().backup(tenant, clock.instant());
                    },
                    (tenant, from, until) -> Optional.empty(),
                    clock)));
  }

  @AfterEach
  void close() {
    nights.close();
  }

  @Test
  void a_week_of_nights_passes_in_a_moment() {
    nights.scheduler().set(NIGHTLY);

    int attempts = nights.runUntil(Instant.parse("2026-11-30T00:00:00Z"), Duration.ofMinutes(1));

    assertThat(attempts).isEqualTo(5);
    assertThat(backups)
        .extracting(Instant::toString)
        .startsWith("2026-11-24T00:01:00Z", "2026-11-25T00:01:00Z")
        .endsWith("2026-11-28T00:01:00Z");
  }

  @Test
  void nothing_runs_by_itself() {
    nights.scheduler().set(NIGHTLY);
    clock.jumpTo(Instant.parse("2026-11-25T12:00:00Z"));

    assertThat(backups).isEmpty();
    assertThat(nights.runDue()).isEqualTo(1);
    assertThat(nights.runDue()).isZero();
    assertThat(backups).containsExactly(clock.instant());
  }

  @Test
  void a_failure_and_its_retry_can_be_watched_step_by_step() {
    nights.scheduler().submit(BackupTenantJob.forTenant(TenantId.of(7)));
    storeIsFull = true;
    assertThat(nights.runDue()).isEqualTo(1);
    assertThat(nights.scheduler().jobs().get(0).state()).isEqualTo(JobState.FAILED);
    storeIsFull = false;

    assertThat(nights.tick(Duration.ofSeconds(119))).isZero();
    assertThat(nights.tick(Duration.ofSeconds(1))).isEqualTo(1);

    assertThat(nights.scheduler().jobs().get(0).state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void two_on_one_store_are_two_nodes_that_run_a_firing_once() {
    nights.scheduler().set(NIGHTLY);
    try (ManualScheduler other = node()) {
      clock.jumpTo(Instant.parse("2026-11-24T00:01:00Z"));

      assertThat(nights.runDue() + other.runDue()).isEqualTo(1);
    }
  }

  @Test
  void it_stays_in_the_hands_of_the_test() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> nights.runUntil(Instant.MAX, Duration.ZERO))
        .withMessageContaining("PT0S");
    nights.close();
    assertThatIllegalStateException().isThrownBy(nights::runDue);
  }
}
