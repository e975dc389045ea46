package dev.sevenfold.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code that README.md shows is the code that is compiled here. */
class ReadmeTest {

  /** Compiled, not run: it names the paths of a reader's machine. */
  void first_screen() {
    // README: first screen
    TenantModel model =
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .shared("countries", "schema_migrations")
            .build();
    try (BackupService backups =
        BackupService.builder(
                SqliteTenantSource.builder(Path.of("storage/production.sqlite3"), model).build(),
                DirectoryArchiveStore.at(Path.of("/srv/backups")))
            .build()) {
      BackupReport report = backups.backup(TenantId.of(42));
      backups.restore(TenantId.of(42), report.restorePoint().label());
      backups.undo(TenantId.of(42));
    }
    // README: end
  }

  TenantModel model() {
    return
    // README: model
    TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .ownedByColumn("tasks", "owner_ref") // another column that holds the tenant's key
        .reference("notes", "author_id", "users", "id") // a foreign key that nobody declared
        .polymorphic("taggings", "taggable_type", "taggable_id", Map.of("User", "users"))
        .referencedBy("blobs", "attachments", "blob_id") // owned because owned rows point at it
        .shared("countries", "schema_migrations") // never written by a restore
        .ignored("solid_queue_*", "sessions") // left out on purpose
        .files(Path.of("storage"), "blobs", "{key[0..2]}/{key[2..4]}/{key}")
        .build();
    // README: end
  }

  @Test
  void the_code_of_the_readme_is_compiled_here() throws IOException {
    String readme = Files.readString(Path.of("../../README.md"));

    assertThat(model().files()).hasSize(1);
    assertThat(readme).contains(section("first screen")).contains(section("model"));
  }

  private static String section(String name) throws IOException {
    String source =
        Files.readString(
            Path.of("src/test/java/dev/sevenfold/examples/quickstart/ReadmeTest.java"));
    int start = source.indexOf('\n', source.indexOf("// README: " + name + "\n")) + 1;
    int end = source.lastIndexOf('\n', source.indexOf("// README: end", start)) + 1;
    // The last line counts for stripIndent even if it is blank.
    return source.substring(start, end).stripTrailing().stripIndent();
  }
}
