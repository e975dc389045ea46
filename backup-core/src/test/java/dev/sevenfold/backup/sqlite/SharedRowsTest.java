package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.OwnershipCheck.TableRows;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of an owned table that the model declares everybody's: labels of no account in particular,
 * and what hangs below them.
 */
class SharedRowsTest {

  @TempDir Path folder;
  private Lab lab;
  private int forgeries;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT)",
                "CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT)",
                "CREATE TABLE labels (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, name"
                    + " TEXT, blob_id INTEGER REFERENCES blobs)",
                "CREATE TABLE label_notes (id INTEGER PRIMARY KEY, label_id INTEGER NOT NULL"
                    + " REFERENCES labels, body TEXT)",
                "CREATE TABLE cards (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES"
                    + " accounts, title TEXT, blob_id INTEGER REFERENCES blobs)",
                "CREATE TABLE card_labels (id INTEGER PRIMARY KEY, card_id INTEGER, label_id INTEGER"
                    + " NOT NULL REFERENCES labels)",
                "INSERT INTO accounts VALUES (1, 'one'), (2, 'two'), (3, 'three')",
                "INSERT INTO blobs VALUES (1, 'icon'), (2, 'both'), (3, 'mine')",
                "INSERT INTO labels VALUES (1, -1, 'global', 1), (2, 0, 'old', 2),"
                    + " (11, 1, 'mine', 3), (21, 2, 'theirs', NULL)",
                "INSERT INTO label_notes VALUES (1, 1, 'all'), (11, 11, 'mine'), (21, 21, 'theirs')",
                "INSERT INTO cards VALUES (1, 1, 'card', 2), (2, 2, 'other', NULL)",
                "INSERT INTO card_labels VALUES (1, 1, 1), (2, 1, 11), (3, 2, 1), (4, 2, 21),"
                    + " (5, 1, 2)")
            .owned(model());
  }

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("accounts")
        .column("account_id")
        .reference("card_labels", "card_id", "cards", "id")
        .referencedBy("blobs", "labels", "blob_id")
        .referencedBy("blobs", "cards", "blob_id")
        .sharedRows("labels", "account_id", -1, 0);
  }

  private String ids(String table) {
    return lab.query("SELECT id FROM " + table + " ORDER BY id");
  }

  /** What only everybody has: each row by value. */
  private Map<String, List<String>> everybodys() {
    Map<String, List<String>> rows = new TreeMap<>();
    rows.put("labels", lab.rows("(SELECT * FROM labels WHERE account_id < 1)"));
    rows.put("notes", lab.rows("(SELECT * FROM label_notes WHERE label_id < 10)"));
    rows.put("blobs", lab.rows("(SELECT * FROM blobs WHERE id < 3)"));
    return rows;
  }

  private List<String> refused(Object tenant, Label label, RestoreOptions options) {
    Map<String, List<String>> before = lab.dump();
    List<String> conflicts = lab.preview(tenant, label, options).conflicts();
    assertThat(conflicts).isNotEmpty();
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(tenant, label, options))
        .satisfies(e -> assertThat(e.reasons()).containsAll(conflicts));
    assertThat(lab.dump()).isEqualTo(before);
    return conflicts;
  }

  private List<String> refused(Label label) {
    return refused(1, label, RestoreOptions.DEFAULT);
  }

  private Label forged(String... sql) throws Exception {
    return ForgedArchive.of(lab, folder.resolve("forgery-" + ++forgeries))
        .sql(sql)
        .honestTables()
        .sentTo(lab, "tenant_1_2026-11-" + (20 + forgeries));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void are_in_no_tenants_archive_and_no_restore_or_undo_writes_them(boolean brought) {
    lab.bringing(brought);
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();
    lab.execute("DELETE FROM card_labels WHERE card_id = 1", "DELETE FROM cards WHERE id = 1");
    lab.execute("DELETE FROM label_notes WHERE id = 11", "DELETE FROM labels WHERE id = 11");
    lab.execute("DELETE FROM blobs WHERE id = 3");
    lab.execute("UPDATE labels SET name = name || '!'", "UPDATE label_notes SET body = 'now'");
    lab.execute("INSERT INTO labels VALUES (3, -1, 'new', NULL)");
    lab.execute("INSERT INTO label_notes VALUES (3, 3, 'new')");
    Map<String, List<String>> changed = lab.dump();
    Map<String, List<String>> everybodys = everybodys();

    RestorePlan plan = lab.preview(1, label);
    assertThat(plan.conflicts()).isEmpty();
    lab.restore(1, label);

    assertThat(everybodys()).isEqualTo(everybodys);
    assertThat(ids("labels")).isEqualTo("1,2,3,11,21");
    assertThat(lab.query("SELECT name FROM labels WHERE id = 11")).isEqualTo("mine");
    assertThat(lab.dump().get("card_labels")).isEqualTo(before.get("card_labels"));
    Map<String, List<String>> restored = lab.dump();
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(changed);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(restored);
  }

  @Test
  void are_in_no_archive() throws Exception {
    ForgedArchive archive = ForgedArchive.of(lab, folder.resolve("archive"));
    List<String> found = new ArrayList<>();
    try (var session = dev.sevenfold.backup.scratch.Session.scratch(archive.database())) {
      for (String table : List.of("labels", "label_notes", "card_labels", "blobs")) {
        found.add(table + session.texts("SELECT CAST(id AS TEXT) FROM " + table + " ORDER BY id"));
      }
    }

    assertThat(found)
        .containsExactly("labels[11]", "label_notes[11]", "card_labels[1, 2, 5]", "blobs[2, 3]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_a_tenant_and_everybody_use_is_not_deleted_or_changed(boolean brought) {
    lab.bringing(brought);
    lab.execute("UPDATE cards SET blob_id = NULL WHERE id = 1");
    Label without = lab.backup(1);
    lab.execute("UPDATE cards SET blob_id = 2 WHERE id = 1");

    RestorePlan plan = lab.preview(1, without);
    assertThat(plan.notes()).anyMatch(note -> note.contains("blobs") && note.contains("[2]"));
    lab.restore(1, without);
    assertThat(ids("blobs")).isEqualTo("1,2,3");

    lab.undo(1);
    Label with = lab.backup(1);
    lab.execute("UPDATE blobs SET key = 'changed' WHERE id = 2");
    assertThat(refused(with))
        .anyMatch(what -> what.contains("blobs ([id] = [2] leads to [everybody]) would change"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void references_to_them_are_no_references_to_others_and_need_the_row(boolean brought)
      throws Exception {
    lab.bringing(brought);
    assertThat(lab.service().backup(Lab.id(1)).warnings()).isEmpty();
    Label sent = forged("UPDATE card_labels SET label_id = 1 WHERE id = 2");
    assertThat(lab.preview(1, sent).conflicts()).isEmpty();
    lab.restore(1, sent);
    assertThat(lab.query("SELECT label_id FROM card_labels WHERE id = 2")).isEqualTo("1");

    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM card_labels WHERE label_id = 1", "DELETE FROM label_notes WHERE id = 1");
    lab.execute("DELETE FROM labels WHERE id = 1");
    assertThat(refused(label)).anyMatch(what -> what.contains("labels that are not there"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_copy_of_a_tenant_refers_to_the_same_ones(boolean brought) {
    lab.bringing(brought);
    Map<String, List<String>> everybodys = everybodys();
    Label label = lab.backup(1);

    assertThat(lab.preview(3, label, Lab.NEW_IDS).conflicts()).isEmpty();
    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(everybodys()).isEqualTo(everybodys);
    assertThat(lab.query("SELECT name FROM labels WHERE account_id = 3")).isEqualTo("mine");
    assertThat(lab.query("SELECT count(*) FROM labels")).isEqualTo("5");
    assertThat(lab.query("SELECT count(*) FROM label_notes")).isEqualTo("4");
    assertThat(
            lab.query(
                "SELECT group_concat(CASE WHEN account_id < 1 THEN l.id ELSE name || account_id END,"
                    + " ' ') FROM (SELECT * FROM card_labels ORDER BY id) JOIN labels l ON l.id ="
                    + " label_id WHERE card_id IN (SELECT id FROM cards WHERE account_id = 3)"))
        .isEqualTo("1 mine3 2");
    lab.undo(3);
    assertThat(lab.query("SELECT count(*) FROM labels")).isEqualTo("4");
  }

  @Test
  void a_copy_is_refused_where_a_column_proves_to_refer_to_labels_of_both_kinds() {
    lab.execute(
        "CREATE TABLE marks (id INTEGER PRIMARY KEY, account_id INTEGER, label_id INTEGER)");
    for (int i = 0; i < 40; i++) {
      lab.execute("INSERT INTO labels VALUES (" + (100 + i) + ", " + (1 + i % 2) + ", 'x', NULL)");
      lab.execute(
          "INSERT INTO marks (account_id, label_id) VALUES (%s, %s), (%s, 1), (%s, 2)"
              .formatted(1 + i % 2, 100 + i, 1 + i % 2, 1 + i % 2));
    }
    Label label = lab.backup(1);

    assertThat(refused(3, label, Lab.NEW_IDS))
        .anyMatch(what -> what.contains("references: {label_id: labels.id}"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_row_that_was_made_everybodys_since_is_in_the_way(boolean brought) {
    lab.bringing(brought);
    Label label = lab.backup(1);
    lab.execute("UPDATE labels SET account_id = -1, name = 'ours' WHERE id = 11");

    assertThat(refused(label))
        .anyMatch(what -> what.contains("1 ids of table labels belong to other rows"))
        .anyMatch(what -> what.contains("[11]"));
    lab.restore(1, label, Lab.NEW_IDS);
    assertThat(lab.query("SELECT account_id || name FROM labels WHERE id = 11"))
        .isEqualTo("-1ours");
    assertThat(lab.query("SELECT name FROM labels WHERE account_id = 1")).isEqualTo("mine");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_row_that_was_everybodys_and_is_the_tenants_now_goes_unless_others_refer_to_it(
      boolean brought) {
    lab.bringing(brought);
    lab.execute(
        "CREATE TABLE marks (account_id INTEGER NOT NULL, label_id INTEGER REFERENCES labels)",
        "INSERT INTO labels VALUES (1001, -1, 'used', NULL), (5, -1, 'gone', NULL)",
        "INSERT INTO marks VALUES (2, 1001)");
    Label label = lab.backup(1);
    lab.execute("UPDATE labels SET account_id = 1 WHERE id IN (1001, 5)");

    assertThat(refused(label)).anyMatch(what -> what.contains("marks"));
    lab.execute("UPDATE labels SET account_id = -1 WHERE id = 1001");
    lab.restore(1, label);
    assertThat(ids("labels")).isEqualTo("1,2,11,21,1001");
    lab.undo(1);
    assertThat(lab.query("SELECT account_id FROM labels WHERE id = 5")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void no_archive_puts_rows_into_everybodys(boolean brought) throws Exception {
    lab.bringing(brought);
    for (String sql :
        List.of(
            "UPDATE labels SET account_id = -1",
            "INSERT INTO labels VALUES (99, 0, 'evil', NULL)",
            "INSERT INTO labels VALUES (1, -1, 'evil', 1)",
            "INSERT INTO label_notes VALUES (99, 1, 'evil')",
            "INSERT INTO label_notes VALUES (1, 1, 'evil')")) {
      Label label = forged(sql);
      refused(label);
      refused(1, label, Lab.NEW_IDS);
      refused(3, label, Lab.NEW_IDS);
    }
    assertThat(refused(forged("INSERT INTO labels VALUES (99, 0, 'evil', NULL)")))
        .containsExactly(
            "1 archived rows of table labels are everybody's by the model, where account_id is -1 or"
                + " 0, which no restore writes: [id] = [[99]]; have an ArchiveMigration change them or"
                + " leave them out");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothing_that_is_everybodys_becomes_a_tenants_by_a_forged_archive(boolean brought)
      throws Exception {
    lab.bringing(brought);
    // A blob that only everybody's label uses: with another content, or to hang something below.
    assertThat(
            refused(
                forged(
                    "INSERT INTO blobs VALUES (1, 'evil')",
                    "UPDATE cards SET blob_id = 1 WHERE id = 1")))
        .anyMatch(what -> what.contains("blobs") && what.contains("[1]"));
  }

  @Test
  void a_check_counts_them_as_everybodys() throws Exception {
    lab.execute("INSERT INTO labels VALUES (6, 99, 'lost', NULL)");
    lab.execute("INSERT INTO card_labels VALUES (6, NULL, 1), (7, 77, 1), (8, NULL, 6)");

    OwnershipCheck check = lab.source().check(Progress.none());

    Map<String, TableRows> tables = new TreeMap<>();
    check.tables().forEach(table -> tables.put(table.table(), table));
    assertThat(counts(tables.get("labels"))).isEqualTo("5 rows, 2 owned, 1 nobodys, 2 everybodys");
    assertThat(counts(tables.get("label_notes")))
        .isEqualTo("3 rows, 2 owned, 0 nobodys, 1 everybodys");
    // One refers to nothing but everybody's label; the others have lost a card, or a label's owner.
    assertThat(counts(tables.get("card_labels")))
        .isEqualTo("8 rows, 5 owned, 2 nobodys, 1 everybodys");
    assertThat(counts(tables.get("blobs"))).isEqualTo("3 rows, 2 owned, 0 nobodys, 1 everybodys");
    assertThat(tables.get("labels").findings())
        .extracting(finding -> finding.why() + finding.samples())
        .containsExactly("account_id names no tenant[[6]]");
    assertThat(tables.get("blobs").findings())
        .extracting(finding -> finding.why() + finding.samples())
        .containsExactly("used by rows that are everybody's, so that no restore writes them[[2]]");
    assertThat(tables.get("blobs").isComplete()).isTrue();
  }

  private static String counts(TableRows table) {
    return "%s rows, %s owned, %s nobodys, %s everybodys"
        .formatted(table.rows(), table.owned(), table.nobodys(), table.everybodys());
  }

  @Test
  void a_row_that_has_lost_its_card_is_in_no_restores_way() {
    Label label = lab.backup(1);
    lab.execute("PRAGMA foreign_keys = OFF", "INSERT INTO card_labels VALUES (9, 1, 2)");
    lab.execute("DELETE FROM cards WHERE id = 1");

    lab.restore(1, label);

    assertThat(ids("card_labels")).isEqualTo("1,2,3,4,5");
    lab.undo(1);
    assertThat(ids("card_labels")).isEqualTo("1,2,3,4,5,9");
  }

  @Test
  void a_tenant_with_that_key_is_refused_by_both_names_and_no_other() {
    Label label = lab.backup(1);
    lab.execute("INSERT INTO accounts VALUES (0, 'zero')");
    String what = "labels are declared shared where account_id is -1 or 0, and there is a tenant 0";

    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> lab.backup(0))
        .withMessageContaining(what);
    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> lab.preview(0, label, Lab.NEW_IDS))
        .withMessageContaining(what);
    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> lab.source().check(Progress.none()))
        .withMessageContaining(what);
    lab.restore(1, lab.backup(1));
    assertThat(lab.service().backupAll())
        .filteredOn(each -> each.failure().isPresent())
        .extracting(BackupOutcome::tenant)
        .containsExactly(Lab.id(0));
    lab.execute("DELETE FROM accounts WHERE id = 0");
    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> lab.preview(0, label, Lab.NEW_IDS))
        .withMessageContaining(what);
  }
}
