package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The key tenants.restore of the config: what a restore makes different on purpose. */
class RestoreRulesTest {

  private static final String RULES =
      """
        restore:
          emptied: [attachments]
          reset:
            - {column: customers.name, to: anonymous}
            - {column: 2024.total, to: null}
          erased:
            - {column: users.email, ledger: forgotten.email}
          taken:
            - {column: users.email, tag: copy}
          ids_in_json:
            - {column: boards.layout, keys: {user: users, members: users}}
      """;

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() throws IOException {
    shop = Shop.create(folder, 5);
    shop.execute("CREATE TABLE forgotten (email TEXT PRIMARY KEY)");
    shop.execute(
        "CREATE TABLE boards (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, layout TEXT)");
    shop.execute(
        "INSERT INTO boards VALUES (1, 3, '{\"user\": 3002, \"members\": [3001, 3002], \"n\": 3001}')");
    configure(RULES);
  }

  private void configure(String rules) throws IOException {
    Files.writeString(
        shop.config(),
        Shop.yaml()
            .replace("shared: [", "shared: [forgotten, ")
            .replace("store: {", rules.indent(0) + "store: {"));
  }

  @Test
  void hold_for_every_restore_and_are_told() throws IOException {
    String label = shop.backup(3);
    shop.execute("INSERT INTO forgotten VALUES ('u4@t3.example')");

    Cli preview = shop.cli("tenant", "preview", "--tenant", "3", "--label", label, "--json");
    Cli restore = shop.cli("tenant", "restore", "--tenant", "3", "--label", label);

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(preview.out()).contains("stay erased, as table forgotten says");
    assertThat(restore.out())
        .contains("note: 4 rows of table attachments are not brought back")
        .contains("note: 1 rows of table users stay erased, as table forgotten says")
        .contains("rows of table customers have their name reset");
    assertThat(shop.count("SELECT count(*) FROM attachments WHERE tenant_id = 3")).isZero();
    assertThat(shop.count("SELECT count(*) FROM attachments")).isEqualTo(16);
    assertThat(shop.count("SELECT count(*) FROM users WHERE tenant_id = 3")).isEqualTo(3);
    assertThat(shop.count("SELECT count(*) FROM customers WHERE name = 'anonymous'")).isEqualTo(4);
    assertThat(shop.count("SELECT count(*) FROM \"2024\" WHERE total IS NULL")).isEqualTo(4);
    assertThat(shop.count("SELECT count(*) FROM pragma_foreign_key_check")).isZero();
  }

  @Test
  void say_what_becomes_of_unique_values_and_of_ids_in_json() throws IOException {
    String label = shop.backup(3);

    Cli restore =
        shop.cli("tenant", "restore", "--tenant", "3", "--label", label, "--into-tenant", "5");

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(restore.out()).contains("u1@t3.example -> u1+copy@t3.example");
    assertThat(
            shop.count(
                "SELECT count(*) FROM users WHERE tenant_id = 5 AND email LIKE '%+copy@t3.example'"))
        .isEqualTo(4);
    assertThat(
            shop.count(
                "SELECT count(*) FROM boards b WHERE tenant_id = 5 AND layout = (SELECT"
                    + " '{\"user\": ' || max(id) || ', \"members\": [' || min(id) || ', ' || max(id)"
                    + " || '], \"n\": 3001}' FROM users WHERE email IN ('u1+copy@t3.example',"
                    + " 'u2+copy@t3.example'))"))
        .isEqualTo(1);
    assertThat(shop.count("SELECT count(*) FROM pragma_foreign_key_check")).isZero();
  }

  @Test
  void new_ids_are_given_on_request_alone() throws IOException {
    configure(
        RULES.substring(0, RULES.indexOf("    emptied"))
            + RULES.substring(RULES.indexOf("    taken")));
    String label = shop.backup(3);
    shop.execute("DELETE FROM notes WHERE author_id = 3004");
    shop.execute("DELETE FROM taggings WHERE taggable_id = 3004");
    shop.execute("DELETE FROM users WHERE id = 3004");
    shop.execute("INSERT INTO users VALUES (3004, 2, 'U4@t3.example', 'DK', NULL)");
    Map<String, List<String>> before = shop.dump();

    String[] arguments = {"--tenant", "3", "--label", label};
    Cli preview = shop.cli("tenant", "preview", arguments);
    Cli refused = shop.cli("tenant", "restore", arguments);

    assertThat(preview.code()).isEqualTo(3);
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("1 ids of table users").contains("new ids");
    assertThat(shop.dump()).isEqualTo(before);

    Cli restored = shop.cli("tenant", "restore", "--tenant", "3", "--label", label, "--new-ids");

    assertThat(restored.code()).as("%s", restored).isZero();
    assertThat(shop.count("SELECT count(*) FROM users WHERE tenant_id = 3")).isEqualTo(4);
    assertThat(shop.count("SELECT tenant_id FROM users WHERE id = 3004")).isEqualTo(2);
    assertThat(shop.count("SELECT count(*) FROM pragma_foreign_key_check")).isZero();
    assertThat(shop.cli("tenant", "undo", "--tenant", "3", "--new-ids").code()).isZero();
    assertThat(shop.dump()).isEqualTo(before);
  }

  @Test
  void a_taken_value_without_a_rule_names_the_key_that_is_missing() throws IOException {
    configure("");
    String label = shop.backup(3);
    shop.execute("UPDATE users SET email = 'gone@t3.example' WHERE id = 3001");
    shop.execute("UPDATE users SET email = 'u1@t3.example' WHERE id = 2001");

    String[] arguments = {"--tenant", "3", "--label", label};
    Cli refused = shop.cli("tenant", "restore", arguments);
    Cli preview = shop.cli("tenant", "preview", arguments);
    Cli json = shop.cli("tenant", "preview", "--tenant", "3", "--label", label, "--json");

    for (Cli cli : List.of(refused, preview, json)) {
      assertThat(cli.code()).as("%s", cli).isEqualTo(3);
      assertThat(cli.out() + cli.err())
          .contains("tenants.restore.taken")
          .contains("--new-ids")
          .doesNotContain("replaceTaken");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tag: copy                       | tag: 'a b'                  | tag is wrong: The tag "a b"
          tag: copy                       | becomes: x                  | becomes is "x", which only one row
          tag: copy                       | tag: copy, suffix: -x       | says suffix and tag of a taken
          ', tag: copy'                   | ''                          | says nothing of a taken value
          column: users.email, tag        | column: users.mail, tag     | Table users has no column mail
          to: anonymous                   | to: true                    | to is true
          to: anonymous                   | to: [a]                     | to is a list
          ledger: forgotten.email         | ledger: users.email         | declared a ledger of erasures
          '{user: users, members: users}' | '{}'                        | keys is empty
          emptied: [attachments]          | emptied: [countries]        | is not owned by tenants
          """)
  void that_are_wrong_end_with_2(String from, String to, String expected) throws IOException {
    assertThat(RULES).contains(from);
    configure(RULES.replace(from, to));

    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.code()).as("%s", backup).isEqualTo(2);
    assertThat(backup.firstError()).contains(expected);
  }
}
