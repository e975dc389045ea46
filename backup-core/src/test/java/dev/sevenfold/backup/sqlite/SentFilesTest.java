package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of an archive that was sent in name whatever they like below the root of files. */
class SentFilesTest {

  @TempDir Path folder;
  private Lab lab;
  private ForgedArchive forged;

  /** The database is below the root, as small applications have it. */
  @BeforeEach
  void create() throws IOException {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE papers (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO papers VALUES (1, 1, 'mine')");
    lab.owned(
        TenantModel.rootedAt("tenants").column("tenant_id").files(folder, "papers", "{name}"));
    write("mine", "mine");
    write("secrets.yml", "password");
    forged = ForgedArchive.of(lab, folder.resolve("forgery"));
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Label imported(String name, String... content) throws Exception {
    forged.sql("INSERT INTO papers VALUES (9, 1, '" + name + "')").honestTables();
    for (String each : content) {
      forged.entry("files/papers/" + name, each.getBytes(StandardCharsets.UTF_8));
    }
    try (BackupService service = lab.service()) {
      return service.importArchive(Lab.id(1), forged.write(), Lab.BY_CONSENT).label();
    }
  }

  private void assertRefused(Label label, String... words) {
    try (BackupService service = lab.service()) {
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> service.restore(Lab.id(1), label))
          .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
    assertThat(lab.query("SELECT id FROM papers WHERE tenant_id = 1")).isEqualTo("1");
  }

  @Test
  void a_file_that_no_row_names_is_not_replaced() throws Exception {
    assertRefused(imported("secrets.yml", "forged"), "secrets.yml", "no row of the tenant");
    assertThat(folder.resolve("secrets.yml")).hasContent("password");
  }

  @Test
  void nor_taken_into_the_tenants_backups_from_now_on() throws Exception {
    assertRefused(imported("secrets.yml"), "secrets.yml", "no row of the tenant");
  }

  @Test
  void one_that_is_there_already_as_the_archive_has_it_is_in_nobodys_way() throws Exception {
    Label label = imported("returned", "the same");
    write("returned", "the same");
    lab.restore(1, label);
    assertThat(folder.resolve("returned")).hasContent("the same");
  }

  @Test
  void a_file_that_is_gone_and_one_of_the_tenants_own_come_back() throws Exception {
    Label label = imported("new", "new");
    write("mine", "changed");
    lab.restore(1, label);
    assertThat(folder.resolve("new")).hasContent("new");
    assertThat(folder.resolve("mine")).hasContent("mine");
  }

  @Test
  void an_archive_that_was_made_here_replaces_what_its_row_named_when_it_was_made()
      throws IOException {
    lab.execute("INSERT INTO papers VALUES (2, 1, 'paper')");
    write("paper", "archived");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM papers WHERE id = 2");
    write("paper", "nobody's");
    lab.restore(1, label);
    assertThat(folder.resolve("paper")).hasContent("archived");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-wal", "-shm", "-journal", "-JOURNAL"})
  void neither_the_database_nor_what_sqlite_has_beside_it_is_written(String companion)
      throws Exception {
    byte[] before = Files.readAllBytes(lab.file());
    Path target = Path.of(lab.file() + companion);
    boolean there = Files.exists(target);
    assertRefused(imported(String.valueOf(target.getFileName()), "forged"), "database");
    assertThat(Files.readAllBytes(lab.file())).isEqualTo(before);
    assertThat(Files.exists(target)).isEqualTo(there);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-sevenfold.lock", "-0-sevenfold.restore", "-sevenfold.checked"})
  void a_lock_and_a_journal_of_ours_stay_as_they_are(String suffix) throws Exception {
    Path ours = Path.of(lab.file() + suffix);
    String before = Files.exists(ours) ? Files.readString(ours) : "";
    Label label = imported(String.valueOf(ours.getFileName()), "forged");
    try (BackupService service = lab.service()) {
      service.restore(Lab.id(1), label);
    } catch (RestoreRefused e) {
      assertThat(e.getMessage()).contains("sevenfold");
    }
    assertThat(Files.exists(ours) ? Files.readString(ours) : "").isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.sqlite3", "other.sqlite3-wal"})
  void another_database_that_is_named_as_ours_is_neither_written_nor_read(String name)
      throws Exception {
    write("other.sqlite3", "SQLite format 3");
    Label label = imported(name, "forged");
    try (BackupService service =
        BackupService.builder(
                SqliteTenantSource.builder(lab.file(), model())
                    .own(OwnPlace.database("another", folder.resolve("other.sqlite3")))
                    .build(),
                lab.store())
            .build()) {
      service.restore(Lab.id(1), label);
    } catch (RestoreRefused e) {
      assertThat(e.getMessage()).contains("other.sqlite3");
    }
    assertThat(folder.resolve("other.sqlite3")).hasContent("SQLite format 3");
    assertThat(folder.resolve("other.sqlite3-wal")).doesNotExist();
  }

  private TenantModel model() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .files(folder, "papers", "{name}")
        .build();
  }
}
