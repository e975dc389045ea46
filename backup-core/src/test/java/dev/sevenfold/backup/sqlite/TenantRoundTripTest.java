package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantRoundTripTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  SharedDatabase database;
  SqliteTenantSource source;

  @BeforeEach
  void create() {
    database = SharedDatabase.create(folder, 3, 42);
    source = SqliteTenantSource.builder(database.file(), database.model()).build();
  }

  @Test
  void puts_back_every_row_by_type_after_everything_was_deleted() throws IOException {
    Map<String, List<String>> before = database.dump();
    String triggers = database.triggers();
    StagedTenant archive = staged(extract());

    database.deleteAllOf(1);
    assertThat(database.dump()).isNotEqualTo(before);
    restore(archive);

    assertThat(database.dump()).isEqualTo(before);
    assertThat(database.triggers()).isEqualTo(triggers);
    assertThat(database.query("PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(database.query("SELECT count(*) FROM pragma_foreign_key_check")).isEqualTo("0");
    assertThat(
            database.query("SELECT count(*) FROM posts_fts WHERE posts_fts MATCH '\"body of 1\"'"))
        .isEqualTo("4");
    database.execute("INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)");
  }

  @Test
  void restoring_what_is_there_already_changes_nothing() throws IOException {
    StagedTenant archive = staged(extract());

    PlannedRestore restore = plan(archive);

    assertThat(restore.plan().isEmpty()).isTrue();
    assertThat(restore.plan().obstacles()).isEmpty();
  }

  private TenantSnapshot extract() throws IOException {
    return source.extract(ONE, Files.createTempDirectory(folder, "extract"), Progress.none());
  }

  private PlannedRestore plan(StagedTenant archive) throws IOException {
    return source.plan(
        archive,
        ONE,
        RestoreOptions.DEFAULT,
        Files.createTempDirectory(folder, "restore"),
        Progress.none());
  }

  private void restore(StagedTenant archive) throws IOException {
    PlannedRestore restore = plan(archive);
    assertThat(restore.plan().obstacles()).isEmpty();
    restore.announce().apply(Progress.none()).settled();
  }

  private StagedTenant staged(TenantSnapshot snapshot) throws IOException {
    Path target = Files.createTempDirectory(folder, "staged");
    Files.copy(snapshot.database(), target.resolve(ArchiveManifest.TENANT_DATABASE));
    List<ArchiveManifest.Entry> entries = new ArrayList<>();
    entries.add(
        new ArchiveManifest.Entry(
            ArchiveManifest.TENANT_DATABASE, Files.size(snapshot.database()), "0".repeat(64)));
    for (TenantSnapshot.AttachedFile file : snapshot.files()) {
      Path copy = target.resolve(file.entryName());
      Files.createDirectories(copy.getParent());
      Files.copy(file.path(), copy);
      entries.add(new ArchiveManifest.Entry(file.entryName(), file.size(), file.sha256()));
    }
    return new StagedTenant(
        target,
        new ArchiveManifest(
            ArchiveManifest.Kind.TENANT,
            ArchiveManifest.Purpose.BACKUP,
            Optional.of(snapshot.tenant()),
            snapshot.capturedAt(),
            snapshot.origin(),
            "test",
            snapshot.tables(),
            entries,
            snapshot.missing()));
  }
}
