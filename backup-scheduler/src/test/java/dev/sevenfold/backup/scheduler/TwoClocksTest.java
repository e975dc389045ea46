package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupJobs;
import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.RestoreTenantJob;
import dev.sevenfold.backup.job.ScheduledJob;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on one SQLite file, each with the library and a clock of its own: one is still at work
 * on a firing when the other looks whether it lives.
 */
class TwoClocksTest {

  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final TenantId ONE = TenantId.of(1);
  private static final Job NIGHTLY =
      BackupTenantJob.forTenant(ONE).on(CronSchedule.parse("1 1 * * *", ZoneOffset.UTC));
  private static final Instant FIRING = Instant.parse("2026-11-23T01:01:00Z");

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch secondBegun = new CountDownLatch(1);

  @BeforeEach
  void create() {
    Database.execute(
        folder.resolve("host.sqlite3"),
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, text TEXT)",
        "INSERT INTO tenants VALUES (1, 'Acme')",
        "INSERT INTO notes VALUES (1, 1, 'ours')");
  }

  @AfterEach
  void close() throws Exception {
    release.countDown();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private BackupService backups(MutableClock clock, BackupListener listener) {
    BackupService service =
        BackupService.builder(
                SqliteTenantSource.builder(
                        folder.resolve("host.sqlite3"),
                        TenantModel.rootedAt("tenants").column("tenant_id").build())
                    .clock(clock)
                    .build(),
                DirectoryArchiveStore.at(folder.resolve("backups")))
            .clock(clock)
            .listener(listener)
            .build();
    opened.add(service);
    return service;
  }

  private Nights node(MutableClock clock, ScheduledJob job) {
    Nights nights =
        Nights.of(
            BackupScheduler.builder(folder.resolve("jobs.sqlite3")),
            clock,
            builder -> builder.job(job).lease(LEASE));
    opened.add(nights);
    return nights;
  }

  private static MutableClock clock(Duration ahead) {
    return MutableClock.at(FIRING.minus(Duration.ofHours(1)).plus(ahead));
  }

  /** Begins, says so, and goes on when it may. */
  private final class Slow implements ScheduledJob {

    private final ScheduledJob job;

    Slow(ScheduledJob job) {
      this.job = job;
    }

    @Override
    public String label() {
      return job.label();
    }

    @Override
    public boolean repeatable() {
      return job.repeatable();
    }

    @Override
    public JobOutcome run(Firing firing, Progress progress) {
      return job.run(firing, (step, unit, done, total) -> pause());
    }

    private void pause() {
      begun.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** One node backs up, slowly, when its clock says so; the other one's clock is ahead. */
  private List<RestorePoint> restorePointsOf(Duration ahead, boolean takenOver) throws Exception {
    MutableClock slowClock = clock(Duration.ZERO);
    MutableClock otherClock = clock(ahead);
    BackupService slowBackups = backups(slowClock, new BackupListener() {});
    BackupService otherBackups =
        backups(
            otherClock,
            new BackupListener() {
              @Override
              public void backupStarted(TenantId tenant) {
                secondBegun.countDown();
              }
            });
    Nights slow = node(slowClock, new Slow(BackupJobs.of(slowBackups).backupTenant()));
    Nights other = node(otherClock, BackupJobs.of(otherBackups).backupTenant());
    slow.scheduler().set(NIGHTLY);
    slow.runDue();
    slowClock.advance(Duration.ofHours(1));
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(slow::runDue);
    begun.await();

    otherClock.advance(Duration.ofHours(1));
    CompletableFuture<Integer> second = CompletableFuture.supplyAsync(other::runDue);
    if (takenOver) {
      secondBegun.await();
    } else {
      assertThat(second.get()).isZero();
    }
    release.countDown();
    first.get();
    second.get();
    other.runDue();
    slow.runDue();

    assertThat(slow.scheduler().find(NIGHTLY.key()).orElseThrow().state())
        .isEqualTo(JobState.PLANNED);
    assertThat(slow.scheduler().find(NIGHTLY.key()).orElseThrow().next().orElseThrow())
        .extracting(next -> next.scheduledAt())
        .isEqualTo(FIRING.plus(Duration.ofDays(1)));
    return slowBackups.restorePoints(ONE);
  }

  @Test
  void that_differ_by_less_than_the_lease_make_one_backup() throws Exception {
    assertThat(restorePointsOf(LEASE.minusSeconds(1), false)).hasSize(1);
  }

  @Test
  void that_differ_by_more_than_the_lease_make_one_too_many_and_none_too_few() throws Exception {
    // The second attempt asks for a backup before the first one has published its own.
    assertThat(restorePointsOf(LEASE.plusSeconds(1), true))
        .hasSize(2)
        .allMatch(RestorePoint::verified);
  }

  @Test
  void that_differ_by_hours_make_one_backup_where_the_first_attempt_had_published_its_own() {
    MutableClock ahead = clock(Duration.ofHours(5));
    MutableClock right = clock(Duration.ZERO);
    BackupService backups = backups(right, new BackupListener() {});
    Nights one = node(right, BackupJobs.of(backups).backupTenant());
    one.scheduler().set(NIGHTLY);
    one.tick(Duration.ofHours(1));
    // It has published, and died before it could say so.
    Database.execute(
        folder.resolve("jobs.sqlite3"),
        "UPDATE sevenfold_job_schedule SET last_scheduled_at = NULL",
        "UPDATE sevenfold_job_task SET task_data = CAST('%1$d %1$d 1 %1$d' AS BLOB)"
            .formatted(FIRING.toEpochMilli()));
    Database.pickAll(folder.resolve("jobs.sqlite3"), right.millis());

    Nights other =
        node(ahead, BackupJobs.of(backups(ahead, new BackupListener() {})).backupTenant());
    assertThat(other.runDue()).isEqualTo(1);

    assertThat(other.scheduler().find(NIGHTLY.key()).orElseThrow().last().orElseThrow().outcome())
        .isInstanceOf(JobOutcome.AlreadyDone.class);
    assertThat(backups.restorePoints(ONE)).hasSize(1);
  }

  @Test
  void that_differ_by_more_than_the_lease_report_a_restore_as_failed_until_it_has_ended()
      throws Exception {
    MutableClock slowClock = clock(Duration.ZERO);
    BackupService backups = backups(slowClock, new BackupListener() {});
    RestorePoint then = backups.backup(ONE).restorePoint();
    Database.execute(folder.resolve("host.sqlite3"), "UPDATE notes SET text = 'lost'");
    Nights slow = node(slowClock, new Slow(BackupJobs.of(backups).restoreTenant()));
    Nights other = node(clock(LEASE.plusSeconds(1)), BackupJobs.of(backups).restoreTenant());
    Job restore = RestoreTenantJob.forTenant(ONE, then.label());
    slow.scheduler().submit(restore);
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(slow::runDue);
    begun.await();

    assertThat(other.runDue()).isZero();
    assertThat(other.scheduler().find(restore.key()).orElseThrow().state())
        .isEqualTo(JobState.FAILED);
    release.countDown();
    first.get();

    assertThat(other.scheduler().find(restore.key()).orElseThrow().state())
        .isEqualTo(JobState.FINISHED);
    assertThat(Database.query(folder.resolve("host.sqlite3"), "SELECT text FROM notes"))
        .isEqualTo("ours");
    assertThat(backups.safetyPoints(ONE)).hasSize(1);
  }
}
