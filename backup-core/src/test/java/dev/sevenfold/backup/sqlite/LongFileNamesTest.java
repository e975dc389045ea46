package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that leave no room for one more byte: those of the library beside them are its own. */
class LongFileNamesTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {200, 206, 230, 254, 255})
  void a_file_with_a_long_name_is_restored_and_taken_back(int bytes) throws IOException {
    String name = "ö" + "r".repeat(bytes - 6) + ".pdf";
    assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSize(bytes);
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE files (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO files VALUES (1, 1, '" + name + "'), (2, 1, 'short')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .files(folder, "files", "{name}"));
    Path longest = Files.writeString(folder.resolve(name), "then");
    Path brief = Files.writeString(folder.resolve("short"), "then");
    Label label = lab.backup(1);
    Files.delete(longest);
    Files.writeString(brief, "changed");

    lab.restore(1, label);

    assertThat(longest).hasContent("then");
    assertThat(brief).hasContent("then");
    lab.undo(1);
    assertThat(longest).hasContent("then");
    assertThat(brief).hasContent("changed");
    lab.backup(1);
    lab.backup(2);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains(name, "short")
          .noneMatch(
              left -> left.contains("sevenfold") && !left.matches(".*-sevenfold\\.(lock|checked)"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {210, 216, 217, 240, 241, 247})
  void a_database_with_a_long_name_is_restored(int bytes) throws IOException, SQLException {
    Path live = folder.resolve("d".repeat(bytes - 8) + ".sqlite3");
    Path file = Files.writeString(folder.resolve("a"), "then");
    execute(
        live,
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
        "CREATE TABLE files (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
        "INSERT INTO tenants VALUES (1)",
        "INSERT INTO files VALUES (1, 1, 'a')");
    TenantModel model =
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .files(folder, "files", "{name}")
            .build();
    try (BackupService service =
        BackupService.builder(
                SqliteTenantSource.builder(live, model).build(), new InMemoryArchiveStore())
            .build()) {
      Label label = service.backup(ONE).restorePoint().label();
      execute(live, "DELETE FROM files");
      Files.delete(file);

      service.restore(ONE, label);

      assertThat(file).hasContent("then");
      service.undo(ONE);
      assertThat(file).doesNotExist();
    }
  }

  private static void execute(Path live, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + live);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
