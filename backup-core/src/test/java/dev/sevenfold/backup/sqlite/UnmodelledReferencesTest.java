package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.Replacement;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.backup.tenant.UnmodelledReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy with new ids does not keep what leads to the rows that it was made of. */
class UnmodelledReferencesTest {

  @TempDir Path folder;

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("accounts").column("account_id");
  }

  /** Boards of two accounts, whose cards say by {@code column} which board they are on. */
  private Lab boards(int perAccount, String column) {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE accounts (id INTEGER PRIMARY KEY)",
                "CREATE TABLE boards (id INTEGER PRIMARY KEY, account_id INT)",
                "CREATE TABLE cards (id INTEGER PRIMARY KEY, account_id INT, position INT, "
                    + column
                    + ")",
                "INSERT INTO accounts VALUES (1), (2), (3)",
                """
                INSERT INTO boards WITH RECURSIVE n (i) AS
                  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                  SELECT 100 * a.id + i, a.id FROM n, accounts a WHERE a.id < 3
                """
                    .formatted(perAccount),
                """
                INSERT INTO cards
                  SELECT 10000 + id, account_id, id % 100 + 100, id FROM boards
                  UNION ALL SELECT 20000 + id, account_id, id % 100 + 100, id FROM boards
                """)
            .owned(model());
    return lab;
  }

  @ParameterizedTest
  @ValueSource(strings = {"board_id INT", "board_id TEXT", "lies_on INT"})
  void a_clone_is_refused_that_would_point_at_the_source(String column) {
    Lab lab = boards(30, column);
    String name = column.split(" ", -1)[0];
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(3, label, Lab.NEW_IDS))
        .withMessageContaining("60 of 60 values found, all in the row's own tenant")
        .withMessageContaining("{table: cards, references: {" + name + ": boards.id}}")
        .withMessageContaining("not_references: [cards." + name + "]");
    assertThat(lab.preview(3, label, Lab.NEW_IDS).conflicts())
        .singleElement()
        .asString()
        .contains("cards." + name + " -> boards(id)");
    assertThat(lab.dump()).isEqualTo(before);
    assertThat(lab.preview(1, label).conflicts()).isEmpty();

    lab.owned(model().reference("cards", name, "boards", "id"));
    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(
            lab.query(
                """
                SELECT count(*) || ' ' || sum(b.account_id = c.account_id)
                FROM cards c JOIN boards b ON b.id = c.%s WHERE c.account_id = 3
                """
                    .formatted(name)))
        .isEqualTo("60 60");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "''", "99999", "CAST(board_id AS REAL) + 0.0"})
  void one_odd_value_hides_no_reference(String odd) {
    Lab lab = boards(30, "board_id");
    lab.execute(
        odd.startsWith("CAST")
            ? "UPDATE cards SET board_id = " + odd
            : "UPDATE cards SET board_id = " + odd + " WHERE id = 20101");
    Label label = lab.backup(1);

    assertThat(lab.preview(3, label, Lab.NEW_IDS).conflicts())
        .singleElement()
        .asString()
        .contains("cards.board_id -> boards(id)");
  }

  @Test
  void a_few_long_random_values_are_no_coincidence_whatever_the_column_is_called() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE accounts (id INTEGER PRIMARY KEY)",
                "CREATE TABLE boards (id TEXT PRIMARY KEY, account_id INT)",
                "CREATE TABLE cards (id INTEGER PRIMARY KEY, account_id INT, lies_on TEXT)",
                "INSERT INTO accounts VALUES (1), (2), (3)",
                "INSERT INTO boards SELECT lower(hex(randomblob(16))), id FROM accounts",
                "INSERT INTO cards (account_id, lies_on) SELECT account_id, id FROM boards")
            .owned(model());

    assertThat(lab.preview(4, lab.backup(1), Lab.NEW_IDS).conflicts())
        .singleElement()
        .asString()
        .contains("cards.lies_on -> boards(id)");
  }

  @Test
  void the_key_of_another_table_as_a_tables_own_is_a_reference() {
    Lab lab =
        boards(30, "board_id INT").owned(model().reference("cards", "board_id", "boards", "id"));
    lab.execute(
        "CREATE TABLE board_settings (board_id INTEGER PRIMARY KEY, account_id INT, color TEXT)",
        "INSERT INTO board_settings SELECT id, account_id, 'red' FROM boards WHERE id % 2");

    assertThat(lab.preview(3, lab.backup(1), Lab.NEW_IDS).conflicts())
        .singleElement()
        .asString()
        .contains("board_settings.board_id -> boards(id)");
  }

  @Test
  void a_number_that_follows_the_rows_own_id_is_no_reference() {
    Lab lab =
        boards(30, "board_id INT").owned(model().reference("cards", "board_id", "boards", "id"));
    lab.execute(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INT, sort INT, order_number INT)",
        "INSERT INTO orders SELECT id, account_id, id, id FROM boards");

    assertThat(lab.preview(3, lab.backup(1), Lab.NEW_IDS).conflicts()).isEmpty();
  }

  @Test
  void a_value_that_a_rule_replaces_where_it_is_taken_is_an_id_too() {
    Lab lab =
        boards(30, "board_id INT")
            .owned(
                model()
                    .reference("cards", "board_id", "boards", "id")
                    .replaceTaken("users", "username", Replacement.suffixed("-copy")));
    lab.execute(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, account_id INT, username TEXT UNIQUE)",
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, account_id INT, username TEXT)",
        "INSERT INTO users SELECT id, account_id, 'u' || id FROM boards",
        "INSERT INTO posts SELECT 50000 + id, account_id, username FROM users");

    assertThat(lab.preview(3, lab.backup(1), Lab.NEW_IDS).conflicts())
        .singleElement()
        .asString()
        .contains("posts.username -> users(username)");
  }

  @Test
  void a_pair_of_a_type_and_an_id_is_proved_type_by_type() {
    TenantModel.Builder model = model().reference("cards", "board_id", "boards", "id");
    Lab lab = boards(6, "board_id INT").owned(model);
    lab.execute(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, account_id INT, noteable_type TEXT,"
            + " noteable_id INT)",
        "INSERT INTO notes SELECT 70000 + id, account_id, 'Board', id FROM boards",
        "INSERT INTO notes SELECT id + 80000, account_id, 'App\\Models\\Card', id FROM cards",
        "INSERT INTO notes VALUES (1, 1, 'Board', 0), (2, 1, '', NULL)");
    Label label = lab.backup(1);

    assertThat(lab.preview(3, label, Lab.NEW_IDS).conflicts())
        .hasSize(2)
        .anySatisfy(
            conflict ->
                assertThat(conflict)
                    .contains(
                        "notes.noteable_id -> boards(id) where noteable_type = 'Board'",
                        "polymorphic: {type: noteable_type, id: noteable_id, targets: {Board:"
                            + " boards}}"))
        .anySatisfy(conflict -> assertThat(conflict).contains("-> cards(id) where"));

    lab.owned(
        model.polymorphic(
            "notes",
            "noteable_type",
            "noteable_id",
            Map.of("Board", "boards", "App\\Models\\Card", "cards")));
    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(
            lab.query(
                """
                SELECT count(*) FROM notes n JOIN boards b ON b.id = n.noteable_id
                WHERE n.account_id = 3 AND n.noteable_type = 'Board' AND b.account_id = 3
                """))
        .isEqualTo("6");
  }

  @ParameterizedTest
  @CsvSource({
    "assigned_type, assigned_to, Board, Card",
    "owner_type, owner, 'App\\Board', 'App\\Card'",
    "content_type_id, object_id, 7, 8",
    "actor_content_type_id, actor_object_id, 7, 8",
    "scope_type_id, scope_id, 7, 8"
  })
  void a_pair_is_proved_however_its_columns_are_called(
      String type, String id, String board, String card) {
    Lab lab =
        boards(30, "board_id INT").owned(model().reference("cards", "board_id", "boards", "id"));
    lab.execute(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, account_id INT, %s, %s INT)"
            .formatted(type, id),
        "INSERT INTO notes SELECT 70000 + id, account_id, '%s', id FROM boards".formatted(board),
        "INSERT INTO notes SELECT id + 80000, account_id, '%s', id FROM cards".formatted(card));
    assertThat(lab.preview(3, lab.backup(1), Lab.NEW_IDS).conflicts())
        .hasSize(2)
        .anySatisfy(each -> assertThat(each).contains(id + " -> boards(id) where " + type))
        .anySatisfy(each -> assertThat(each).contains(id + " -> cards(id) where " + type));
  }

  @Test
  void the_kind_of_a_row_is_no_type_of_what_it_points_at() {
    Lab lab = boards(30, "board_id INT");
    lab.execute(
        "ALTER TABLE cards ADD COLUMN board_type_id INT",
        "UPDATE cards SET board_type_id = 1 + id % 2");
    assertThat(lab.preview(3, lab.backup(1), Lab.NEW_IDS).conflicts())
        .singleElement()
        .asString()
        .contains("cards.board_id -> boards(id)")
        .doesNotContain("board_type_id");
  }

  @Test
  void a_type_without_an_id_points_nowhere_and_is_in_no_copys_way() {
    Lab lab =
        boards(3, "board_id INT")
            .owned(
                model()
                    .reference("cards", "board_id", "boards", "id")
                    .polymorphic("notes", "on_type", "on_id", Map.of("Board", "boards")));
    lab.execute(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, account_id INT, on_type TEXT, on_id INT)",
        "INSERT INTO notes VALUES (1, 1, 'Board', 101), (2, 1, '', NULL), (3, 1, 'Gone', NULL)");

    lab.restore(3, lab.backup(1), Lab.NEW_IDS);

    assertThat(lab.query("SELECT count(*) FROM notes WHERE account_id = 3")).isEqualTo("3");
  }

  @Test
  void few_values_are_enough_where_the_name_says_so_too() {
    Lab lab = boards(3, "board_id INT");
    Label label = lab.backup(1);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(3, label, Lab.NEW_IDS))
        .withMessageContaining("cards.board_id -> boards(id)");
  }

  @Test
  void few_values_of_a_name_that_says_nothing_are_no_reference() {
    Lab lab = boards(3, "rank INT");

    lab.restore(3, lab.backup(1), Lab.NEW_IDS);

    assertThat(lab.query("SELECT count(*) FROM cards WHERE account_id = 3")).isEqualTo("6");
  }

  @Test
  void what_the_model_says_is_no_reference_is_none() {
    Lab lab = boards(30, "board_id INT").owned(model().notReferences("Cards", "BOARD_ID"));

    lab.restore(3, lab.backup(1), Lab.NEW_IDS);

    assertThat(lab.query("SELECT count(*) FROM cards WHERE account_id = 3")).isEqualTo("60");
    assertThat(lab.source().check(Progress.none()).unmodelled()).isEmpty();
    lab.owned(model().notReferences("cards", "bord_id"));
    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> lab.source().explain())
        .withMessageContaining("bord_id");
  }

  @Test
  void what_is_likely_but_not_proven_is_a_note_of_the_preview() {
    Lab lab = boards(30, "board_id INT");
    lab.execute("UPDATE cards SET board_id = 201 WHERE id = 20101");
    Label label = lab.backup(1);

    RestorePlan plan = lab.preview(3, label, Lab.NEW_IDS);

    assertThat(plan.conflicts()).isEmpty();
    assertThat(plan.notes())
        .anySatisfy(
            note ->
                assertThat(note)
                    .contains("Likely a reference", "cards.board_id", "references: {board_id"));
  }

  @Test
  void the_tenants_own_key_under_another_name_is_one() {
    Lab lab =
        boards(3, "board_id INT").owned(model().reference("cards", "board_id", "boards", "id"));
    lab.execute(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, account_id INT, last_account_id INT)",
        "INSERT INTO users SELECT id, account_id, account_id FROM boards");
    Label label = lab.backup(1);

    assertThat(lab.preview(3, label, Lab.NEW_IDS).conflicts())
        .singleElement()
        .asString()
        .contains("users.last_account_id -> accounts(id)");
  }

  @Test
  void values_that_a_copy_keeps_on_both_sides_are_no_ones_ids() {
    Lab lab =
        boards(3, "board_id INT").owned(model().reference("cards", "board_id", "boards", "id"));
    lab.execute(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, account_id INT, email TEXT, UNIQUE (email))",
        "CREATE TABLE invitations (id INTEGER PRIMARY KEY, account_id INT, user_email TEXT)",
        "INSERT INTO users SELECT id, account_id, 'someone-' || id || '@example.com' FROM boards",
        "INSERT INTO invitations SELECT id, account_id, email FROM users");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM users WHERE account_id = 1");

    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(lab.query("SELECT count(*) FROM invitations WHERE account_id = 3")).isEqualTo("3");
  }

  @Test
  void new_ids_in_place_ask_only_where_ids_are_taken() {
    Lab lab = boards(30, "board_id INT");
    Label label = lab.backup(1);

    assertThat(lab.preview(1, label, Lab.NEW_IDS).conflicts()).isEmpty();

    lab.execute(
        "DELETE FROM boards WHERE id = 101",
        "DELETE FROM cards WHERE board_id = 101",
        "INSERT INTO boards VALUES (101, 2)");
    assertThat(lab.preview(1, label, Lab.NEW_IDS).conflicts())
        .anySatisfy(conflict -> assertThat(conflict).contains("cards.board_id"));
  }

  @Test
  void a_check_lists_them_with_the_line_that_the_model_lacks() {
    Lab lab = boards(30, "board_id INT");

    List<UnmodelledReference> found = lab.source().check(Progress.none()).unmodelled();

    assertThat(found)
        .containsExactly(
            new UnmodelledReference(
                "cards", "board_id", "", "", "boards", "id", 60, 60, 60, 60, true));
    assertThat(lab.bringing(true).source().check(Progress.none()).unmodelled()).isEqualTo(found);
  }
}
