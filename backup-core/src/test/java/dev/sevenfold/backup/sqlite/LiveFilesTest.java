package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.UnmountedWorld.ONE;
import static dev.sevenfold.backup.sqlite.UnmountedWorld.TWO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that an application writes to while they are backed up. */
class LiveFilesTest {

  private static final int MEGABYTES = 8;

  @TempDir Path folder;
  private UnmountedWorld world;

  /** Writes to a file. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  /** Goes on writing until it is closed. */
  private static final class Writer implements AutoCloseable {
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread thread;

    Writer(Writing writing) {
      thread =
          new Thread(
              () -> {
                while (!ended.get()) {
                  run(writing);
                }
              });
      thread.start();
    }

    @Override
    public void close() throws InterruptedException {
      ended.set(true);
      thread.join();
    }
  }

  private static void run(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void create() throws IOException {
    world = UnmountedWorld.create(folder);
  }

  private static byte[] random() {
    byte[] bytes = new byte[MEGABYTES << 20];
    new Random(3).nextBytes(bytes);
    return bytes;
  }

  private static void append(Path file) throws IOException {
    Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
  }

  /** Once the archive is being written, before the files are. */
  private static Progress whenArchiving(Writing writing) {
    AtomicBoolean done = new AtomicBoolean();
    return (step, unit, now, total) -> {
      if (step.equals("archive") && done.compareAndSet(false, true)) {
        run(writing);
      }
    };
  }

  @Test
  void a_log_that_grows_all_the_time_is_in_the_systems_backup_as_long_as_it_was_and_is_named()
      throws Exception {
    Path log = Files.write(world.uploads().resolve("production.log"), random());

    SystemBackupReport report;
    try (Writer writer = new Writer(() -> append(log))) {
      report = world.backupSystem();
    }

    assertThat(report.point().verified()).isTrue();
    assertThat(report.warnings())
        .singleElement()
        .asString()
        .contains("grew while they were read", "(1): production.log");
    assertBeginsAsItWas(restored("production.log"));
  }

  @Test
  void a_file_that_grows_after_it_was_read_is_in_the_systems_backup_as_it_was() throws Exception {
    Path file = world.file(ONE, 3);

    SystemBackupReport report =
        world.service().backupSystem(BackupOptions.DEFAULT, whenArchiving(() -> append(file)));

    assertThat(report.point().verified()).isTrue();
    assertThat(restored("t1-3")).hasContent("file 3 of 1");
  }

  @Test
  void a_file_that_is_rewritten_all_the_time_is_in_the_systems_backup_and_is_named()
      throws Exception {
    byte[] content = random();
    Path file = Files.write(world.uploads().resolve("ring.buffer"), content);

    SystemBackupReport report;
    try (Writer writer = new Writer(() -> Files.write(file, content, StandardOpenOption.WRITE))) {
      report = world.backupSystem();
    }

    assertThat(report.point().verified()).isTrue();
    assertThat(report.warnings()).singleElement().asString().contains("ring.buffer");
    assertThat(restored("ring.buffer")).hasBinaryContent(content);
  }

  @Test
  void files_that_are_rewritten_after_they_were_read_are_taken_again_and_named() throws Exception {
    SystemBackupReport report =
        world
            .service()
            .backupSystem(
                BackupOptions.DEFAULT,
                whenArchiving(
                    () -> {
                      Files.writeString(world.file(ONE, 3), "rewritten, and longer than before");
                      Files.writeString(world.file(ONE, 4), "short");
                    }));

    assertThat(report.point().verified()).isTrue();
    assertThat(report.warnings())
        .filteredOn(warning -> warning.contains("taken again"))
        .hasSize(2)
        .anyMatch(warning -> warning.contains("trees/uploads/t1-3"))
        .anyMatch(warning -> warning.contains("trees/uploads/t1-4"));
    assertThat(restored("t1-3")).hasContent("rewritten, and longer than before");
    assertThat(restored("t1-4")).hasContent("short");
  }

  @Test
  void a_tenants_file_that_grows_all_the_time_is_backed_up_as_long_as_it_was_and_is_named()
      throws Exception {
    Path log = Files.write(world.file(ONE, 3), random());

    BackupReport report;
    try (Writer writer = new Writer(() -> append(log))) {
      report = world.backup(ONE);
    }

    assertThat(report.restorePoint().verified()).isTrue();
    assertThat(report.warnings()).singleElement().asString().contains(log.toString(), "grew");
    Files.delete(log);
    world.service().restore(ONE, report.restorePoint().label());
    assertBeginsAsItWas(log);
  }

  @Test
  void a_tenant_goes_back_while_one_of_its_files_grows_all_the_time() throws Exception {
    Path log = Files.write(world.file(ONE, 3), random());
    BackupReport report = world.backup(ONE);
    world.lab().update("DELETE FROM blobs WHERE key = ?", "t1-5");

    try (Writer writer = new Writer(() -> append(log))) {
      world.service().restore(ONE, report.restorePoint().label());
    }

    assertThat(world.lab().query("SELECT count(*) FROM blobs WHERE key = 't1-5'")).isEqualTo("1");
    assertBeginsAsItWas(log);
  }

  @Test
  void a_tenants_files_that_are_rewritten_or_deleted_after_they_were_read_are_taken_again()
      throws Exception {
    BackupReport report =
        world
            .service()
            .backup(
                ONE,
                whenArchiving(
                    () -> {
                      Files.writeString(world.file(ONE, 3), "rewritten, and longer than before");
                      Files.delete(world.file(ONE, 4));
                    }));

    assertThat(report.restorePoint().verified()).isTrue();
    assertThat(report.warnings())
        .hasSize(2)
        .anyMatch(warning -> warning.contains("taken again: files/blobs/t1-3"))
        .anyMatch(warning -> warning.contains("left out: files/blobs/t1-4"));
    Files.delete(world.file(ONE, 3));
    world.service().restore(ONE, report.restorePoint().label());
    assertThat(world.file(ONE, 3)).hasContent("rewritten, and longer than before");
  }

  @Test
  void a_disk_that_goes_while_a_tenant_is_archived_fails_the_backup() {
    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> world.service().backup(TWO, whenArchiving(world::takeAway)))
        .withMessageContaining("cannot be read while it is being archived");
    assertThat(world.service().restorePoints(TWO)).isEmpty();
  }

  private Path restored(String name) throws IOException {
    Path into = Files.createTempDirectory(folder, "restored");
    world
        .service()
        .system()
        .restore(
            world.service().system().latest().label(), SqliteSystemTarget.builder(into).build());
    try (var files = Files.walk(into)) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }

  private static void assertBeginsAsItWas(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    byte[] before = random();
    assertThat(content.length).isGreaterThanOrEqualTo(before.length);
    assertThat(Arrays.equals(content, 0, before.length, before, 0, before.length)).isTrue();
  }
}
