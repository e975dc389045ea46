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
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that cannot be reached now and then must not cost a firing. */
class FailingDatabaseTest {

  /** So many connections are used before there is a scheduler. */
  private static final int BUILDING = 2;

  private final RecordingJob work = new RecordingJob();
  private final Job nightly =
      BackupTenantJob.forTenant(TenantId.of(42))
          .on(CronSchedule.parse("1 1 * * *", ZoneOffset.UTC));

  @TempDir Path folder;

  /** Connections to a file, of which some cannot be had. */
  private static DataSource failingIf(Path file, BooleanSupplier refused) {
    DataSource real = JobDatabase.file(file).connections();
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              if (refused.getAsBoolean()) {
                throw new SQLException("No connection");
              }
              return method.invoke(real, arguments);
            });
  }

  @Test
  void whichever_connection_fails_every_night_has_its_backup() {
    int failures = 0;
    boolean fired = true;
    for (int n = 1; fired; n++) {
      fired = runsEveryNight(n);
      failures += fired ? 1 : 0;
    }

    // Each one that three nights need was the one that failed.
    assertThat(failures).isGreaterThan(30);
  }

  /** Whether there was an nth connection, which failed. */
  private boolean runsEveryNight(int n) {
    AtomicInteger connections = new AtomicInteger();
    RecordingJob recorded = new RecordingJob();
    Path file = folder.resolve("jobs" + n + ".sqlite3");
    MutableClock time = MutableClock.at("2026-11-23T01:00:00Z");
    DataSource source = failingIf(file, () -> connections.incrementAndGet() == n);
    connections.set(-BUILDING);
    try (Nights nights =
        Nights.of(BackupScheduler.builder(source), time, builder -> builder.job(recorded))) {
      orTryAgain(() -> nights.scheduler().set(nightly));
      for (int i = 0; i < 8; i++) {
        time.advance(Duration.ofHours(9));
        orTryAgain(nights::runDue);
      }
      boolean failed = connections.getAndSet(Integer.MIN_VALUE) >= n;
      // Not more often either, but where nobody could know that it was done.
      assertThat(recorded.instants())
          .as("connection %d fails", n)
          .contains("2026-11-23T01:01:00Z", "2026-11-24T01:01:00Z", "2026-11-25T01:01:00Z")
          .hasSizeLessThanOrEqualTo(4);
      assertThat(nights.scheduler().find(nightly.key()).orElseThrow().next().orElseThrow())
          .extracting(next -> next.scheduledAt())
          .isEqualTo(Instant.parse("2026-11-26T01:01:00Z"));
      return failed;
    }
  }

  private static void orTryAgain(Runnable call) {
    try {
      call.run();
    } catch (StoreUnavailable e) {
      call.run();
    } catch (RuntimeException e) {
      // db-scheduler's own, which its thread survives.
      assertThat(e).hasRootCauseMessage("No connection");
      call.run();
    }
  }

  @Test
  void work_stops_by_itself_when_its_node_cannot_beat_for_a_lease() throws Exception {
    AtomicBoolean down = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    work.doing(
        firing -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupted.countDown();
          }
          return new JobOutcome.Interrupted();
        });
    try (BackupScheduler scheduler =
        BackupScheduler.builder(failingIf(folder.resolve("jobs.sqlite3"), down::get))
            .job(work)
            .pollInterval(Duration.ofMillis(20))
            .lease(Duration.ofSeconds(1))
            .build()) {
      scheduler.start();
      scheduler.submit(nightly);
      begun.await();

      down.set(true);
      interrupted.await();

      work.doing(firing -> new JobOutcome.Finished(Optional.empty()));
      down.set(false);
      await()
          .until(
              () ->
                  scheduler
                      .find(nightly.key())
                      .flatMap(status -> status.last())
                      .filter(FiringRecord::over)
                      .isPresent());
    }
  }
}
