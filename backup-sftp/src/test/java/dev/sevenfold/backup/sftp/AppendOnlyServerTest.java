package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that lets an account add files, and never take one away: against whoever breaks in. */
class AppendOnlyServerTest {

  private static final int SIZE = 300_000;
  private static final ArchiveRecord VERIFIED =
      ArchiveRecord.NONE.withVerifiedAt(Instant.parse("2026-11-22T01:02:03Z"));

  @TempDir Path home;
  private Path folder;
  private byte[] archive;

  @BeforeEach
  void prepare() {
    folder = home.resolve("backups");
    archive = bytes(1, SIZE);
  }

  private OpenSsh denying(String requests) throws IOException {
    return OpenSsh.start(home.resolve("server"), "ForceCommand internal-sftp -P " + requests);
  }

  /** What takes up space: a file with two names counts once. */
  private long stored() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(AppendOnlyServerTest::identityAndSize)
          .distinct()
          .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
          .sum();
    }
  }

  private static String identityAndSize(Path file) {
    try {
      return Files.getAttribute(file, "unix:ino") + " " + Files.size(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void archives_are_kept_and_recorded_and_no_second_copy_is_left() throws Exception {
    try (OpenSsh server = denying("remove,rmdir,rename,posix-rename")) {
      for (int night = 0; night < 3; night++) {
        try (ArchiveStore store = server.store(folder).build()) {
          store.publish(label(night), VERIFIED, content(archive));
          store.record(label(night), VERIFIED.withPinned(true));
          store.record(label(night), VERIFIED);
        }
      }
      try (ArchiveStore store = server.store(folder).build()) {
        assertThat(store.list(ArchiveOwner.anyone()).complete())
            .hasSize(3)
            .extracting(StoredArchive::record)
            .containsOnly(VERIFIED);
        assertThat(read(store, label(2))).isEqualTo(archive);
      }
    }
    assertThat(stored()).isBetween(3L * SIZE, 3L * SIZE + 20_000);
  }

  @Test
  void what_cannot_be_deleted_stays_whole() throws Exception {
    try (OpenSsh server = denying("remove,rmdir,rename,posix-rename");
        ArchiveStore store = server.store(folder).build()) {
      store.publish(label(1), VERIFIED, content(archive));

      assertThatThrownBy(() -> store.delete(label(1)))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("Removing");

      assertThat(store.stat(label(1)).record()).isEqualTo(VERIFIED);
      assertThat(read(store, label(1))).isEqualTo(archive);
      long left = files();
      assertThatThrownBy(() -> store.delete(label(1))).isInstanceOf(StoreUnavailable.class);
      assertThat(files() - left).as("files that each attempt leaves").isLessThan(10);
    }
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void a_flat_folder_takes_archives_too() throws Exception {
    Files.createDirectories(folder);
    Files.write(folder.resolve(label(0) + ".archive"), archive);
    try (OpenSsh server = denying("remove,rmdir,rename,posix-rename");
        ArchiveStore store = server.store(folder).build()) {
      store.publish(label(1), VERIFIED, content(archive));
      store.publish(label(2), content(archive));

      assertThat(store.list(ArchiveOwner.anyone()).complete())
          .extracting(StoredArchive::record)
          .containsExactly(ArchiveRecord.NONE, VERIFIED, ArchiveRecord.NONE);
      assertThat(folder.resolve(label(1) + ".archive")).exists();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",setstat,fsetstat"})
  void an_upload_that_is_broken_off_leaves_an_empty_file(String more) throws Exception {
    try (OpenSsh server = denying("remove,rmdir,rename,posix-rename" + more);
        ArchiveStore store = server.store(folder).build()) {
      assertThatThrownBy(
              () ->
                  store.publish(
                      label(1),
                      out -> {
                        out.write(archive);
                        throw new IOException("the disk of the scratch folder failed");
                      }))
          .hasMessageContaining("the disk of the scratch folder failed");
    }
    assertThat(stored()).isLessThan(1_000);
  }

  @Test
  void where_no_file_gets_a_name_nothing_is_uploaded() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    try (OpenSsh server = denying("remove,rmdir,rename,posix-rename,hardlink")) {
      for (int night = 0; night < 3; night++) {
        try (ArchiveStore store = server.store(folder).build()) {
          assertThatThrownBy(
                  () ->
                      store.publish(
                          label(1),
                          out -> {
                            begun.incrementAndGet();
                            out.write(archive);
                          }))
              .isInstanceOf(StoreUnavailable.class)
              .hasMessageContaining("by hard links or renames");
        }
      }
    }
    assertThat(begun).hasValue(0);
    assertThat(stored()).isLessThan(1_000);
  }

  @Test
  void renames_do_where_the_account_may_make_no_links() throws Exception {
    try (OpenSsh server = denying("hardlink");
        ArchiveStore store = server.store(folder).build()) {
      store.publish(label(1), VERIFIED, content(archive));

      assertThat(read(store, label(1))).isEqualTo(archive);
      assertThat(stored()).isLessThan(SIZE + 1_000);
    }
  }
}
