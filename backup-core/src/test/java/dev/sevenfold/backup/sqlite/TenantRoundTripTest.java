package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    StagedTenant archive = Staged.of(extract(), folder);

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
    StagedTenant archive = Staged.of(extract(), folder);

    PlannedRestore restore = plan(archive);

    assertThat(restore.plan().isEmpty()).isTrue();
    assertThat(restore.plan().conflicts()).isEmpty();
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
    assertThat(restore.plan().conflicts()).isEmpty();
    restore.announce().apply(Progress.none()).settled();
  }
}
