package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.UnmountedWorld.ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads why a tenant's file is not in the backup finds the file, and what to do. */
class WhyAFileCannotBeReadTest {

  /** A file that Linux lets nobody read, not even root. */
  private static final Path DENIED = Path.of("/proc/sys/net/ipv4/route/flush");

  /** A file that can be opened, and fails when it is read. */
  private static final Path FAILING = Path.of("/sys/class/net/lo/speed");

  @TempDir Path folder;

  private BackupReport backup(Path root, String name, Progress progress) throws IOException {
    Lab lab =
        Lab.with(
            Files.createTempDirectory(folder, "lab"),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE blobs (id INTEGER PRIMARY KEY, tenant_id INTEGER, key TEXT)",
            "INSERT INTO tenants VALUES (1)");
    lab.update("INSERT INTO blobs VALUES (7, 1, ?)", name);
    TenantModel model =
        TenantModel.rootedAt("tenants").column("tenant_id").files(root, "blobs", "{key}").build();
    try (BackupService service =
        BackupService.builder(
                SqliteTenantSource.builder(lab.file(), model).build(), new InMemoryArchiveStore())
            .build()) {
      return service.backup(ONE, BackupOptions.DEFAULT.acceptingMissing(), progress);
    }
  }

  private void fails(Path file, String why, String advice) {
    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(
            () ->
                backup(
                    file.resolveSibling(".").normalize(),
                    String.valueOf(file.getFileName()),
                    Progress.none()))
        .satisfies(
            e -> {
              assertThat(e.what())
                  .contains("The file " + file + ", named by the row [")
                  .contains("] of blobs, could not be read: ")
                  .endsWith(why)
                  .doesNotContain("changed");
              assertThat(e.advice()).contains(advice);
            });
  }

  private void warns(String name, String why) throws IOException {
    BackupReport report = backup(folder.resolve("uploads"), name, Progress.none());

    assertThat(report.warnings()).singleElement().asString().contains(why);
  }

  @Test
  void a_file_that_this_process_may_not_read() {
    assumeTrue(Files.exists(DENIED) && !Files.isReadable(DENIED), "Linux has such a file");

    fails(DENIED, "that is not permitted to this process", "read and enter the folders above it");
  }

  @Test
  void a_file_whose_disk_fails() {
    assumeTrue(Files.exists(FAILING), "Linux has such a file");

    fails(FAILING, ": Invalid argument", "the disk below it");
  }

  @Test
  void what_is_no_file() throws IOException {
    Path uploads = Files.createDirectory(folder.resolve("uploads"));
    Files.createDirectory(uploads.resolve("sub"));
    Files.writeString(uploads.resolve("file"), "content");
    Files.createSymbolicLink(uploads.resolve("broken"), Path.of("nowhere"));
    Files.createSymbolicLink(uploads.resolve("circle"), Path.of("circle"));
    String tooLong = "x".repeat(300);

    warns("sub", uploads.resolve("sub") + " is not a plain file, but a folder (left out)");
    warns(
        "broken",
        uploads.resolve("broken")
            + " is not a plain file, but a link to nowhere, where nothing is (left out)");
    warns("circle/x", "of blobs: Too many levels of symbolic links");
    warns(
        "file/below",
        "Missing file "
            + uploads.resolve("file/below")
            + ", named by the row [file/below] of blobs: Not a directory");
    warns(
        tooLong,
        "Missing file "
            + uploads.resolve(tooLong)
            + ", named by the row ["
            + tooLong
            + "] of blobs: File name too long");
  }

  @Test
  void a_file_whose_folder_has_become_a_link_when_it_is_archived() throws IOException {
    Path uploads = Files.createDirectory(folder.resolve("uploads").toAbsolutePath());
    Path place = Files.createDirectory(uploads.resolve("route"));
    Files.writeString(place.resolve("flush"), "content");
    AtomicBoolean done = new AtomicBoolean();

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(
            () ->
                backup(
                    uploads,
                    "route/flush",
                    (step, unit, now, total) -> {
                      if (step.equals("archive") && !done.getAndSet(true)) {
                        replace(place);
                      }
                    }))
        .withMessageContaining(place + ": a link has come to be on the way to it")
        .withMessageNotContaining("changed");
  }

  private static void replace(Path place) {
    try {
      Files.move(place, place.resolveSibling("before"));
      Files.createDirectory(place.resolveSibling("../of-others"));
      Files.writeString(place.resolveSibling("../of-others/flush"), "secret!");
      Files.createSymbolicLink(place, Path.of("../of-others"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
