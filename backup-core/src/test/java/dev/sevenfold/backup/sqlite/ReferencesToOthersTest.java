package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an archive that came from outside says of other tenants is not believed. */
class ReferencesToOthersTest {

  private static final RestoreOptions CONSENT =
      RestoreOptions.DEFAULT.acceptingReferencesToOthers();

  @TempDir Path folder;
  private Lab lab;
  private int forgeries;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY, parent_id INTEGER)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name)",
                "CREATE TABLE tasks (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, title,"
                    + " assignee_id INTEGER REFERENCES users (id), reviewer_id INTEGER,"
                    + " subject_type TEXT, subject_id INTEGER, country_id INTEGER)",
                "CREATE TABLE countries (id INTEGER PRIMARY KEY)",
                "CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT)",
                "CREATE TABLE attachments (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL,"
                    + " blob_id INTEGER NOT NULL REFERENCES blobs (id))",
                "CREATE TABLE links (tenant_id INTEGER NOT NULL, user_id INTEGER)",
                "INSERT INTO tenants (id) VALUES (1), (2), (3)",
                "INSERT INTO countries VALUES (7)",
                "INSERT INTO users VALUES (11, 1, 'mine'), (21, 2, 'theirs'), (22, 2, 'b'),"
                    + " (31, 3, 'third')",
                "INSERT INTO tasks (id, tenant_id, title, assignee_id) VALUES (1, 1, 'own', 11)",
                "INSERT INTO blobs VALUES (1, 'mine'), (2, 'theirs')",
                "INSERT INTO attachments VALUES (1, 1, 1), (2, 2, 2)")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .reference("tenants", "parent_id", "tenants", "id")
                    .reference("tasks", "reviewer_id", "users", "id")
                    .reference("tasks", "country_id", "countries", "id")
                    .reference("links", "user_id", "users", "id")
                    .polymorphic("tasks", "subject_type", "subject_id", Map.of("User", "users"))
                    .referencedBy("blobs", "attachments", "blob_id")
                    .shared("countries"));
  }

  private Label forged(String... sql) throws Exception {
    return ForgedArchive.of(lab, folder.resolve("forgery-" + ++forgeries))
        .sql(sql)
        .honestTables()
        .sentTo(lab, "tenant_1_2026-11-" + (20 + forgeries));
  }

  /** The same archive, as somebody sent it in whom nobody knows. */
  private Label sent(Label label) throws Exception {
    Label byDate = Label.parse("tenant_1_2026-12-01");
    try (InputStream in = lab.store().open(label)) {
      byte[] bytes = in.readAllBytes();
      lab.store().publish(byDate, lab.store().stat(label).record(), out -> out.write(bytes));
    }
    return byDate;
  }

  private void forgetAllBut(Label... kept) {
    lab.store().list(ArchiveOwner.tenant(Lab.id(1))).archives().stream()
        .map(StoredArchive::label)
        .filter(label -> !List.of(kept).contains(label))
        .forEach(lab.store()::delete);
  }

  private void assertRefused(Label label, String... words) {
    Map<String, List<String>> before = lab.dump();
    assertThat(lab.preview(1, label).conflicts())
        .anySatisfy(conflict -> assertThat(conflict).contains(words).doesNotContain("tenant 2"));
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE tasks SET assignee_id = 21 =[assignee_id]",
        "UPDATE tasks SET reviewer_id = 21 =[reviewer_id]",
        "UPDATE tasks SET subject_type = 'User', subject_id = 21 =[subject_id]",
        "INSERT INTO tasks (id, tenant_id, assignee_id) VALUES (9, 1, 21) =[assignee_id]",
        "INSERT INTO links VALUES (1, 21) =[user_id]",
      })
  void a_row_that_points_at_another_tenants_row_is_refused(String forgery) throws Exception {
    String[] parts = forgery.split(" =", -1);
    String sql = forgery.substring(0, forgery.lastIndexOf(" ="));

    Label label = forged(sql);

    assertRefused(
        label, parts[parts.length - 1] + " = [[21]]", "users", "acceptingReferencesToOthers()");
  }

  @Test
  void the_row_of_another_tenant_itself_counts_too() throws Exception {
    assertRefused(forged("UPDATE tenants SET parent_id = 2"), "[parent_id] = [[2]]", "tenants");
  }

  @Test
  void an_attachment_does_not_make_another_tenants_blob_the_tenants_as_well() throws Exception {
    assertRefused(
        forged("INSERT INTO attachments VALUES (9, 1, 2)"),
        "table attachments",
        "[blob_id] = [[2]]");
    assertRefused(
        forged(
            "INSERT INTO attachments VALUES (9, 1, 2)", "INSERT INTO blobs VALUES (2, 'theirs')"),
        "table attachments",
        "[blob_id] = [[2]]");
  }

  @Test
  void neither_where_rows_go_into_another_tenant() throws Exception {
    Label label = forged("UPDATE tasks SET assignee_id = 21");

    assertThat(lab.preview(3, label, Lab.NEW_IDS).conflicts())
        .singleElement()
        .asString()
        .contains("[assignee_id] = [[21]]");
  }

  @Test
  void what_stands_there_now_is_nobodys_gain() throws Exception {
    lab.execute(
        "UPDATE tasks SET assignee_id = 21, subject_type = 'User', subject_id = 22",
        "INSERT INTO links VALUES (1, 21)",
        "INSERT INTO attachments VALUES (9, 1, 2)");
    Label label = forged("UPDATE tasks SET title = 'changed'");

    assertThat(lab.preview(1, label).conflicts()).isEmpty();
    lab.restore(1, label);

    assertThat(lab.query("SELECT title || assignee_id FROM tasks WHERE id = 1"))
        .isEqualTo("changed21");
  }

  @Test
  void what_stands_there_now_in_another_row_or_with_another_value_is_no_excuse() throws Exception {
    lab.execute("UPDATE tasks SET assignee_id = 21");
    Label label =
        forged(
            "UPDATE tasks SET assignee_id = 22",
            "INSERT INTO tasks (id, tenant_id, assignee_id) VALUES (9, 1, 21)");

    lab.execute(
        "DELETE FROM tasks WHERE id = 1", "INSERT INTO tasks (id, tenant_id) VALUES (1, 1)");
    // No archive of our own vouches for it either: see the next ones.
    forgetAllBut(label);

    assertRefused(label, "2 restored rows of table tasks", "[[21], [22]]");
  }

  @Test
  void an_archive_of_our_own_is_restored_without_any_question() {
    lab.execute(
        "UPDATE tasks SET assignee_id = 21, reviewer_id = 22, subject_type = 'User',"
            + " subject_id = 21, country_id = 7",
        "INSERT INTO links VALUES (1, 21)");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM tasks", "DELETE FROM links");

    lab.restore(1, label);

    assertThat(lab.query("SELECT assignee_id FROM tasks")).isEqualTo("21");
    lab.undo(1);
    lab.undo(1);
    assertThat(lab.query("SELECT reviewer_id FROM tasks")).isEqualTo("22");
  }

  @Test
  void what_an_archive_of_our_own_lists_is_believed() throws Exception {
    lab.execute("UPDATE tasks SET assignee_id = 21, subject_type = 'User', subject_id = 22");
    lab.execute("INSERT INTO attachments VALUES (9, 1, 2)");
    Label label = forged("UPDATE tasks SET title = 'changed'");
    lab.execute("DELETE FROM tasks", "DELETE FROM attachments WHERE id = 9");

    lab.restore(1, label);

    assertThat(lab.query("SELECT assignee_id FROM tasks")).isEqualTo("21");
    assertThat(lab.query("SELECT blob_id FROM attachments WHERE id = 9")).isEqualTo("2");
  }

  @Test
  void what_another_archive_from_outside_lists_is_not() throws Exception {
    lab.execute("UPDATE tasks SET assignee_id = 21");
    Label other = lab.backup(1);
    Label label = forged();
    lab.execute("DELETE FROM tasks");
    forgetAllBut(label, other);

    assertThat(lab.preview(1, label).conflicts()).isEmpty();
    forgetAllBut(label, sent(other));

    assertRefused(label, "[assignee_id] = [[21]]");
  }

  @Test
  void with_consent_it_is_restored_and_said() throws Exception {
    Label label = forged("UPDATE tasks SET assignee_id = 21");

    assertThat(lab.preview(1, label, CONSENT).notes())
        .anySatisfy(note -> assertThat(note).contains("[assignee_id] = [[21]]"));
    lab.restore(1, label, CONSENT);

    assertThat(lab.query("SELECT assignee_id FROM tasks")).isEqualTo("21");
    lab.undo(1);
    assertThat(lab.query("SELECT assignee_id FROM tasks")).isEqualTo("11");
  }

  @Test
  void what_is_shared_or_nobodys_or_not_there_is_not_another_tenants() throws Exception {
    lab.execute("INSERT INTO users VALUES (41, NULL, 'nobody')");
    Label label = forged("UPDATE tasks SET country_id = 7, reviewer_id = 99, assignee_id = 41");

    assertThat(lab.preview(1, label).conflicts()).isEmpty();
  }

  @Test
  void an_id_that_another_tenant_has_got_since_is_refused_as_that_alone() throws Exception {
    Label label = forged();
    lab.execute("DELETE FROM tasks", "DELETE FROM users WHERE id = 11");
    lab.execute("INSERT INTO users VALUES (11, 2, 'new')");

    assertThat(lab.preview(1, label).conflicts())
        .singleElement()
        .asString()
        .contains("1 ids of table users belong to other rows by now");
    lab.restore(1, label, Lab.NEW_IDS);
    assertThat(lab.query("SELECT name FROM users WHERE id = (SELECT assignee_id FROM tasks)"))
        .isEqualTo("mine");
  }

  @Test
  void nor_may_it_take_rows_away_under_those_of_others() throws Exception {
    lab.execute("INSERT INTO tasks (id, tenant_id, assignee_id) VALUES (5, 2, 11)");
    ListedReference left =
        new ListedReference(
            "tasks",
            List.of("id"),
            List.of("assignee_id"),
            "users",
            List.of("id"),
            1,
            List.of(List.of("integer:5", "integer:11")));
    ForgedArchive forged =
        ForgedArchive.of(lab, folder.resolve("forgery"))
            .sql("UPDATE tasks SET assignee_id = NULL", "DELETE FROM users")
            .honestTables()
            .tables(table -> table.name().equals("users") ? leaving(table, left) : table);
    assertRefused(forged.sentTo(lab, "tenant_1_2026-11-20"), "tasks", "users");
  }

  private static ArchiveManifest.Table leaving(ArchiveManifest.Table table, ListedReference left) {
    return new ArchiveManifest.Table(
        table.name(),
        table.rows(),
        table.digest(),
        table.definition(),
        table.indexes(),
        0,
        List.of(),
        List.of(left),
        Optional.empty());
  }

  @Test
  void a_manifest_lists_what_leads_to_others() throws Exception {
    lab.execute(
        "UPDATE tasks SET assignee_id = 21, subject_type = 'User', subject_id = 22",
        "INSERT INTO attachments VALUES (9, 1, 2)");
    try (InputStream in = lab.store().open(lab.backup(1))) {
      ArchiveManifest manifest = ArchiveReader.withDefaults().readHead(in).manifest();
      List<ListedReference> listed =
          manifest.tables().stream().flatMap(t -> t.toOthers().orElseThrow().stream()).toList();

      assertThat(listed)
          .extracting(ListedReference::columns, ListedReference::values)
          .containsExactlyInAnyOrder(
              tuple(List.of("assignee_id"), List.of(List.of("integer:21"))),
              tuple(
                  List.of("subject_type", "subject_id"),
                  List.of(List.of("text:55736572", "integer:22"))),
              tuple(List.of("blob_id"), List.of(List.of("integer:2"))));
    }
  }
}
