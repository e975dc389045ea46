package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file goes with its row, whatever new ids make of its name. */
class FilesFollowNewIdsTest {

  @TempDir Path folder;

  private Path storage() {
    return folder.resolve("storage");
  }

  private Path write(String name, String content) throws IOException {
    Path file = storage().resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Lab lab(String template) {
    return Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE papers (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO papers VALUES (7, 1, 'x')")
        .owned(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .files(storage(), "papers", template));
  }

  @ParameterizedTest
  @CsvSource({
    "{tenant_id}/{name}, 1/x, 2/x",
    "{id}/{name}, 7/x, 8/x",
    "p{id}, p7, p8",
    "{tenant_id}/{id}, 1/7, 2/8"
  })
  void into_another_tenant(String template, String then, String copied) throws IOException {
    Lab lab = lab(template);
    write(then, "archived");
    Label label = lab.backup(1);

    lab.restore(2, label, Lab.NEW_IDS);

    assertThat(storage().resolve(copied)).hasContent("archived");
    assertThat(storage().resolve(then)).hasContent("archived");
  }

  @Test
  void in_place_where_the_id_and_the_file_are_another_tenants_by_now() throws IOException {
    Lab lab = lab("{id}/{name}");
    write("7/x", "archived");
    Label label = lab.backup(1);
    lab.execute("UPDATE papers SET tenant_id = 2 WHERE id = 7");
    write("7/x", "of tenant 2");
    Map<String, List<String>> before = lab.dump();

    lab.restore(1, label, Lab.NEW_IDS);

    assertThat(lab.query("SELECT id FROM papers WHERE tenant_id = 1")).isEqualTo("8");
    assertThat(storage().resolve("8/x")).hasContent("archived");
    assertThat(storage().resolve("7/x")).hasContent("of tenant 2");
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(before);
    assertThat(storage().resolve("7/x")).hasContent("of tenant 2");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_file_that_several_rows_name_is_one_file_of_the_copy_too(boolean says) throws IOException {
    Lab lab = lab("{name}");
    if (says) {
      lab.owned(
          TenantModel.rootedAt("tenants")
              .column("tenant_id")
              .files(storage(), "papers", "{name}")
              .newFileKeys("papers", "name", () -> UUID.randomUUID().toString()));
    }
    lab.execute("INSERT INTO papers VALUES (8, 1, 'x'), (9, 1, 'y')");
    write("x", "archived");
    write("y", "another");
    Label label = lab.backup(1);

    lab.restore(2, label, Lab.NEW_IDS);

    List<String> names =
        List.of(lab.query("SELECT name FROM papers WHERE tenant_id = 2 ORDER BY id").split(","));
    assertThat(names.get(0)).isEqualTo(names.get(1)).isNotEqualTo("x");
    assertThat(storage().resolve(names.get(0))).hasContent("archived");
    assertThat(storage().resolve(names.get(2))).hasContent("another");
    assertThat(storage().toFile().list()).hasSize(4);
    lab.undo(2);
    assertThat(storage().toFile().list()).containsExactlyInAnyOrder("x", "y");
  }

  @ParameterizedTest
  @CsvSource({"true, false", "true, true", "false, false"})
  void a_file_that_two_tables_name_is_never_the_other_tenants(boolean oneFolder, boolean says)
      throws IOException {
    Path images = oneFolder ? storage() : storage().resolve("sub");
    String name = oneFolder ? "x" : "sub/x";
    TenantModel.Builder model =
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .files(storage(), "papers", "{name}")
            .files(images, "images", "{file}");
    if (says) {
      model.newFileKeys("papers", "name", () -> UUID.randomUUID().toString());
      model.newFileKeys("images", "file", () -> UUID.randomUUID().toString());
    }
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE papers (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
                "CREATE TABLE images (id INTEGER PRIMARY KEY, tenant_id INTEGER, file TEXT)",
                "INSERT INTO tenants VALUES (1), (2), (3)",
                "INSERT INTO papers VALUES (1, 1, '" + name + "'), (2, 3, '" + name + "')",
                "INSERT INTO images VALUES (1, 1, 'x')")
            .owned(model);
    Files.createDirectories(images);
    write(name, "archived");
    Label label = lab.backup(1);
    write(name, "newer, of tenants 1 and 3");

    lab.restore(2, label, Lab.NEW_IDS);

    String paper = lab.query("SELECT name FROM papers WHERE tenant_id = 2");
    String image = lab.query("SELECT file FROM images WHERE tenant_id = 2");
    assertThat(storage().resolve(paper)).hasContent("archived");
    assertThat(images.resolve(image)).hasContent("archived");
    assertThat(storage().resolve(name)).hasContent("newer, of tenants 1 and 3");
    // Written on by one tenant, it is not changed for another.
    Files.writeString(storage().resolve(paper), "of tenant 2");
    Files.writeString(images.resolve(image), "of tenant 2");
    assertThat(storage().resolve(name)).hasContent("newer, of tenants 1 and 3");
    lab.undo(2);
    assertThat(storage().resolve(name)).hasContent("newer, of tenants 1 and 3");
    assertThat(storage().resolve(paper)).doesNotExist();
    assertThat(images.resolve(image)).doesNotExist();
  }

  /** The key of a file, to which other rows refer: one new value for all of it. */
  @Test
  void where_other_rows_refer_to_the_name_of_the_file() throws IOException {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE blobs (id INTEGER PRIMARY KEY, tenant_id INTEGER, key TEXT UNIQUE)",
                "CREATE TABLE variants (id INTEGER PRIMARY KEY, blob_key TEXT)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO blobs VALUES (5, 1, 'abcdef')",
                "INSERT INTO variants VALUES (1, 'abcdef')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .reference("variants", "blob_key", "blobs", "key")
                    .files(storage(), "blobs", "{key}")
                    .newFileKeys("blobs", "key", () -> "made-up"));
    write("abcdef", "archived");
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();

    lab.restore(2, label, Lab.NEW_IDS);

    String key = lab.query("SELECT key FROM blobs WHERE tenant_id = 2");
    assertThat(lab.query("SELECT blob_key FROM variants WHERE id <> 1")).isEqualTo(key);
    assertThat(key).isNotEqualTo("abcdef");
    assertThat(storage().resolve(key)).hasContent("archived");
    lab.undo(2);
    assertThat(lab.dump()).isEqualTo(before);
    assertThat(storage().resolve(key)).doesNotExist();
    assertThat(storage().resolve("abcdef")).hasContent("archived");
  }
}
