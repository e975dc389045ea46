package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, read-only or not there, and a thread that is interrupted. */
class DirectoryTroubleTest {

  private static final Label LABEL = Label.parse("tenant_1_20261122010100");

  @TempDir Path temp;

  private boolean mounted;

  private Path mountpoint() {
    return temp.resolve("disk");
  }

  /** A disk of half a megabyte. */
  private Path mountTinyDisk() throws Exception {
    Files.createDirectory(mountpoint());
    mounted = run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", mountpoint().toString());
    assumeTrue(
        mounted,
        "NOT TESTED: what happens when the disk is full. It takes Linux and root to mount a tmpfs");
    return mountpoint();
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void unmount() throws InterruptedException {
    if (mounted) {
      assertThat(run("umount", mountpoint().toString())).isTrue();
    }
  }

  private static List<String> files(Path folder) throws IOException {
    return StoreFiles.names(folder);
  }

  private static List<Label> labels(ArchiveStore store) {
    return store.list(ArchiveOwner.anyone()).complete().stream().map(StoredArchive::label).toList();
  }

  @Test
  void a_full_disk_keeps_nothing_half_written() throws Exception {
    Path disk = mountTinyDisk();
    ArchiveStore store = DirectoryArchiveStore.at(disk);
    store.publish(LABEL, out -> out.write(new byte[100_000]));

    StoreUnavailable full =
        catchThrowableOfType(
            StoreUnavailable.class,
            () -> store.publish(LABEL.next(), out -> out.write(new byte[1_000_000])));

    assertThat(full)
        .hasMessageContaining(disk.toString())
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("bytes free");
    assertThat(full.advice()).startsWith("Make room there");
    assertThat(labels(store)).containsExactly(LABEL);
    assertThat(files(disk)).hasSize(1);
    store.publish(LABEL.next(), out -> out.write(new byte[100_000]));
    assertThat(labels(store)).hasSize(2);
  }

  @Test
  void a_full_disk_is_seen_even_if_the_content_hides_it() throws Exception {
    Path disk = mountTinyDisk();
    ArchiveStore store = DirectoryArchiveStore.at(disk);

    assertThatThrownBy(
            () ->
                store.publish(
                    LABEL,
                    out -> {
                      try {
                        out.write(new byte[1_000_000]);
                      } catch (IOException e) {
                        throw new IllegalStateException("something else", e);
                      }
                    }))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("No space left on device");

    assertThat(files(disk)).isEmpty();
  }

  @Test
  void marks_stay_as_they_are_on_a_full_disk() throws Exception {
    Path disk = mountTinyDisk();
    ArchiveStore store = DirectoryArchiveStore.at(disk);
    store.publish(LABEL, out -> out.write(1));
    store.record(LABEL, ArchiveRecord.NONE.withPinned(true));
    fill(disk.resolve("filler"));

    assertThatThrownBy(() -> store.record(LABEL, ArchiveRecord.NONE))
        .isInstanceOf(StoreUnavailable.class);

    assertThat(store.list(ArchiveOwner.anyone()).complete())
        .containsExactly(new StoredArchive(LABEL, 1, ArchiveRecord.NONE.withPinned(true)));
    Files.delete(disk.resolve("filler"));
    assertThat(files(disk)).hasSize(2);
  }

  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  out.write(new byte[4_096]);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void a_read_only_disk_can_be_read() throws Exception {
    Path disk = mountTinyDisk();
    ArchiveStore store = DirectoryArchiveStore.at(disk);
    store.publish(LABEL, out -> out.write(1));
    assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();

    assertThatThrownBy(() -> store.publish(LABEL.next(), out -> out.write(1)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("Read-only file system")
        .hasMessageContaining("Mount the file system writable");
    assertThatThrownBy(() -> store.delete(LABEL)).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> store.record(LABEL, ArchiveRecord.NONE))
        .isInstanceOf(StoreUnavailable.class);

    assertThat(labels(store)).containsExactly(LABEL);
    try (InputStream in = store.open(LABEL)) {
      assertThat(in.readAllBytes()).hasSize(1);
    }
  }

  @Test
  void a_file_in_place_of_the_folder_is_reported() throws IOException {
    Path file = Files.writeString(temp.resolve("backups"), "a file");
    ArchiveStore store = DirectoryArchiveStore.at(file);

    assertThatThrownBy(() -> store.publish(LABEL, out -> out.write(1)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> labels(store))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining(file + " is not a folder");
  }

  @Test
  void an_interrupt_stops_an_upload_and_is_kept() throws IOException {
    Path folder = temp.resolve("backups");
    ArchiveStore store = DirectoryArchiveStore.at(folder);
    boolean interrupted;
    try {
      assertThatThrownBy(
              () ->
                  store.publish(
                      LABEL,
                      out -> {
                        Thread.currentThread().interrupt();
                        out.write(new byte[1_000_000]);
                      }))
          .isInstanceOf(OperationFailed.class)
          .hasMessageContaining("interrupted");
    } finally {
      interrupted = Thread.interrupted();
    }

    assertThat(interrupted).isTrue();
    assertThat(files(folder)).isEmpty();
  }

  @Test
  void an_interrupted_thread_sees_the_right_marks_and_changes_none() {
    ArchiveRecord pinned = ArchiveRecord.NONE.withPinned(true);
    ArchiveStore store = DirectoryArchiveStore.at(temp.resolve("backups"));
    store.publish(LABEL, out -> out.write(1));
    store.record(LABEL, pinned);
    Thread.currentThread().interrupt();
    try {
      assertThat(store.stat(LABEL).record()).isEqualTo(pinned);
      assertThatThrownBy(() -> store.record(LABEL, ArchiveRecord.NONE))
          .isInstanceOf(OperationFailed.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(store.list(ArchiveOwner.anyone()).complete())
        .containsExactly(new StoredArchive(LABEL, 1, pinned));
  }

  @Test
  void an_interrupt_stops_a_download() throws IOException {
    ArchiveStore store = DirectoryArchiveStore.at(temp.resolve("backups"));
    store.publish(LABEL, out -> out.write(new byte[100_000]));
    try (InputStream in = store.open(LABEL)) {
      assertThat(in.readNBytes(1_000)).hasSize(1_000);
      Thread.currentThread().interrupt();

      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
