package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.link.SqliteLinkStore;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases in another mode, encoding or page size than the usual. */
class OddDatabasesTest {

  private static final String[] SCHEMA = {
    "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE users (id TEXT PRIMARY KEY, tenant_id INTEGER REFERENCES tenants, name TEXT UNIQUE)",
    "CREATE TABLE logs (tenant_id INTEGER, line)",
    "CREATE TABLE marks (id INTEGER PRIMARY KEY, kind TEXT, ref TEXT)",
    "INSERT INTO tenants VALUES (1, 'eins'), (2, 'zwei')",
    "INSERT INTO users VALUES ('ä', 1, 'Grüße 🚀'), ('b', 1, 'b'), ('c', 2, 'c')",
    "INSERT INTO logs VALUES (1, 'x'), (1, 'x'), (1, x'00ff'), (2, 'y')",
    "INSERT INTO marks VALUES (1, 'Üser', 'ä'), (2, 'Üser', 'c')"
  };

  @TempDir Path folder;

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .polymorphic("marks", "kind", "ref", Map.of("Üser", "users"));
  }

  /** A pragma has its effect on the connection that makes the first table. */
  private static Lab lab(Path folder, String... pragmas) {
    String[] statements =
        Stream.concat(Arrays.stream(pragmas), Arrays.stream(SCHEMA)).toArray(String[]::new);
    return Lab.plain(folder, statements).owned(model());
  }

  private static void damageAndRestore(Lab lab) {
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM marks WHERE id = 1",
        "DELETE FROM users WHERE id = 'ä'",
        "UPDATE users SET name = 'Grüße 🚀' WHERE id = 'b'",
        "DELETE FROM logs WHERE rowid IN (1, 3)");

    lab.restore(1, label);

    assertThat(lab.dump()).isEqualTo(then);
    assertThat(lab.damage()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "journal_mode = DELETE",
        "journal_mode = WAL",
        "page_size = 512",
        "page_size = 65536",
        "auto_vacuum = 1",
        "auto_vacuum = 2",
        "encoding = 'UTF-16le'",
        "encoding = 'UTF-16be'"
      })
  void are_restored_like_any_other(String pragma) {
    Lab lab = lab(folder, "PRAGMA " + pragma);
    String setting = pragma.replaceFirst(" = .*", "");
    assertThat(pragma).containsIgnoringCase(lab.query("PRAGMA " + setting));

    damageAndRestore(lab);
  }

  @Test
  void a_clone_in_another_encoding_follows_its_types() {
    Lab lab = lab(folder, "PRAGMA encoding = 'UTF-16le'");
    lab.execute("UPDATE users SET name = NULL", "DELETE FROM users WHERE id <> 'ä'");
    lab.execute("DELETE FROM marks WHERE id = 2");
    lab.update("UPDATE users SET id = ?", "3f2504e0-4f89-41d3-9a0c-0305e82c3301");
    lab.update("UPDATE marks SET ref = (SELECT id FROM users)");

    lab.restore(2, lab.backup(1), Lab.NEW_IDS);

    System.err.println(lab.rows("users") + " " + lab.rows("marks"));
    assertThat(lab.query("SELECT tenant_id FROM users u JOIN marks m ON m.ref = u.id ORDER BY 1"))
        .isEqualTo("1,2");
  }

  @Test
  void an_archive_in_another_encoding_is_refused() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Lab wide = lab(other, "PRAGMA encoding = 'UTF-16le'");
    Lab narrow = lab(folder);
    InMemoryArchiveStore store = new InMemoryArchiveStore();
    BackupService from = BackupService.builder(wide.source(), store).build();
    BackupService to = BackupService.builder(narrow.source(), store).build();
    Label label = from.backup(Lab.id(1)).restorePoint().label();
    Map<String, List<String>> before = narrow.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> to.restore(Lab.id(1), label))
        .withMessageContaining("UTF-16le")
        .withMessageContaining("UTF-8");
    assertThat(narrow.dump()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"q?x=1&mode=ro#f.sqlite3", "100%25 'quoted';.db", "a?journal_mode=x"})
  void a_path_that_reads_like_a_url_is_of_exactly_that_file(String name) throws IOException {
    Lab lab = lab(folder);
    Path odd = folder.resolve(name);
    Files.move(lab.file(), odd);
    BackupService backups =
        BackupService.builder(
                SqliteTenantSource.builder(odd, model().build()).build(),
                new InMemoryArchiveStore())
            .build();

    Label label = backups.backup(TenantId.of(1)).restorePoint().label();
    backups.restore(TenantId.of(1), label);
    SqliteLinkStore.open(folder.resolve("links" + name));

    assertThat(folder.resolve("links" + name)).isNotEmptyFile();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .allMatch(file -> file.contains(name));
    }
  }
}
