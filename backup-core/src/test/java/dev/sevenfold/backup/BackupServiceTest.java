package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.ImportOptions;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.commons.io.input.BrokenInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupServiceTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  SharedDatabase database;
  BackupService backups;

  @BeforeEach
  void create() {
    database = SharedDatabase.create(folder, 12, 7);
    backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(),
                new InMemoryArchiveStore())
            .scratch(folder.resolve("scratch"))
            .build();
  }

  @AfterEach
  void scratch_is_empty() throws IOException {
    backups.close();
    try (var left = Files.list(folder.resolve("scratch"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_restore_puts_rows_and_files_back_and_can_be_undone() throws IOException {
    BackupReport report = backups.backup(ONE);
    Map<String, List<String>> before = database.dump();
    Map<String, String> filesBefore = files();
    database.deleteAllOf(1);
    for (String path : files().keySet()) {
      if (path.matches(".*01.")) {
        Files.delete(database.files().resolve(path));
      }
    }
    Map<String, List<String>> damaged = database.dump();
    Map<String, String> damagedFiles = files();
    assertThat(damagedFiles).hasSize(filesBefore.size() - 3);

    RestoreReport restored = backups.restore(ONE, report.restorePoint().label());

    assertThat(report.warnings()).isEmpty();
    assertThat(database.dump()).isEqualTo(before);
    assertThat(files()).isEqualTo(filesBefore);
    assertThat(restored.safety().orElseThrow().verified()).isTrue();

    backups.undo(ONE);
    assertThat(database.dump()).isEqualTo(damaged);
    assertThat(files()).isEqualTo(damagedFiles);

    backups.undo(ONE);
    assertThat(database.dump()).isEqualTo(before);
    assertThat(files()).isEqualTo(filesBefore);
  }

  @Test
  void keeps_seven() {
    for (int i = 0; i < 9; i++) {
      backups.backup(ONE);
    }

    List<RestorePoint> points = backups.restorePoints(ONE);

    assertThat(points).hasSize(7).allMatch(RestorePoint::verified);
    assertThat(backups.restorePoints(TenantId.of(10))).isEmpty();
  }

  @Test
  void takes_an_old_archive_back_in() throws IOException {
    Label label = backups.backup(ONE).restorePoint().label();
    Path file = folder.resolve("kept.tar.gz");
    try (InputStream in = backups.open(label)) {
      Files.copy(in, file);
    }

    RestorePoint taken = backups.importArchive(ONE, file);

    assertThat(taken.label().value()).matches("tenant_1_\\d{4}-\\d{2}-\\d{2}");
    assertThat(taken.pinned()).isTrue();
    assertThat(taken.verified()).isTrue();
    assertThat(backups.importArchive(ONE, file).label()).isEqualTo(taken.label().next());
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> backups.importArchive(TenantId.of(2), file))
        .withMessageContaining("of tenant 1, not of tenant 2");
  }

  private byte[] sent() throws IOException {
    try (InputStream in = backups.open(backups.backup(ONE).restorePoint().label())) {
      return in.readAllBytes();
    }
  }

  private List<Path> scratch() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("scratch"))) {
      return files.toList();
    }
  }

  @Test
  void takes_an_upload_in_that_is_as_large_as_allowed_and_leaves_the_stream_open()
      throws IOException {
    byte[] sent = sent();
    AtomicBoolean closed = new AtomicBoolean();
    InputStream upload =
        new FilterInputStream(new ByteArrayInputStream(sent)) {
          @Override
          public void close() {
            closed.set(true);
          }
        };

    RestorePoint taken = backups.importArchive(ONE, upload, sent.length, ImportOptions.DEFAULT);

    assertThat(taken.verified() && taken.pinned()).isTrue();
    assertThat(closed).isFalse();
    assertThat(scratch()).isEmpty();
  }

  @Test
  void an_upload_that_is_larger_than_allowed_is_refused_and_no_more_of_it_is_read()
      throws IOException {
    byte[] sent = sent();
    byte[] more = Arrays.copyOf(sent, sent.length + 100_000);
    ByteArrayInputStream upload = new ByteArrayInputStream(more);
    int points = backups.restorePoints(ONE).size();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(
            () -> backups.importArchive(ONE, upload, sent.length - 1, ImportOptions.DEFAULT))
        .withMessageContaining("larger than the %d bytes".formatted(sent.length - 1));

    assertThat(upload.available()).isEqualTo(100_000);
    assertThat(backups.restorePoints(ONE)).hasSize(points);
    assertThat(scratch()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backups.importArchive(ONE, upload, 0, ImportOptions.DEFAULT))
        .withMessageContaining("at most 0 bytes");
  }

  @Test
  void an_upload_that_breaks_off_or_is_half_is_refused_and_nothing_of_it_stays()
      throws IOException {
    byte[] sent = sent();
    InputStream half = new ByteArrayInputStream(sent, 0, sent.length / 2);
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(sent, 0, sent.length / 2),
            new BrokenInputStream(() -> new IOException("Connection reset")));
    int points = backups.restorePoints(ONE).size();

    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> backups.importArchive(ONE, half, Long.MAX_VALUE, ImportOptions.DEFAULT));
    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> backups.importArchive(ONE, broken, Long.MAX_VALUE, ImportOptions.DEFAULT))
        .withMessageContaining("tenant 1")
        .withMessageContaining("Connection reset");

    assertThat(backups.restorePoints(ONE)).hasSize(points);
    assertThat(scratch()).isEmpty();
  }

  @Test
  void refuses_another_tenants_archive_and_changes_nothing() {
    Label label = backups.backup(ONE).restorePoint().label();
    Map<String, List<String>> before = database.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> backups.restore(TenantId.of(2), label));
    assertThat(database.dump()).isEqualTo(before);
    assertThat(backups.safetyPoints(TenantId.of(2))).isEmpty();
  }

  private Map<String, String> files() throws IOException {
    return database.fileDigests();
  }
}
