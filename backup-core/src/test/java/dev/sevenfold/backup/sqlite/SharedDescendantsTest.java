package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestorePlan;
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

/** What two tenants use belongs to neither's restore: the row, all below it, and the file. */
class SharedDescendantsTest {

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(folder.resolve("storage"));
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT)",
                "CREATE TABLE pages (id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL REFERENCES"
                    + " documents, text)",
                "CREATE TABLE words (page_id INTEGER REFERENCES pages, number INTEGER, word TEXT,"
                    + " PRIMARY KEY (page_id, number)) WITHOUT ROWID",
                "CREATE TABLE links (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES"
                    + " tenants, document_id INTEGER)",
                "INSERT INTO tenants VALUES (1), (2)")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .referencedBy("documents", "links", "document_id")
                    .files(folder.resolve("storage"), "documents", "{name}"));
  }

  private void addDocument() throws IOException {
    lab.execute(
        "INSERT INTO documents VALUES (5, 'five')",
        "INSERT INTO pages VALUES (1, 5, 'one'), (2, 5, 'two')",
        "INSERT INTO words VALUES (1, 1, 'a'), (2, 1, 'b')");
    Files.writeString(five(), "five");
  }

  private Path five() {
    return folder.resolve("storage/five");
  }

  /** Everything but the link of tenant 1, which is its own. */
  private Map<String, List<String>> allButLinks() {
    Map<String, List<String>> all = lab.dump();
    all.remove("links");
    return all;
  }

  private void refused(Label label, String... parts) throws IOException {
    Map<String, List<String>> before = lab.dump();
    String file = Files.readString(five());
    String conflicts = String.join("\n", lab.preview(1, label).conflicts());
    assertThat(conflicts).contains(parts);
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(before);
    assertThat(five()).hasContent(file);
  }

  @Test
  void what_came_to_be_used_by_two_stays_with_all_below_it_and_its_file() throws IOException {
    Label label = lab.backup(1);
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5), (2, 2, 5)");
    Map<String, List<String>> now = lab.dump();
    Map<String, List<String>> others = allButLinks();

    RestorePlan preview = lab.preview(1, label);
    RestorePlan done = lab.restore(1, label).plan();

    assertThat(done).isEqualTo(preview);
    assertThat(preview.notes())
        .anyMatch(note -> note.startsWith("2 rows of table words ") && note.contains("stay"));
    assertThat(lab.query("SELECT id FROM links")).isEqualTo("2");
    assertThat(allButLinks()).isEqualTo(others);
    assertThat(five()).hasContent("five");
    Map<String, List<String>> restored = lab.dump();
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(now);
    assertThat(five()).hasContent("five");
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(restored);
    assertThat(five()).hasContent("five");
  }

  @Test
  void nothing_that_another_tenant_made_of_it_is_changed() throws IOException {
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5)");
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO links VALUES (2, 2, 5)",
        "UPDATE pages SET text = 'edited' WHERE id = 1",
        "INSERT INTO pages VALUES (3, 5, 'added')",
        "DELETE FROM links WHERE id = 1");
    Files.writeString(five(), "changed");

    refused(label, "table pages", "another tenant");
  }

  @Test
  void a_shared_row_below_does_not_change() throws IOException {
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5), (2, 2, 5)");
    Label label = lab.backup(1);
    lab.execute("UPDATE words SET word = 'edited' WHERE page_id = 2");

    refused(label, "1 rows of table words", "[2, 1] leads to [2]", "would change");
  }

  @Test
  void nothing_is_inserted_below_what_others_use() throws IOException {
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5), (2, 2, 5)");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM words WHERE page_id = 2", "DELETE FROM pages WHERE id = 2");

    refused(label, "1 rows of table pages", "[2] leads to [2]");
  }

  @Test
  void what_was_added_below_it_stays() throws IOException {
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5), (2, 2, 5)");
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO pages VALUES (3, 5, 'added')", "INSERT INTO links VALUES (3, 1, NULL)");
    Map<String, List<String>> others = allButLinks();

    lab.restore(1, label);

    assertThat(allButLinks()).isEqualTo(others);
    assertThat(lab.query("SELECT id FROM links")).isEqualTo("1,2");
  }

  @Test
  void a_shared_file_is_not_overwritten() throws IOException {
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5), (2, 2, 5)");
    Label label = lab.backup(1);
    Files.writeString(five(), "changed by tenant 2");

    refused(label, "five would change, and another tenant's row names it");
  }

  @Test
  void a_link_to_what_others_use_now_comes_back_if_it_is_still_the_same() throws IOException {
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5), (2, 2, 5)");
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    lab.execute("DELETE FROM links WHERE id = 1");
    Map<String, List<String>> now = lab.dump();

    lab.restore(1, label);
    assertThat(lab.dump()).isEqualTo(then);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(now);
    assertThat(five()).hasContent("five");
  }

  @Test
  void a_row_that_only_another_tenant_leads_to_by_now_is_not_overwritten() throws IOException {
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5)");
    Label label = lab.backup(1);
    lab.execute("UPDATE links SET tenant_id = 2", "UPDATE documents SET name = 'five '");
    lab.execute("UPDATE links SET id = 9", "UPDATE documents SET name = 'five'");
    lab.execute("UPDATE pages SET text = 'edited by tenant 2' WHERE id = 1");

    refused(label, "table pages");
  }

  @Test
  void a_reference_that_led_nowhere_is_not_given_what_another_tenant_got_since()
      throws IOException {
    lab.execute("INSERT INTO links VALUES (1, 1, 5)");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM links");
    addDocument();
    lab.execute("INSERT INTO links VALUES (2, 2, 5)");

    refused(label, "1 rows of table documents", "[5] leads to [2]", "another tenant's by now");
  }

  @Test
  void a_restored_row_that_another_tenants_row_points_at_is_a_conflict() throws IOException {
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5)");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM words", "DELETE FROM pages", "DELETE FROM documents");
    lab.execute("DELETE FROM links", "INSERT INTO links VALUES (2, 2, 5)");

    refused(label, "1 rows of table documents", "[5] leads to [2]");
  }

  @Test
  void a_row_that_decides_by_its_own_key_goes_even_below_what_others_use() throws IOException {
    addDocument();
    lab.execute("ALTER TABLE pages ADD COLUMN tenant_id INTEGER");
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO links VALUES (1, 1, 5), (2, 2, 5)",
        "DELETE FROM words WHERE page_id = 2",
        "UPDATE pages SET tenant_id = 1 WHERE id = 2");

    lab.restore(1, label);

    assertThat(lab.query("SELECT id FROM pages")).isEqualTo("1");
    assertThat(lab.query("SELECT id FROM documents")).isEqualTo("5");
  }

  @Test
  void a_copy_with_new_ids_leaves_what_others_use_alone() throws IOException {
    addDocument();
    lab.execute("INSERT INTO links VALUES (1, 1, 5), (2, 2, 5)");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO tenants VALUES (3)");
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .referencedBy("documents", "links", "document_id"));
    Map<String, List<String>> before = lab.dump();

    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(lab.query("SELECT count(*) FROM documents")).isEqualTo("2");
    assertThat(lab.query("SELECT count(*) FROM words")).isEqualTo("4");
    lab.undo(3);
    assertThat(lab.dump()).isEqualTo(before);
  }
}
