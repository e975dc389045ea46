package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every call is killed before each of its steps, one after the other, and also fails at each of
 * them: what is left must be sane every time.
 */
class DirectoryFaultsTest {

  private static final Label LABEL = Label.parse("tenant_1_20261122010100");
  private static final Label OTHER = Label.parse("tenant_1_2026-11-22");
  private static final byte[] BYTES = new byte[100_000];
  private static final ArchiveRecord NEW = Records.of("1", 7);
  private static final ArchiveRecord PINNED = NEW.withPinned(true);
  private static final ArchiveRecord VERIFIED =
      PINNED.withVerifiedAt(Instant.parse("2026-11-22T01:02:03Z"));

  @TempDir Path temp;

  @FunctionalInterface
  private interface Call {
    void on(ArchiveStore store);
  }

  @FunctionalInterface
  private interface Check {
    void on(DirectoryArchiveStore store, Path folder, @Nullable BackupException thrown)
        throws IOException;
  }

  private static void publish(ArchiveStore store, Label label) {
    store.publish(label, NEW, out -> out.write(BYTES));
  }

  /** Makes a call fail at its first step, then at its second, and so on until it has no more. */
  private void atEachStep(
      IntFunction<FaultyFileSystem> fault, Call preparation, Call call, Check check)
      throws IOException {
    boolean failed = true;
    for (int step = 1; failed; step++) {
      Path folder = temp.resolve("folder-" + step);
      preparation.on(DirectoryArchiveStore.at(folder));
      FaultyFileSystem disk = fault.apply(step);
      BackupException thrown = null;
      try {
        call.on(DirectoryArchiveStore.at(disk.path(folder)));
      } catch (BackupException e) {
        thrown = e;
      }
      failed = disk.hasFailed();
      try {
        // Whoever was killed does nothing any more that would be worth waiting for.
        check.on(
            DirectoryArchiveStore.at(folder, Clock.systemUTC(), Duration.ZERO), folder, thrown);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("After a failure at " + disk.failedStep(), e);
      }
      assertThat(step).as("steps of one call").isLessThan(100);
    }
  }

  private static List<Label> labels(ArchiveStore store) {
    return store.list(ArchiveOwner.anyone()).complete().stream().map(StoredArchive::label).toList();
  }

  private static void assertWhole(ArchiveStore store, Label label) throws IOException {
    assertThat(store.stat(label).sizeBytes()).isEqualTo(BYTES.length);
    try (InputStream in = store.open(label)) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
  }

  private static List<String> files(Path folder) throws IOException {
    return StoreFiles.names(folder);
  }

  @Test
  void a_publisher_that_is_killed_leaves_the_whole_archive_or_none() throws IOException {
    atEachStep(
        FaultyFileSystem::killedAt,
        store -> {},
        store -> publish(store, LABEL),
        (store, folder, thrown) -> {
          for (Label label : labels(store)) {
            assertThat(label).isEqualTo(LABEL);
            assertWhole(store, label);
            assertThat(store.stat(label).record()).isEqualTo(NEW);
          }
          store.delete(LABEL);
          Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));
          publish(DirectoryArchiveStore.at(folder, later), LABEL);
          assertWhole(store, LABEL);
          assertThat(files(folder)).as("the archive and its record alone are left").hasSize(2);
        });
  }

  @Test
  void a_publisher_that_fails_leaves_nothing() throws IOException {
    atEachStep(
        FaultyFileSystem::failingAt,
        store -> {},
        store -> publish(store, LABEL),
        (store, folder, thrown) -> {
          if (thrown == null) {
            assertWhole(store, LABEL);
            assertThat(store.stat(LABEL).record()).isEqualTo(NEW);
          } else {
            assertThat(thrown).isInstanceOf(StoreUnavailable.class);
            assertThat(labels(store)).isEmpty();
            assertThat(files(folder)).isEmpty();
          }
        });
  }

  private static void assertUnavailableIfAnything(@Nullable BackupException thrown) {
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(StoreUnavailable.class);
    }
  }

  private void publishPinned(ArchiveStore store) {
    publish(store, LABEL);
    store.record(LABEL, PINNED);
  }

  @Test
  void a_record_is_the_old_or_the_new_one() throws IOException {
    for (IntFunction<FaultyFileSystem> fault :
        List.<IntFunction<FaultyFileSystem>>of(
            FaultyFileSystem::killedAt, FaultyFileSystem::failingAt)) {
      atEachStep(
          fault,
          store -> {
            if (labels(store).isEmpty()) {
              publish(store, LABEL);
            }
            store.record(LABEL, PINNED);
          },
          store -> store.record(LABEL, VERIFIED),
          (store, folder, thrown) -> {
            assertThat(store.stat(LABEL).record()).isIn(PINNED, VERIFIED);
            if (thrown == null) {
              assertThat(store.stat(LABEL).record()).isEqualTo(VERIFIED);
            }
            assertWhole(store, LABEL);
          });
    }
  }

  @Test
  void a_delete_that_is_cut_off_can_be_repeated() throws IOException {
    atEachStep(
        FaultyFileSystem::killedAt,
        this::publishPinned,
        store -> store.delete(LABEL),
        (store, folder, thrown) -> {
          store.delete(LABEL);
          // A claim of the killed one is swept away later.
          assertThat(files(folder)).allMatch(ArchiveFileName::isTemporary);
        });
  }

  @Test
  void a_killed_delete_never_leaves_an_archive_without_its_pin() throws IOException {
    atEachStep(
        FaultyFileSystem::killedAt,
        this::publishPinned,
        store -> store.delete(LABEL),
        (store, folder, thrown) -> {
          for (StoredArchive archive : store.list(ArchiveOwner.anyone()).complete()) {
            assertThat(archive.record()).isEqualTo(PINNED);
          }
        });
  }

  @Test
  void a_list_that_cannot_be_complete_fails() throws IOException {
    atEachStep(
        FaultyFileSystem::failingAt,
        store -> {
          publish(store, LABEL);
          publish(store, OTHER);
          publish(store, OTHER.next());
        },
        store -> assertThat(labels(store)).containsExactly(OTHER, OTHER.next(), LABEL),
        (store, folder, thrown) -> assertUnavailableIfAnything(thrown));
  }
}
