package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are in the way, or that somebody else names, in another file set or tenant. */
class SharedFilesTest {

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(folder.resolve("storage/sub"));
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE papers (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
            "CREATE TABLE images (id INTEGER PRIMARY KEY, tenant_id INTEGER, folder, file TEXT)",
            "CREATE TABLE forgotten (name TEXT)",
            "INSERT INTO tenants VALUES (1), (2)");
    lab.owned(model().files(storage(), "papers", "{name}"));
  }

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id").shared("forgotten");
  }

  private Path storage() {
    return folder.resolve("storage");
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(storage().resolve(name), content);
  }

  @Test
  void a_file_that_no_row_names_comes_back_when_the_restore_that_replaced_it_is_undone()
      throws IOException {
    lab.execute("INSERT INTO papers VALUES (1, 1, 'a'), (2, 1, 'same')");
    Path replaced = write("a", "archived");
    Path same = write("same", "same");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM papers");
    write("a", "nobody's");

    RestorePlan plan = lab.restore(1, label).plan();
    assertThat(replaced).hasContent("archived");
    assertThat(plan.notes()).anyMatch(note -> note.contains(replaced + ", which no row names now"));

    RestoreReport undone = lab.undo(1);
    assertThat(replaced).hasContent("nobody's");
    assertThat(same).hasContent("same");
    assertThat(lab.query("SELECT * FROM papers")).isEmpty();
    assertThat(undone.plan().notes())
        .anyMatch(note -> note.contains("files/papers/a, which no row named, is again"));

    lab.undo(1);
    assertThat(replaced).hasContent("archived");
    lab.undo(1);
    assertThat(replaced).hasContent("nobody's");
  }

  @Test
  void a_file_of_an_erased_row_goes_as_it_did() throws IOException {
    lab.owned(
        model()
            .files(storage(), "papers", "{name}")
            .eraseOnRestore("forgotten", "name", "papers", "name"));
    lab.execute("INSERT INTO papers VALUES (1, 1, 'a')");
    Path erased = write("a", "personal");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO forgotten VALUES ('a')");

    lab.restore(1, label);

    assertThat(erased).doesNotExist();
  }

  @Test
  void a_file_that_a_row_of_another_set_uses_is_not_removed() throws IOException {
    lab.owned(
        model().files(storage(), "papers", "{name}").files(storage(), "images", "{folder}/{file}"));
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO papers VALUES (1, 1, 'sub/other'), (2, 1, 'sub/own'), (3, 1, 'alone')",
        "INSERT INTO images VALUES (1, 2, 'sub', 'other')");
    Path others = write("sub/other", "used by tenant 2");
    Path alone = write("alone", "of a row that goes");
    write("sub/own", "of a row that goes");

    RestoreReport report = lab.restore(1, label);

    assertThat(others).hasContent("used by tenant 2");
    assertThat(alone).doesNotExist();
    assertThat(report.plan().files().removed()).isEqualTo(2);
  }

  @Test
  void a_file_that_a_staged_row_of_another_set_names_stays_and_is_written_once()
      throws IOException {
    lab.owned(
        model()
            .files(storage(), "papers", "{name}")
            // The same folder by another name.
            .files(storage().resolve("sub"), "images", "{file}"));
    lab.execute(
        "INSERT INTO images VALUES (1, 1, '', 'x')", "INSERT INTO papers VALUES (1, 1, 'sub/x')");
    Path file = write("sub/x", "content");
    Label both = lab.backup(1);
    lab.execute("DELETE FROM papers");
    Label image = lab.backup(1);
    Files.delete(file);

    lab.restore(1, both);
    assertThat(file).hasContent("content");
    lab.restore(1, image);
    assertThat(file).hasContent("content");
    assertThat(lab.query("SELECT * FROM papers")).isEmpty();
  }

  @Test
  void a_file_of_another_set_is_not_changed_under_another_tenants_row() throws IOException {
    lab.owned(
        model().files(storage(), "papers", "{name}").files(storage(), "images", "{folder}/{file}"));
    lab.execute("INSERT INTO papers VALUES (1, 1, 'sub/x')");
    Path file = write("sub/x", "then");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM papers", "INSERT INTO images VALUES (1, 2, 'sub', 'x')");
    write("sub/x", "of tenant 2 now");
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining("another tenant's row names it");
    assertThat(file).hasContent("of tenant 2 now");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void another_tenant_gets_files_of_its_own() throws IOException {
    lab.execute(
        "INSERT INTO papers VALUES (1, 1, 'a'), (2, 1, 'b.pdf'),"
            + " (3, 1, '0f8fad5b-d9cb-469f-a165-70867728950e'), (4, 1, 'x7k2m9q4w1z8c5v3'), (5, 1, NULL)");
    Label label =
        backupWithFiles("a", "b.pdf", "0f8fad5b-d9cb-469f-a165-70867728950e", "x7k2m9q4w1z8c5v3");

    assertThat(lab.preview(2, label, Lab.NEW_IDS).notes())
        .contains(
            "Rows of table papers get another name, so that both tenants have files of their own");
    lab.restore(2, label, Lab.NEW_IDS);
    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(
            lab.query(
                "SELECT name FROM papers WHERE tenant_id = 2 AND length(name) < 10 ORDER BY 1"))
        .isEqualTo("a-2,b-2.pdf");
    assertThat(
            lab.query(
                "SELECT name FROM papers WHERE tenant_id = 3 AND length(name) < 10 ORDER BY 1"))
        .isEqualTo("a-3,b-3.pdf");
    assertThat(lab.query("SELECT count(DISTINCT name) || ' of ' || count(*) FROM papers"))
        .isEqualTo("12 of 15");
    assertThat(filesThere()).containsExactlyInAnyOrderElementsOf(filesNamed());
    lab.undo(2);
    lab.undo(3);
    assertThat(filesThere()).containsExactlyInAnyOrderElementsOf(filesNamed()).hasSize(4);
  }

  private List<String> filesNamed() {
    return List.of(lab.query("SELECT name FROM papers WHERE name IS NOT NULL").split(",", -1));
  }

  private List<String> filesThere() throws IOException {
    try (Stream<Path> files = Files.list(storage())) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  private Label backupWithFiles(String... names) throws IOException {
    for (String name : names) {
      write(name, name);
    }
    return lab.backup(1);
  }

  @Test
  void another_tenant_gets_no_file_that_the_source_has_too() throws IOException {
    lab.owned(model().files(storage(), "images", "{folder}/{file}"));
    lab.execute("INSERT INTO images VALUES (1, 1, 'sub', 'a'), (2, 1, 'sub', 'b')");
    write("sub/a", "a");
    write("sub/b", "b");
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();

    assertThat(lab.preview(2, label, Lab.NEW_IDS).conflicts())
        .singleElement()
        .asString()
        .startsWith("2 of the files of table images would be another tenant's too: sub/a, sub/b")
        .contains("new_key", "shared: true");
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(2, label, Lab.NEW_IDS));
    assertThat(lab.dump()).isEqualTo(before);

    lab.owned(model().sharedFiles(storage(), "images", "{folder}/{file}"));
    lab.restore(2, label, Lab.NEW_IDS);
    assertThat(lab.query("SELECT file FROM images WHERE tenant_id = 2")).isEqualTo("a,b");
    lab.undo(2);
    assertThat(storage().resolve("sub/a")).hasContent("a");
  }

  @Test
  void a_file_that_another_tenant_has_by_now_is_said_in_place() throws IOException {
    lab.execute("INSERT INTO papers VALUES (1, 1, 'a')");
    Path file = write("a", "a");
    Label label = lab.backup(1);
    lab.execute("UPDATE papers SET id = 9, tenant_id = 2");

    assertThat(lab.restore(1, label).plan().notes())
        .anyMatch(note -> note.contains(file + " is named by another tenant's row too"));
  }
}
