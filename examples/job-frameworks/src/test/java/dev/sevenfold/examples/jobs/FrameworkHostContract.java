package dev.sevenfold.examples.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every host of this module does, whatever its framework: a firing, a retry, a restart. */
abstract class FrameworkHostContract {

  static final TenantId ONE = TenantId.of(1);
  static final TenantId TWO = TenantId.of(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  final List<String> log = new CopyOnWriteArrayList<>();
  Application application;

  /** A new host on the jobs that the hosts before it have kept in this test. */
  abstract FrameworkHost host() throws Exception;

  @BeforeEach
  void open() {
    SampleData.createIn(folder, 2);
    application = Application.open(folder, Duration.ofMillis(300), log::add);
  }

  @AfterEach
  void close() {
    application.close();
  }

  List<RestorePoint> backups(TenantId tenant) {
    return application.backups().restorePoints(tenant);
  }

  void awaitBackups(TenantId tenant, int count) {
    await().atMost(PATIENCE).until(() -> log.stream().anyMatch(line -> made(line, tenant)));
    await().atMost(PATIENCE).until(() -> backups(tenant).size() == count);
  }

  private static boolean made(String line, TenantId tenant) {
    return line.contains("of tenant " + tenant + " at ") && line.contains("Finished");
  }

  static Instant soon(long millis) {
    return Clock.systemUTC().instant().plusMillis(millis).truncatedTo(ChronoUnit.MILLIS);
  }

  @Test
  void a_firing_makes_one_backup_not_before_its_time_and_the_next_night_is_planned()
      throws Exception {
    try (FrameworkHost host = host()) {
      host.start();
      assertThat(host.planned(ONE)).isEqualTo(application.next(ONE));
      Instant firing = soon(800);

      host.plan(ONE, firing);
      awaitBackups(ONE, 1);

      assertThat(backups(ONE).get(0).capturedAt()).isAfterOrEqualTo(firing);
      assertThat(log.get(0)).startsWith("BackupTenantJob of tenant 1 at " + firing);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(host.planned(ONE)).isEqualTo(application.next(ONE)));
      assertThat(backups(TWO)).isEmpty();
    }
  }

  @Test
  void a_firing_that_failed_is_tried_again_until_it_has_its_backup() throws Exception {
    try (FrameworkHost host = host()) {
      host.start();
      Path store = Files.writeString(folder.resolve("backups"), "in the place of the folder");
      Instant firing = soon(500);
      host.plan(ONE, firing);
      await().atMost(PATIENCE).until(() -> !log.isEmpty());
      assertThat(log.get(0)).contains("Failed").contains("worthRetrying=true");

      Files.delete(store);
      awaitBackups(ONE, 1);

      assertThat(log).allMatch(line -> line.startsWith("BackupTenantJob of tenant 1 at " + firing));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(host.planned(ONE)).isEqualTo(application.next(ONE)));
    }
  }

  @Test
  void what_was_missed_while_the_host_was_down_runs_once_after_the_restart() throws Exception {
    Backdated.backup(folder, ONE, Duration.ofDays(3));
    Instant missed = miss();

    try (FrameworkHost host = host()) {
      host.start();
      awaitBackups(ONE, 2);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(host.planned(ONE)).isEqualTo(application.next(ONE)));
    }

    assertThat(log.stream().filter(line -> line.contains("tenant 1 ")))
        .singleElement()
        .asString()
        .startsWith("BackupTenantJob of tenant 1 at " + missed);
  }

  /** Lets a firing come due that no host serves; its instant. */
  Instant miss() throws Exception {
    // Without a memory of its own a framework learns from the archives what is due.
    return application.nextOrMissed(ONE).orElseThrow();
  }
}
