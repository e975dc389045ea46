package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows in two halves: an entry of the tenant says by type and id which row the other half is. */
class DelegatedTypesTest {

  private static final Map<String, String> TARGETS =
      Map.of("Message", "messages", "Comment", "comments");

  /** What a tenant sees, told without ids. */
  private static final String SEEN =
      "SELECT e.entryable_type || coalesce(m.text, c.text, '') || coalesce(l.url, '') FROM entries e"
          + " LEFT JOIN messages m ON e.entryable_type = 'Message' AND m.id = e.entryable_id LEFT"
          + " JOIN comments c ON e.entryable_type = 'Comment' AND c.id = e.entryable_id LEFT JOIN"
          + " links l ON l.message_id = m.id WHERE e.account_id = $ ORDER BY 1";

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() {
    lab = lab(folder.resolve("numbers"), "INTEGER");
    // Message 5 is tenant 1's and comment 5 is tenant 2's, and the other way round with 6.
    lab.execute(
        "INSERT INTO messages VALUES (5, 'm1'), (6, 'm2')",
        "INSERT INTO links VALUES (1, 5, 'u1'), (2, 6, 'u2')",
        "INSERT INTO comments VALUES (5, 'c2'), (6, 'c1')",
        "INSERT INTO entries VALUES (1, 1, 'Message', 5), (2, 2, 'Comment', 5),"
            + " (3, 2, 'Message', 6), (4, 1, 'Comment', 6)");
  }

  private static Lab lab(Path folder, String id) {
    folder.toFile().mkdirs();
    return Lab.with(
            folder,
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY)",
            "CREATE TABLE entries (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES"
                + " accounts, entryable_type TEXT NOT NULL, entryable_id NOT NULL)",
            "CREATE INDEX by_entryable ON entries (entryable_type, entryable_id)",
            "CREATE TABLE messages (id $ PRIMARY KEY, text TEXT)".replace("$", id),
            "CREATE TABLE links (id INTEGER PRIMARY KEY, message_id $ REFERENCES messages ON DELETE"
                    .replace("$", id)
                + " CASCADE, url TEXT)",
            "CREATE TABLE comments (id $ PRIMARY KEY, text TEXT)".replace("$", id),
            "INSERT INTO accounts VALUES (1), (2)")
        .owned(model());
  }

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("accounts")
        .column("account_id")
        .delegated("entries", "entryable_type", "entryable_id", TARGETS);
  }

  private String seen(int account) {
    return lab.query(SEEN.replace("$", Integer.toString(account)));
  }

  @Test
  void an_archive_has_the_halves_of_the_tenants_own_type() throws Exception {
    Path archived = ForgedArchive.of(lab, folder.resolve("archive")).database();
    String all =
        "SELECT text FROM messages UNION ALL SELECT text FROM comments UNION ALL SELECT url FROM"
            + " links";
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + archived);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT group_concat(text) FROM (" + all + ")")) {
      assertThat(row.getString(1)).isEqualTo("m1,c1,u1");
    }
    assertThat(lab.service().backup(Lab.id(1)).warnings()).isEmpty();
    assertThat(lab.service().explain())
        .contains(
            "comments  owned: referenced by entries(entryable_id) where entryable_type = 'Comment',"
                + " entries: column account_id");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_was_bruised_comes_back_and_nothing_of_the_other_tenant_changes(boolean brought) {
    lab.bringing(brought);
    Label label = lab.backup(1);
    Map<String, List<String>> then = lab.dump();
    lab.execute(
        "DELETE FROM messages WHERE id = 5",
        "UPDATE comments SET text = 'gone wrong' WHERE id = 6",
        "DELETE FROM entries WHERE id = 1",
        "INSERT INTO comments VALUES (7, 'late')",
        "INSERT INTO entries VALUES (9, 1, 'Comment', 7)");
    Map<String, List<String>> bruised = lab.dump();

    RestorePlan preview = lab.preview(1, label);
    assertThat(lab.restore(1, label).plan()).isEqualTo(preview);

    assertThat(lab.dump()).isEqualTo(then);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(bruised);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void the_halves_are_the_tenants_again_where_only_the_entries_went() {
    Label label = lab.backup(1);
    Map<String, List<String>> then = lab.dump();
    lab.execute("DELETE FROM entries WHERE account_id = 1");

    lab.restore(1, label);

    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void an_id_that_is_another_tenants_by_now_is_taken() {
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM entries WHERE id = 1",
        "UPDATE messages SET text = 'theirs' WHERE id = 5",
        "INSERT INTO entries VALUES (1, 2, 'Message', 5)");
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));

    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_half_that_two_tenants_name_stays_and_one_with_the_same_id_does_not() {
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO messages VALUES (8, 'shared'), (9, 'mine')",
        "INSERT INTO comments VALUES (9, 'c9')",
        "INSERT INTO entries VALUES (11, 1, 'Message', 8), (12, 2, 'Message', 8),"
            + " (13, 1, 'Message', 9), (14, 2, 'Comment', 9)");
    assertThat(lab.service().backup(Lab.id(1)).warnings())
        .singleElement()
        .asString()
        .contains("entries -> messages: 1 rows of tenant 1 are used by another tenant");

    lab.restore(1, label);

    assertThat(lab.query("SELECT id FROM messages ORDER BY 1")).isEqualTo("5,6,8");
    assertThat(lab.query("SELECT id FROM comments ORDER BY 1")).isEqualTo("5,6,9");
    assertThat(seen(2)).isEqualTo("Commentc2,Commentc9,Messagem2u2,Messageshared");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INTEGER", "TEXT", "BLOB"})
  void a_clone_has_new_ids_by_type(String id) {
    lab = lab(folder.resolve("clone"), id);
    String five = idOf(id, 5);
    String six = idOf(id, 6);
    lab.execute(
        "INSERT INTO messages VALUES (%s, 'm1'), (%s, 'm2')".formatted(five, six),
        "INSERT INTO links VALUES (1, %s, 'u1')".formatted(five),
        "INSERT INTO comments VALUES (%s, 'c2'), (%s, 'c1')".formatted(five, six),
        "INSERT INTO entries VALUES (1, 1, 'Message', %s), (2, 2, 'Comment', %s)"
            .formatted(five, five),
        "INSERT INTO entries VALUES (3, 2, 'Message', %s), (4, 1, 'Comment', %s)"
            .formatted(six, six));
    Map<String, List<String>> before = lab.dump();
    Label label = lab.backup(1);

    lab.restore(7, label, Lab.NEW_IDS);
    lab.restore(2, label, Lab.NEW_IDS);

    assertThat(seen(7)).isEqualTo("Commentc1,Messagem1u1");
    assertThat(seen(2)).isEqualTo(seen(7));
    assertThat(seen(1)).isEqualTo(seen(7));
    assertThat(lab.query("SELECT count(*) FROM messages")).isEqualTo("3");
    lab.undo(2);
    lab.undo(7);
    assertThat(lab.dump()).isEqualTo(before);
  }

  private static String idOf(String type, int number) {
    return switch (type) {
      case "TEXT" -> "'00000000-0000-4000-8000-%012x'".formatted(number);
      case "BLOB" -> "x'%032x'".formatted(number);
      default -> Integer.toString(number);
    };
  }

  @Test
  void a_type_that_is_not_among_the_targets_stops_its_tenant_alone() {
    lab.execute("INSERT INTO entries VALUES (9, 2, 'Reminder', 5)");

    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.backup(2))
        .satisfies(e -> assertThat(e.reasons().toString()).contains("the type 'Reminder'"));
    assertThat(lab.service().backup(Lab.id(1)).warnings())
        .singleElement()
        .asString()
        .contains("entries.entryable_type has the type 'Reminder' in 1 rows");
  }

  @Test
  void both_halves_are_forgotten_together() {
    lab.owned(model().ignored("forgotten").eraseOnRestore("forgotten", "text", "messages", "text"));
    lab.execute("CREATE TABLE forgotten (text TEXT)");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO forgotten VALUES ('m1')");

    lab.restore(1, label);

    assertThat(seen(1)).isEqualTo("Commentc1");
    assertThat(lab.query("SELECT count(*) FROM messages")).isEqualTo("1");
    assertThat(lab.query("SELECT url FROM links")).isEqualTo("u2");
  }

  @Test
  void a_row_that_was_sent_in_takes_no_half_of_another_tenants() throws Exception {
    Label label =
        ForgedArchive.of(lab, folder.resolve("forgery"))
            .sql("UPDATE entries SET entryable_id = 6 WHERE entryable_type = 'Message'")
            .honestTables()
            .sentTo(lab, "tenant_1_2026-11-20");
    Map<String, List<String>> before = lab.dump();

    assertThat(lab.preview(1, label).conflicts().toString())
        .contains("refer through [entryable_id] to rows of table messages");
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_pair_leads_one_way_only() {
    for (TenantModel.Builder twoWays :
        List.of(
            model().polymorphic("entries", "entryable_type", "entryable_id", TARGETS),
            model().delegated("entries", "entryable_type", "entryable_id", TARGETS),
            model().referencedBy("messages", "entries", "entryable_id"))) {
      lab.owned(twoWays);
      assertThatExceptionOfType(InvalidTenantModel.class)
          .isThrownBy(() -> lab.service().explain())
          .withMessageContaining("entries.entryable_id is declared delegated to")
          .withMessageContaining("Remove the other declaration");
    }
  }

  @Test
  void a_clone_without_the_type_says_what_to_declare() {
    lab.owned(
        TenantModel.rootedAt("accounts")
            .column("account_id")
            .referencedBy("messages", "entries", "entryable_id")
            .referencedBy("comments", "entries", "entryable_id"));
    Label label = lab.backup(1);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(7, label, Lab.NEW_IDS))
        .withMessageContaining("entries.entryable_id repeats the ids of")
        .withMessageContaining("declare the two as polymorphic or delegated");
  }
}
