package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.journal.TenantLocks;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.system.SystemLocks;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.StoreFiles;
import dev.sevenfold.testsupport.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The latest backup of the system is the one that was made last, whatever the clock said. */
class LatestSystemBackupTest {

  @TempDir Path folder;
  private final TestClock clock = TestClock.tickingFrom("2026-11-22T01:00:00Z");
  private Lab lab;

  @BeforeEach
  void create() {
    lab = Lab.with(folder, "CREATE TABLE t (a)");
  }

  private ArchiveStore store() {
    return DirectoryArchiveStore.at(folder.resolve("store"));
  }

  private SystemBackups system() {
    return SystemBackups.builder(store())
        .source(SqliteSystemSource.builder().database("primary", lab.file()).clock(clock).build())
        .clock(clock)
        .scratch(folder.resolve("scratch"))
        .build();
  }

  private Label backup() {
    try (SystemBackups system = system()) {
      return system.backup().point().label();
    }
  }

  private RestorePoint latest() {
    try (SystemBackups system = system()) {
      return system.latest();
    }
  }

  private void damage(Label label) {
    try {
      Path file = StoreFiles.file(folder.resolve("store"), label, ".tar.gz");
      byte[] bytes = Files.readAllBytes(file);
      bytes[30] ^= 1;
      // Shorter, too: what is as long as it was recorded is not opened for a list.
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void is_not_one_of_those_that_a_clock_of_2029_has_made() {
    clock.set("2029-01-01T00:00:00Z");
    for (int i = 0; i < 3; i++) {
      backup();
    }
    clock.set("2026-11-23T01:00:00Z");
    Label last = backup();
    clock.advance(Duration.ofDays(4));

    assertThat(latest().label()).isEqualTo(last);
    assertThat(latest().sequence()).isEqualTo(OptionalLong.of(4));
    // People see them by their instants.
    assertThat(system().points().get(0).capturedAt()).isAfter("2029-01-01T00:00:00Z");
    assertThat(system().points().get(3).label()).isEqualTo(last);
  }

  @Test
  void passes_over_what_cannot_be_read_and_says_so() {
    Label first = backup();
    Label second = backup();
    Label third = backup();
    damage(first);
    damage(third);

    try (SystemBackups system = system()) {
      RestorePoint latest = system.latest();
      assertThat(latest.label()).isEqualTo(second);
      assertThat(system.unreadableArchives())
          .extracting(UnreadableArchive::label)
          .containsExactly(third, first);
      assertThat(system.unreadableArchives())
          .filteredOn(archive -> archive.mayBeNewerThan(latest))
          .extracting(UnreadableArchive::label)
          .containsExactly(third);
    }
  }

  @Test
  void that_was_damaged_unseen_stops_no_backup_and_is_passed_over_once_it_was_verified()
      throws IOException {
    Label first = backup();
    Label bad = backup();
    Path file = StoreFiles.file(folder.resolve("store"), bad, ".tar.gz");
    byte[] bytes = Files.readAllBytes(file);
    bytes[30] ^= 1;
    Files.write(file, bytes);
    assertThat(latest().label()).isEqualTo(bad);

    try (SystemBackups system = system()) {
      assertThatExceptionOfType(ArchiveCorrupt.class).isThrownBy(() -> system.verify(bad));
      assertThat(system.latest().label()).isEqualTo(first);
      store().record(bad, store().stat(bad).record().withVerifiedAt(clock.instant()));
    }
    assertThat(latest().label()).isEqualTo(bad);
    Label next = backup();
    assertThat(latest().label()).isEqualTo(next);
  }

  @Test
  void names_what_cannot_be_read_where_there_is_no_other() {
    Label only = backup();
    damage(only);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(this::latest)
        .withMessageContaining(only.value());
  }

  @Test
  void backups_at_a_time_get_a_number_each_in_the_order_of_their_snapshots() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<Label>> published = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        published.add(threads.submit(this::backup));
      }
      for (Future<Label> label : published) {
        label.get();
      }
    } finally {
      threads.shutdownNow();
    }
    List<RestorePoint> points = system().points();
    assertThat(points)
        .extracting(RestorePoint::sequence)
        .containsExactly(OptionalLong.of(3), OptionalLong.of(2), OptionalLong.of(1));
  }

  @Test
  void a_lock_that_cannot_be_had_is_no_reason_not_to_back_up() {
    Path lock = lab.file().resolveSibling(lab.file().getFileName() + "-sevenfold.lock");
    try (var held = SystemLocks.acquire(lock, Duration.ZERO);
        var other = SystemLocks.acquire(lock, Duration.ZERO);
        var elsewhere = SystemLocks.acquire(folder.resolve("no/such/folder"), Duration.ZERO)) {
      assertThat(List.of(held, other, elsewhere)).doesNotContainNull();
      assertThat(new TenantLocks(lock, Duration.ZERO).tryAcquire(SystemLocks.POSITION)).isNull();
    }
    try (var free = new TenantLocks(lock, Duration.ZERO).tryAcquire(SystemLocks.POSITION)) {
      assertThat(free).isNotNull();
    }
  }
}
