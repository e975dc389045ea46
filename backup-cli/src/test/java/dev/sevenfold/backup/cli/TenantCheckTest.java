package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.cli.run.Shell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantCheckTest {

  @TempDir Path folder;

  @BeforeEach
  void create() {
    configure("");
    execute(
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users)",
        "CREATE TABLE \"odd: name\" (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
        "INSERT INTO tenants VALUES (1), (2)",
        "INSERT INTO users VALUES (1, 1), (2, 2)",
        "INSERT INTO notes VALUES (1, 1), (2, 2), (3, 2)");
  }

  private void configure(String more) {
    try {
      Files.writeString(
          folder.resolve("app.yml"),
          """
          database: app.sqlite3
          tenants:
            table: tenants
            column: tenant_id
          %sstore: {directory: backups}
          """
              .formatted(more));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void execute(String... statements) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.sqlite3"));
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Cli cli(String... words) {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--config";
    all[words.length + 1] = folder.resolve("app.yml").toString();
    return Cli.run(all);
  }

  @Test
  void names_references_that_the_model_lacks_and_the_line_to_add() {
    execute(
        "CREATE TABLE boards (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
        "CREATE TABLE cards (id INTEGER PRIMARY KEY, tenant_id INTEGER, board_id INTEGER)",
        "INSERT INTO boards VALUES (11, 1), (12, 2)",
        "INSERT INTO cards VALUES (101, 1, 11), (102, 2, 12)");

    Cli check = cli("tenant", "check");

    assertThat(check.code()).isZero();
    assertThat(check.lastLine()).isEqualTo("complete");
    assertThat(check.err())
        .contains(
            "warning: cards.board_id -> boards(id): 2 of 2 values found, all in the row's own"
                + " tenant",
            "Write {table: cards, references: {board_id: boards.id}}, or not_references:"
                + " [cards.board_id]");
    assertThat(cli("tenant", "check", "--json").out())
        .contains("\"column\":\"board_id\"", "\"proven\":true");

    configure("  owned: [{table: cards, references: {board_id: boards.id}}]\n");
    assertThat(cli("tenant", "check").err()).isEmpty();
    configure("  not_references: [cards.board_id]\n");
    assertThat(cli("tenant", "check").err()).isEmpty();
  }

  @Test
  void says_that_every_row_is_exactly_one_tenants() {
    Cli check = cli("tenant", "check");

    assertThat(check.code()).as("%s", check).isZero();
    assertThat(check.err()).isEmpty();
    assertThat(check.lines())
        .containsExactly(
            "TABLE      ROWS  OWNED  NOBODYS  SEVERAL",
            "notes         3      3        0        0",
            "odd: name     0      0        0        0",
            "tenants       2      2        0        0",
            "users         2      2        0        0",
            "complete");
  }

  @Test
  void counts_rows_that_the_model_declares_everybodys() {
    execute("INSERT INTO users VALUES (3, -1), (4, 0)", "INSERT INTO notes VALUES (4, 3)");
    configure("  owned: [{table: users, shared_rows: {tenant_id: [-1, 0]}}]\n");

    Cli check = cli("tenant", "check");

    assertThat(check.code()).as("%s", check).isZero();
    assertThat(check.lines())
        .containsExactly(
            "TABLE      ROWS  OWNED  NOBODYS  SEVERAL  EVERYBODYS",
            "notes         4      3        0        0           1",
            "odd: name     0      0        0        0           0",
            "tenants       2      2        0        0           0",
            "users         4      2        0        0           2",
            "complete");
    assertThat(cli("tenant", "check", "--json").out())
        .contains("\"nobodys\":0,\"several\":0,\"allowed\":false,\"everybodys\":2");
    assertThat(cli("tenant", "explain").out())
        .contains("owned: column tenant_id; everybody's where tenant_id is -1 or 0\n");
  }

  @Test
  void a_tenant_with_the_key_of_everybodys_rows_is_a_wrong_config() {
    configure("  owned: [{table: users, shared_rows: {tenant_id: 2}}]\n");

    Cli check = cli("tenant", "check");

    assertThat(check.code()).isEqualTo(2);
    assertThat(check.firstError())
        .contains("users are declared shared where tenant_id is 2, and there is a tenant 2");
  }

  @Test
  void lists_by_kind_what_is_nobodys_and_what_would_settle_it() {
    execute(
        "INSERT INTO users VALUES (3, 9)",
        "INSERT INTO notes VALUES (4, NULL), (5, NULL), (6, 77)",
        "INSERT INTO \"odd: name\" VALUES (1, NULL)");

    Cli check = cli("tenant", "check");

    assertThat(check.code()).isEqualTo(3);
    assertThat(check.out()).doesNotContain("complete");
    assertThat(check.firstError())
        .startsWith("sevenfold: As of 20")
        .endsWith(
            ", 5 rows of 3 tables (notes 3, odd: name 1, users 1) are nobody's and in no backup");
    assertThat(check.err().lines().skip(1))
        .containsExactly(
            "  notes: 1 row, user_id -> users(id), where no such row is: [6]: correct the rows, or"
                + " write nobodys: {notes: allowed}",
            "  notes: 2 rows, nothing says whose it is: [4], [5]: correct the rows, or write nobodys:"
                + " {notes: allowed}",
            "  odd: name: 1 row, nothing says whose it is: [1]: correct the rows, or write nobodys:"
                + " {\"odd: name\": allowed}",
            "  users: 1 row, tenant_id names no tenant: [3]: correct the rows, or write nobodys:"
                + " {users: allowed}",
            "Correct the rows, or the model under tenants in the config, and run tenant check"
                + " again");
  }

  @Test
  void what_the_model_allows_is_listed_and_no_fault() {
    execute("INSERT INTO notes VALUES (4, NULL)");
    configure("  nobodys: {NOTES: allowed}\n");

    Cli check = cli("tenant", "check");

    assertThat(check.code()).as("%s", check).isZero();
    assertThat(check.lastLine()).isEqualTo("complete");
    assertThat(check.out()).contains("notes: 1 row, nothing says whose it is: [4]\n");
    assertThat(check.err()).isEmpty();
  }

  @Test
  void a_model_that_allows_it_of_no_owned_table_is_a_wrong_config() {
    configure("  nobodys: {nots: allowed}\n");

    Cli check = cli("tenant", "check");

    assertThat(check.code()).isEqualTo(2);
    assertThat(check.firstError()).contains("key tenants: There is no table nots");
  }

  @Test
  void refuses_what_leads_to_two_tenants() {
    execute(
        "CREATE TABLE referrals (id INTEGER PRIMARY KEY, one INTEGER REFERENCES users,"
            + " two INTEGER REFERENCES users)",
        "INSERT INTO referrals VALUES (1, 1, 2)");
    configure("  nobodys: {referrals: allowed}\n");

    Cli check = cli("tenant", "check");

    assertThat(check.code()).isEqualTo(3);
    assertThat(check.firstError())
        .endsWith("1 row of 1 table (referrals 1) is in doubt, for which backups are refused");
    assertThat(check.err()).contains("[1]: correct the rows, or the model\n");
  }

  @Test
  void says_all_of_it_for_programs() {
    execute("INSERT INTO notes VALUES (4, NULL)");

    Cli check = cli("tenant", "check", "--json");

    assertThat(check.code()).isEqualTo(3);
    Map<String, Object> json = JsonText.object(check.out());
    assertThat(json).containsEntry("complete", false);
    assertThat(check.out())
        .contains(
            "{\"table\":\"notes\",\"rows\":4,\"owned\":3,\"nobodys\":1,\"several\":0,\"allowed\":false,")
        .contains("\"doubtful\":false,\"samples\":[\"[4]\"]");
    assertThat(check.firstError()).contains("1 row of 1 table");
  }

  @Test
  void backups_go_on_and_warn_once_and_health_is_red_until_the_next_check() {
    execute("INSERT INTO notes VALUES (4, NULL)");
    String lost =
        "1 row of 1 table (notes 1) is nobody's and in no backup; tenant check lists them";

    Cli one = cli("tenant", "backup", "--tenant", "1");
    Cli all = cli("tenant", "backup", "--all");
    Cli health = cli("health");

    assertThat(one.code()).isZero();
    assertThat(one.err().lines())
        .singleElement()
        .asString()
        .startsWith("sevenfold: warning: As of 20")
        .endsWith(lost);
    assertThat(all.lastLine()).isEqualTo("2 completed, 0 failed");
    assertThat(all.err().lines()).singleElement().asString().endsWith(lost);
    assertThat(health.code()).isEqualTo(3);
    assertThat(health.err().lines())
        .singleElement()
        .asString()
        .startsWith("sevenfold: As of 20")
        .endsWith(lost);
    assertThat(cli("tenant", "backup", "--tenant", "2", "--json").out())
        .contains(",\"rows\":8,\"nobodys\":1,\"doubtful\":0,\"tables\":[{\"table\":\"notes\",");

    execute("UPDATE notes SET user_id = 1 WHERE id = 4");
    assertThat(cli("tenant", "check").code()).isZero();

    Cli after = cli("health");
    assertThat(after.code()).as("%s", after).isZero();
    assertThat(after.lastLine()).endsWith("each of 8 rows is as the tenant model says");
  }

  @Test
  void shows_how_far_it_is_on_a_terminal_and_nowhere_else() {
    for (String command : List.of("check", "suggest")) {
      String[] words = {"tenant", command, "--config", folder.resolve("app.yml").toString()};
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Shell none = Shell.capturing(out, err);

      Sevenfold.run(new Shell(none.out(), none.err(), () -> true), words);

      Cli captured = Cli.run(words);
      assertThat(captured.err()).doesNotContain("\r");
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("\r" + command);
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(captured.out());
    }
  }

  @Test
  void says_of_tenants_without_a_key_what_to_do() {
    execute(
        "DROP TABLE tenants",
        "CREATE TABLE tenants (id TEXT PRIMARY KEY)",
        "INSERT INTO tenants VALUES ('1'), ('2'), (NULL)");

    Cli check = cli("tenant", "check");

    assertThat(check.code()).isEqualTo(3);
    assertThat(check.err())
        .contains(
            "  tenants: 1 row, id is null or empty, and names no tenant: [null]: give each of them a"
                + " key, or delete it\n")
        .doesNotContain("nobodys:");
  }

  @Test
  void a_list_warns_once_that_there_can_be_no_signing_keys() {
    configure("signing: {keys: nowhere/keys}\n");

    assertThat(cli("tenant", "list", "--tenant", "1").err())
        .containsOnlyOnce("warning: archives are not signed");
  }
}
