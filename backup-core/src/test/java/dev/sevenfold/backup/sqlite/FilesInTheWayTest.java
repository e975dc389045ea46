package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the place of a restored file by now: the preview says what the restore then does. */
class FilesInTheWayTest {

  @TempDir Path folder;
  private Lab lab;
  private Label label;

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(storage().resolve("one"));
    Files.writeString(storage().resolve("one/x"), "then");
    Files.writeString(storage().resolve("y"), "then");
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE files (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO files VALUES (1, 1, 'one/x'), (2, 1, 'y')");
    lab.owned(
        TenantModel.rootedAt("tenants").column("tenant_id").files(storage(), "files", "{name}"));
    label = lab.backup(1);
    lab.execute("DELETE FROM files WHERE id = 2");
  }

  private Path storage() {
    return folder.resolve("storage");
  }

  private Path place(String name) {
    return storage().resolve(name);
  }

  private void deleteAll(String name) throws IOException {
    new DurableFiles().deleteAll(place(name));
  }

  private void requireRefused(String why) throws IOException {
    Map<String, List<String>> rows = lab.dump();
    List<String> files = tree();

    assertThat(lab.preview(1, label).conflicts()).singleElement().asString().contains(why);
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining(why);

    assertThat(lab.dump()).isEqualTo(rows);
    assertThat(tree()).isEqualTo(files);
    lab.backup(1);
    lab.backup(2);
  }

  private void requireRestored() throws IOException {
    RestorePlan preview = lab.preview(1, label);
    assertThat(preview.conflicts()).isEmpty();

    lab.restore(1, label);

    assertThat(place("one/x")).hasContent("then");
    assertThat(place("y")).hasContent("then");
    assertThat(lab.query("SELECT name FROM files")).isEqualTo("one/x,y");
    assertThat(tree()).noneMatch(name -> name.contains("sevenfold_"));
  }

  private List<String> tree() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(Path::toString)
          .filter(name -> !name.contains("app.sqlite3"))
          .sorted()
          .toList();
    }
  }

  @Test
  void a_file_where_its_folder_was() throws IOException {
    deleteAll("one");
    Files.writeString(place("one"), "a file now");

    requireRefused(place("one") + " is in the place of a folder that file " + place("one/x"));
  }

  @Test
  void a_folder_with_files_where_the_file_was() throws IOException {
    deleteAll("one/x");
    Files.createDirectories(place("one/x/inner"));

    requireRefused(place("one/x") + " is not a plain file");
  }

  @Test
  void an_empty_folder_where_the_file_was_makes_room() throws IOException {
    deleteAll("one/x");
    Files.createDirectories(place("one/x"));

    assertThat(lab.preview(1, label).notes())
        .contains("Folder " + place("one/x") + ", which is empty, makes room for a file");
    requireRestored();
  }

  @Test
  void a_link_that_leads_out_where_its_folder_was() throws IOException {
    Files.move(place("one"), folder.resolve("elsewhere"));
    Files.delete(folder.resolve("elsewhere/x"));
    Files.createSymbolicLink(place("one"), folder.resolve("elsewhere"));

    requireRefused("file " + place("one/x") + " leads out of " + storage());
  }

  @Test
  void a_link_that_stays_inside_is_followed() throws IOException {
    Files.move(place("one"), place("other"));
    Files.delete(place("other/x"));
    Files.createSymbolicLink(place("one"), Path.of("other"));

    requireRestored();
    assertThat(place("other/x")).hasContent("then");
    assertThat(place("one")).isSymbolicLink();
  }

  @Test
  void a_link_that_leads_nowhere_where_its_folder_was() throws IOException {
    deleteAll("one");
    Files.createSymbolicLink(place("one"), Path.of("nowhere"));

    requireRefused("the link " + place("one") + " leads nowhere");
  }

  @Test
  void links_that_lead_in_a_circle() throws IOException {
    deleteAll("one");
    Files.createSymbolicLink(place("one"), Path.of("two"));
    Files.createSymbolicLink(place("two"), Path.of("one"));

    requireRefused(place("one") + " is in the way of file " + place("one/x"));
  }

  @Test
  void a_link_where_the_file_was() throws IOException {
    Files.delete(place("one/x"));
    Files.createSymbolicLink(place("one/x"), Path.of("../y"));

    requireRefused(place("one/x") + " is not a plain file");
  }

  @Test
  void a_folder_that_may_not_be_written_to() throws IOException {
    Files.delete(place("one/x"));
    Files.setPosixFilePermissions(place("one"), PosixFilePermissions.fromString("r-xr-xr-x"));
    if (!Files.isWritable(place("one"))) {
      requireRefused("folder " + place("one") + " may not be written to");
      return;
    }
    // Modes do not keep root from anything, and a disk that is mounted read-only does.
    try (SmallDisk disk = SmallDisk.mount(place("one"), 1)) {
      disk.makeReadOnly();
      requireRefused("folder " + place("one") + " may not be written to");
    }
  }

  @Test
  void an_unchanged_file_in_a_folder_that_may_not_be_written_to_is_in_nobodys_way()
      throws IOException {
    Files.setPosixFilePermissions(place("one"), PosixFilePermissions.fromString("r-xr-xr-x"));

    requireRestored();
    Files.setPosixFilePermissions(place("one"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void a_root_that_is_gone_is_made_again() throws IOException {
    new DurableFiles().deleteAll(storage());

    assertThat(lab.preview(1, label).notes())
        .contains("Folder " + storage() + " is not there, and is made");
    requireRestored();
  }

  @Test
  void a_root_that_is_a_link_is_followed() throws IOException {
    Files.move(storage(), folder.resolve("real"));
    Files.createSymbolicLink(storage(), Path.of("real"));
    deleteAll("one");

    requireRestored();
    assertThat(folder.resolve("real/one/x")).hasContent("then");
  }

  @Test
  void a_root_that_is_a_file() throws IOException {
    new DurableFiles().deleteAll(storage());
    Files.writeString(storage(), "a file now");

    assertThat(lab.preview(1, label).conflicts())
        .hasSize(2)
        .allMatch(way -> way.startsWith(storage() + " is in the place of a folder"));
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
  }

  @Test
  void a_file_that_goes_where_a_folder_has_to_be() throws IOException {
    deleteAll("one");
    Files.writeString(place("one"), "of a row that goes");
    lab.execute("INSERT INTO files VALUES (3, 1, 'one')");

    requireRefused(place("one") + " is in the place of a folder that file " + place("one/x"));
  }
}
