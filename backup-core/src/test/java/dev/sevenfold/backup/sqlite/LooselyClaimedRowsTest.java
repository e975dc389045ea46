package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row that only a reference which may be null claims is not written while others use it. */
class LooselyClaimedRowsTest {

  private static final String USERS =
      "SELECT group_concat(id || ' ' || email || ' ' ||"
          + " coalesce(avatar_asset_id, '-'), ', ') FROM (SELECT * FROM users ORDER BY id)";

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() {
    make("");
  }

  private void make(String action) {
    lab =
        Lab.with(
                folder,
                "DROP TABLE IF EXISTS settings",
                "DROP TABLE IF EXISTS comments",
                "DROP TABLE IF EXISTS memberships",
                "DROP TABLE IF EXISTS users",
                "DROP TABLE IF EXISTS assets",
                "DROP TABLE IF EXISTS accounts",
                "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT)",
                "CREATE TABLE assets (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES"
                    + " accounts, name TEXT)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE,"
                    + " avatar_asset_id INTEGER REFERENCES assets"
                    + action
                    + ")",
                "CREATE TABLE settings (user_id INTEGER PRIMARY KEY REFERENCES users, theme TEXT)",
                "CREATE TABLE memberships (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL"
                    + " REFERENCES accounts, user_id INTEGER NOT NULL REFERENCES users)",
                "CREATE TABLE comments (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL"
                    + " REFERENCES accounts, user_id INTEGER REFERENCES users, body TEXT)",
                "INSERT INTO accounts VALUES (1, 'one'), (2, 'two'), (3, 'three')",
                "INSERT INTO assets VALUES (9, 1, 'old'), (20, 2, 'of two')",
                "INSERT INTO users VALUES (5, 'ann', 9), (6, 'bob', 9), (7, 'cy', NULL)",
                "INSERT INTO settings VALUES (5, 'dark'), (6, 'dark')",
                "INSERT INTO memberships VALUES (1, 1, 5), (2, 2, 5), (3, 1, 6)",
                "INSERT INTO comments VALUES (1, 1, 5, 'first'), (2, 2, 7, 'second')")
            .owned(model());
  }

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("accounts").column("account_id");
  }

  /** Restores tenant 1, as its preview says, and finds that an undo leads back. */
  private List<String> restored(Label label) {
    Map<String, List<String>> now = lab.dump();
    RestorePlan preview = lab.preview(1, label);
    assertThat(preview.conflicts()).isEmpty();
    assertThat(lab.restore(1, label).plan()).isEqualTo(preview);
    Map<String, List<String>> restored = lab.dump();
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(now);
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(restored);
    return preview.notes();
  }

  private String users() {
    return lab.query(USERS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void is_not_changed_while_another_tenants_row_names_it(boolean brought) {
    lab.bringing(brought);
    Label label = lab.backup(1);
    lab.execute(
        "UPDATE users SET email = email || '@new'",
        "UPDATE settings SET theme = 'light'",
        "UPDATE comments SET body = 'changed' WHERE id = 1");

    List<String> notes = restored(label);

    assertThat(users()).isEqualTo("5 ann@new 9, 6 bob 9, 7 cy@new -");
    assertThat(lab.query("SELECT group_concat(theme) FROM settings")).isEqualTo("light,dark");
    assertThat(lab.query("SELECT body FROM comments WHERE id = 1")).isEqualTo("first");
    assertThat(notes)
        .anyMatch(note -> note.startsWith("1 rows of table users ([id] = [5])"))
        .anyMatch(note -> note.startsWith("1 rows of table settings ([user_id] = [5])"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ON DELETE SET NULL", " ON DELETE CASCADE"})
  void is_neither_deleted_nor_pointed_elsewhere(String action) {
    make(action);
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO assets VALUES (10, 1, 'new')",
        "UPDATE users SET avatar_asset_id = 10 WHERE id = 5",
        "INSERT INTO users VALUES (8, 'dee', 10)",
        "INSERT INTO settings VALUES (8, 'dark')",
        "INSERT INTO memberships VALUES (4, 1, 8), (5, 2, 8)");

    restored(label);

    assertThat(users()).isEqualTo("5 ann 10, 6 bob 9, 7 cy -, 8 dee 10");
    assertThat(lab.query("SELECT group_concat(id) FROM memberships")).isEqualTo("1,2,3,5");
    assertThat(lab.query("SELECT group_concat(user_id) FROM settings")).isEqualTo("5,6,8");
    assertThat(lab.query("SELECT group_concat(id) FROM assets")).isEqualTo("9,10,20");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NULL", "20"})
  void is_in_nobodys_way_when_it_lost_its_claim(String avatar) {
    Label label = lab.backup(1);
    lab.execute(
        "UPDATE users SET email = 'anna', avatar_asset_id = " + avatar + " WHERE id = 5",
        "DELETE FROM comments WHERE id = 1");

    restored(label);

    assertThat(users()).startsWith("5 anna " + (avatar.equals("NULL") ? "-" : avatar) + ", 6");
    assertThat(lab.query("SELECT user_id FROM comments WHERE id = 1")).isEqualTo("5");
  }

  @Test
  void is_in_the_archive_and_comes_back_where_it_is_gone() {
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM comments WHERE id = 1",
        "DELETE FROM memberships WHERE user_id = 5",
        "DELETE FROM settings WHERE user_id = 5",
        "DELETE FROM users WHERE id = 5");

    restored(label);

    assertThat(users()).isEqualTo("5 ann 9, 6 bob 9, 7 cy -");
  }

  @Test
  void is_restored_as_ever_where_nobody_elses_row_names_it() {
    lab.execute("INSERT INTO users VALUES (8, 'unnamed', 9)");
    Label label = lab.backup(1);
    lab.execute(
        "UPDATE users SET email = email || '@new'", "INSERT INTO users VALUES (11, 'later', 9)");

    restored(label);

    assertThat(users()).isEqualTo("5 ann@new 9, 6 bob 9, 7 cy@new -, 8 unnamed 9");
  }

  @Test
  void is_referred_to_by_a_copy_with_new_ids_and_not_copied() {
    Label label = lab.backup(1);
    lab.execute("DELETE FROM memberships WHERE id = 3", "DELETE FROM settings WHERE user_id = 6");
    lab.execute("DELETE FROM users WHERE id = 6");

    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(
            lab.query(
                "SELECT group_concat(email) FROM users WHERE id IN (SELECT user_id FROM"
                    + " memberships WHERE account_id = 3)"))
        .isEqualTo("ann,bob");
    assertThat(lab.query("SELECT count(*) FROM users WHERE email LIKE 'ann%'")).isEqualTo("1");
    assertThat(lab.query("SELECT user_id FROM comments WHERE account_id = 3")).isEqualTo("5");
    assertThat(users()).startsWith("5 ann 9, ");
    lab.undo(3);
    assertThat(users()).isEqualTo("5 ann 9, 7 cy -");
  }

  @Test
  void is_the_tenants_where_the_host_says_that_the_reference_decides() {
    lab.owned(model().ownedThrough("users", "avatar_asset_id"));
    Label label = lab.backup(1);
    lab.execute("UPDATE users SET email = 'anna' WHERE id = 5");

    restored(label);

    assertThat(users()).startsWith("5 ann 9, ");
  }

  @Test
  void is_used_by_all_where_a_shared_row_names_it() {
    lab.execute("CREATE TABLE staff (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users)");
    lab.execute("INSERT INTO staff VALUES (1, 6)");
    lab.owned(model().shared("staff"));
    Label label = lab.backup(1);
    lab.execute(
        "UPDATE users SET email = email || '@new' WHERE id = 6",
        "DELETE FROM comments WHERE id = 1");

    restored(label);

    assertThat(users()).contains("6 bob@new 9");
  }

  @Test
  void rows_that_also_hang_elsewhere_are_restored() {
    lab.execute(
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, asset_id INTEGER NOT NULL REFERENCES assets,"
            + " user_id INTEGER NOT NULL REFERENCES users, text TEXT)",
        "INSERT INTO posts VALUES (1, 9, 5, 'text')");
    Label label = lab.backup(1);
    lab.execute(
        "UPDATE posts SET text = 'changed'", "UPDATE users SET email = 'anna' WHERE id = 5");

    restored(label);

    assertThat(users()).startsWith("5 anna 9, ");
    assertThat(lab.query("SELECT text FROM posts")).isEqualTo("text");
  }

  @Test
  void files_of_rows_that_stay_are_left_as_they_are() throws IOException {
    Path files = Files.createDirectories(folder.resolve("files"));
    lab.owned(model().files(files, "users", "user-{id}").files(files, "assets", "{name}"));
    Files.writeString(files.resolve("user-5"), "then");
    Files.writeString(files.resolve("user-6"), "then");
    Files.writeString(files.resolve("old"), "old");
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO assets VALUES (10, 1, 'new'), (11, 1, 'newer')",
        "UPDATE users SET avatar_asset_id = 10 WHERE id = 5");
    Files.writeString(files.resolve("user-5"), "now");
    Files.writeString(files.resolve("user-6"), "now");
    Files.writeString(files.resolve("new"), "new");
    Files.writeString(files.resolve("newer"), "newer");

    restored(label);

    assertThat(files.resolve("user-5")).hasContent("now");
    assertThat(files.resolve("user-6")).hasContent("then");
    assertThat(files.resolve("new")).hasContent("new");
    assertThat(files.resolve("newer")).doesNotExist();
  }

  @Test
  void what_hung_below_it_and_is_gone_is_not_in_the_way_of_a_copy() {
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM settings",
        "DELETE FROM memberships WHERE user_id = 6",
        "DELETE FROM users WHERE id = 6");

    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(lab.query("SELECT group_concat(theme) FROM settings")).isEqualTo("dark");
    assertThat(lab.query("SELECT count(*) FROM settings WHERE user_id = 5")).isEqualTo("0");
  }

  /** Users that a row of somebody names whom their avatar does not lead to. */
  private String usedByOthers() {
    return users(
        " WHERE EXISTS (SELECT 1 FROM (SELECT account_id, user_id FROM memberships"
            + " UNION SELECT account_id, user_id FROM comments) n WHERE n.user_id = u.id"
            + " AND n.account_id IS NOT a.account_id AND (n.account_id <> 1 OR a.account_id <> 1))");
  }

  private void change(Random random, int step) {
    int user = 5 + random.nextInt(6);
    int account = 1 + random.nextInt(3);
    int id = 100 + step;
    String there = " WHERE EXISTS (SELECT 1 FROM users WHERE id = " + user + ")";
    lab.execute(
        switch (random.nextInt(8)) {
          case 0 -> "INSERT OR IGNORE INTO users VALUES (" + user + ", 'u" + id + "', NULL)";
          case 1 -> "UPDATE users SET email = 'e" + id + "' WHERE id = " + user;
          case 2 ->
              "UPDATE users SET avatar_asset_id = (SELECT id FROM assets WHERE account_id = "
                  + account
                  + " ORDER BY id DESC LIMIT 1) WHERE id = "
                  + user;
          case 3 -> "INSERT INTO memberships SELECT " + id + ", " + account + ", " + user + there;
          case 4 ->
              "INSERT INTO comments SELECT " + id + ", " + account + ", " + user + ", ''" + there;
          case 5 ->
              "DELETE FROM memberships WHERE id = (SELECT min(id) FROM memberships WHERE"
                  + " account_id = "
                  + account
                  + ")";
          case 6 -> "INSERT INTO assets VALUES (" + id + ", " + account + ", '')";
          default -> "INSERT OR REPLACE INTO settings SELECT " + user + ", 't" + id + "'" + there;
        });
  }

  @Test
  void whatever_changes_no_row_that_others_use_is_written() {
    int restored = 0;
    for (int seed = 0; seed < 4; seed++) {
      make(seed % 3 == 0 ? "" : seed % 3 == 1 ? " ON DELETE SET NULL" : " ON DELETE CASCADE");
      Random random = new Random(seed);
      int step = 0;
      while (step < 10) {
        change(random, step++);
      }
      Label label = lab.backup(1);
      while (step < 25) {
        change(random, step++);
      }
      String used = usedByOthers();
      Map<String, List<String>> now = lab.dump();
      String others = lab.query("SELECT group_concat(id) FROM memberships WHERE account_id <> 1");
      List<String> conflicts = lab.preview(1, label).conflicts();
      // An avatar of another tenant, and only its rows name the user: a taken id, as ever.
      if (!conflicts.isEmpty()) {
        assertThat(String.join("\n", conflicts))
            .as("seed %d", seed)
            .contains("to other rows by now");
        for (String user : parts(used)) {
          assertThat(conflicts.toString())
              .doesNotContain("[[" + user.substring(0, user.indexOf(' ')) + "]]");
        }
        continue;
      }
      lab.restore(1, label);
      assertThat(lab.damage()).as("seed %d", seed).isEmpty();
      assertThat(parts(users(""))).as("seed %d", seed).containsAll(parts(used));
      assertThat(lab.query("SELECT group_concat(id) FROM memberships WHERE account_id <> 1"))
          .as("seed %d", seed)
          .isEqualTo(others);
      if (!lab.dump().equals(now)) {
        restored++;
        lab.undo(1);
        assertThat(lab.dump()).as("seed %d", seed).isEqualTo(now);
      }
    }
    assertThat(restored).isPositive();
  }

  /** Users with what hangs below them. */
  private String users(String which) {
    return lab.query(
        "SELECT u.id || ' ' || u.email || ' ' || coalesce(u.avatar_asset_id, '-') || ' ' ||"
            + " coalesce(s.theme, '-') FROM users u LEFT JOIN settings s ON s.user_id ="
            + " u.id LEFT JOIN assets a ON a.id = u.avatar_asset_id"
            + which
            + " ORDER BY 1");
  }

  private static List<String> parts(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split(",", -1));
  }
}
