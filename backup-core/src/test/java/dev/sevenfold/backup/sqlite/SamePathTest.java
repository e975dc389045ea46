package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two rows with different values that make one path: what the file system sees is what counts. */
class SamePathTest {

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(storage());
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE papers (id INTEGER PRIMARY KEY, tenant_id INTEGER, key UNIQUE)",
            "CREATE TABLE images (id INTEGER PRIMARY KEY, tenant_id INTEGER, folder, file)",
            "INSERT INTO tenants VALUES (1), (2)");
    lab.owned(model());
  }

  private TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .files(storage(), "papers", "{key}")
        .files(storage(), "images", "{folder}/{file}");
  }

  private Path storage() {
    return folder.resolve("storage");
  }

  private Path write(String name, String content) throws IOException {
    Path file = storage().resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "x'6b6579', 'key', key",
        "'key', x'6b6579', key",
        "7, '7', 7",
        "'7', 7, 7",
        "x'37', 7, 7",
        "7.5, '7.5', 7.5",
      })
  void a_file_that_others_name_by_another_type_is_not_overwritten(
      String own, String others, String path) throws IOException {
    lab.execute("INSERT INTO papers VALUES (1, 1, " + own + ")");
    write(path, "then");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO papers VALUES (2, 2, " + others + ")");
    Path file = write(path, "of tenant 2 now");

    requireConflict(label, file);
  }

  private void requireConflict(Label label, Path file) {
    Map<String, List<String>> before = lab.dump();
    assertThat(lab.preview(1, label).conflicts())
        .singleElement()
        .asString()
        .contains("would change, and another tenant's row names it");
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(file).hasContent("of tenant 2 now");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"x'6b6579', text", "7, number"})
  void a_file_that_others_name_by_another_type_is_not_removed(String own, String kind)
      throws IOException {
    Label label = lab.backup(1);
    String path = kind.equals("text") ? "key" : "7";
    lab.execute(
        "INSERT INTO papers VALUES (1, 1, " + own + ")",
        "INSERT INTO papers VALUES (2, 2, '" + path + "')");
    Path file = write(path, "of tenant 2 now");

    lab.restore(1, label);

    assertThat(file).hasContent("of tenant 2 now");
    assertThat(lab.query("SELECT tenant_id FROM papers")).isEqualTo("2");
  }

  @Test
  void a_backup_leaves_out_a_file_that_is_named_by_the_bytes_of_another_tenants_key()
      throws IOException {
    lab.execute(
        "INSERT INTO papers VALUES (1, 1, x'6b6579'), (2, 2, 'key'), (3, 1, x'6f776e')",
        "INSERT INTO images VALUES (1, 1, x'61', 'b')");
    write("key", "of tenant 2");
    write("own", "of tenant 1, named by a blob");
    write("a/b", "of tenant 1, named by a blob");

    BackupReport report = lab.service().backup(Lab.id(1));

    assertThat(report.files()).isEqualTo(2);
    assertThat(report.warnings())
        .singleElement()
        .asString()
        .contains(storage().resolve("key") + " is another tenant's");
    assertThat(lab.service().backup(Lab.id(2)).files()).isEqualTo(1);
  }

  @Test
  void columns_that_are_divided_otherwise_make_the_same_path() throws IOException {
    lab.execute("INSERT INTO images VALUES (1, 1, 'a', 'b/c')");
    write("a/b/c", "then");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO images VALUES (2, 2, 'a/b', 'c')");

    requireConflict(label, write("a/b/c", "of tenant 2 now"));
  }

  @Test
  void another_set_with_the_same_files_by_another_type() throws IOException {
    lab.execute("INSERT INTO papers VALUES (1, 1, x'612f63')");
    write("a/c", "then");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO images VALUES (2, 2, 'a', 'c')");

    requireConflict(label, write("a/c", "of tenant 2 now"));
  }

  @ParameterizedTest
  @CsvSource({"real/x, link/x", "link/x, real/x"})
  void a_folder_that_a_link_leads_to_is_one_folder(String own, String others) throws IOException {
    Files.createDirectories(storage().resolve("real"));
    Files.createSymbolicLink(storage().resolve("link"), Path.of("real"));
    lab.execute("INSERT INTO papers VALUES (1, 1, '" + own + "')");
    write("real/x", "then");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO papers VALUES (2, 2, '" + others + "')");

    requireConflict(label, write("real/x", "of tenant 2 now"));
  }

  @Test
  void a_set_whose_root_is_a_link_into_another_one() throws IOException {
    Files.createDirectories(storage().resolve("images"));
    Files.createSymbolicLink(folder.resolve("elsewhere"), storage().resolve("images"));
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .files(storage(), "papers", "{key}")
            .files(folder.resolve("elsewhere"), "images", "{folder}/{file}"));
    lab.execute("INSERT INTO papers VALUES (1, 1, 'images/a/b')");
    write("images/a/b", "then");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO images VALUES (2, 2, 'a', 'b')");

    requireConflict(label, write("images/a/b", "of tenant 2 now"));
  }

  /** Hard links are how this file system can have one file under two such names. */
  @ParameterizedTest
  @CsvSource({"REPORT.pdf, report.pdf", "r\u00e9sum\u00e9, re\u0301sume\u0301", "\u00c4, \u00e4"})
  void a_file_system_that_takes_two_names_for_one(String own, String others) throws IOException {
    lab.execute("INSERT INTO papers VALUES (1, 1, '" + own + "')");
    Path file = write(own, "then");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO papers VALUES (2, 2, '" + others + "')");
    Files.writeString(file, "of tenant 2 now");
    Files.createLink(storage().resolve(others), file);

    requireConflict(label, file);
  }

  @Test
  void two_names_that_are_two_files_are_two_files() throws IOException {
    lab.execute(
        "INSERT INTO papers VALUES (1, 1, 'a/REPORT'), (2, 2, 'a/report'), (3, 2, 'b/REPORT')");
    Path own = write("a/REPORT", "then");
    Path other = write("a/report", "of tenant 2");
    Path elsewhere = write("b/REPORT", "of tenant 2");
    Label label = lab.backup(1);
    Files.delete(own);

    lab.restore(1, label);

    assertThat(own).hasContent("then");
    assertThat(other).hasContent("of tenant 2");
    assertThat(elsewhere).hasContent("of tenant 2");
  }

  /**
   * An application that puts the values together opens the file; a backup leaves such paths out.
   */
  @ParameterizedTest
  @CsvSource({"d/, a", "./d, a", "d/., a", "e/../d, a", "/d, a"})
  void a_path_that_is_written_otherwise_names_its_file_too(String folder, String file)
      throws IOException {
    lab.execute("INSERT INTO papers VALUES (1, 1, 'd/a')");
    Path one = write("d/a", "archived");
    Label label = lab.backup(1);
    lab.update("DELETE FROM papers");
    lab.update("INSERT INTO images VALUES (1, 2, ?, ?)", folder, file);
    write("d/a", "of tenant 2");

    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(one).hasContent("of tenant 2");

    Label without = lab.backup(1);
    lab.execute("INSERT INTO papers VALUES (1, 1, 'd/a')");
    lab.restore(1, without);
    assertThat(one).hasContent("of tenant 2");
  }
}
