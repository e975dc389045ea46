package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
