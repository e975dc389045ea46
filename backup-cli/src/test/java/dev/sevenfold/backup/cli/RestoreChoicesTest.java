package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What stands in a restore's way on common days is settled by a rule of the config or an option.
 */
class RestoreChoicesTest {

  private static final String RULES =
      """
        restore:
          ignored: {sess_keys: delete}
          rebuild: {search of customers: [customers]}
          ids_in_text:
            - {column: pages.ancestry, separated_by: /, table: pages}
            - {column: pages.about, patterns: {"gid://shop/User/{id}": users}}
      """;

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() throws IOException {
    shop = Shop.create(folder, 5);
    shop.execute("CREATE TABLE sess_keys (id INTEGER PRIMARY KEY, user_id REFERENCES users)");
    shop.execute(
        "CREATE TABLE pages (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, ancestry TEXT,"
            + " about TEXT)");
    shop.execute(
        "INSERT INTO pages VALUES (1, 3, NULL, NULL), (2, 3, '1', 'gid://shop/User/3002')");
    configure("");
  }

  private void configure(String rules) throws IOException {
    Files.writeString(shop.config(), Shop.yaml().replace("store: {", rules.indent(0) + "store: {"));
  }

  @Test
  void a_session_of_a_user_who_came_later_is_in_the_way_until_a_rule_deletes_it()
      throws IOException {
    String label = shop.backup(3);
    shop.execute("INSERT INTO users VALUES (3900, 3, 'new@t3.example', 'DK', NULL)");
    shop.execute("INSERT INTO sess_keys VALUES (77, 3900)");

    Cli refused = shop.cli("tenant", "preview", "--tenant", "3", "--label", label);

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .contains("[id] = [[77]]")
        .contains("tenants.restore.ignored: {sess_keys: delete} in the config")
        .doesNotContain("deleteIgnored", "new-ids", "new ids");

    configure(RULES);
    Cli preview = shop.cli("tenant", "preview", "--tenant", "3", "--label", label, "--json");
    Cli restore = shop.cli("tenant", "restore", "--tenant", "3", "--label", label);

    assertThat(preview.code()).as("%s", preview).isZero();
    assertThat(preview.out())
        .contains("{\"table\":\"sess_keys\",\"action\":\"DELETE\",\"rows\":1}")
        .contains("no undo brings them back: [id] = [[77]]");
    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(shop.count("SELECT count(*) FROM sess_keys")).isZero();
  }

  @Test
  void what_was_dropped_since_is_left_out_with_consent_by_an_option() {
    String label = shop.backup(3);
    shop.execute("ALTER TABLE pages DROP COLUMN about");
    shop.execute("DELETE FROM pages WHERE id = 2");
    String[] arguments = {"--tenant", "3", "--label", label};

    Cli refused = shop.cli("tenant", "restore", arguments);

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .contains("column pages.about was dropped or renamed; 1 archived values would be lost")
        .contains("--without-dropped")
        .doesNotContain("leavingOutDropped");

    String[] consenting = {"--tenant", "3", "--label", label, "--without-dropped"};
    Cli preview = shop.cli("tenant", "preview", consenting);
    Cli restored = shop.cli("tenant", "restore", consenting);

    for (Cli cli : List.of(preview, restored)) {
      assertThat(cli.code()).as("%s", cli).isZero();
      assertThat(cli.out())
          .contains(
              "note: Column pages.about was dropped or renamed; 1 archived values are left out");
    }
    assertThat(shop.count("SELECT count(*) FROM pages WHERE tenant_id = 3")).isEqualTo(2);
    assertThat(shop.cli("tenant", "undo", "--tenant", "3", "--without-dropped").code()).isZero();
  }

  @Test
  void references_to_others_of_an_archive_from_outside_take_consent_by_an_option()
      throws IOException {
    String made = shop.backup(3);
    String label = "tenant_3_2026-12-01";
    shop.execute("DELETE FROM referrals WHERE id = 3000");
    try (ArchiveStore store = DirectoryArchiveStore.at(shop.store())) {
      Label of = Label.parse(made);
      try (InputStream in = store.open(of)) {
        store.publish(Label.parse(label), store.stat(of).record(), in::transferTo);
      }
      store.delete(of);
    }

    Cli refused = shop.cli("tenant", "restore", "--tenant", "3", "--label", label);

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .contains("table referrals", "[[1001]]", "restore with --accept-references")
        .doesNotContain("acceptingReferencesToOthers");

    String[] consenting = {"--tenant", "3", "--label", label, "--accept-references"};
    Cli preview = shop.cli("tenant", "preview", consenting);
    Cli restored = shop.cli("tenant", "restore", consenting);

    for (Cli cli : List.of(preview, restored)) {
      assertThat(cli.code()).as("%s", cli).isZero();
      assertThat(cli.out()).contains("[[1001]], as was consented to");
    }
    assertThat(shop.count("SELECT count(*) FROM referrals WHERE id = 3000")).isEqualTo(1);
  }

  @Test
  void ids_in_texts_follow_new_ids() throws IOException {
    shop.execute("UPDATE users SET email = email || '.archived' WHERE tenant_id = 3");
    configure(
        RULES.replace("    ignored", "    taken: [{column: users.email, tag: copy}]\n    ignored"));
    String label = shop.backup(3);

    Cli restore =
        shop.cli("tenant", "restore", "--tenant", "3", "--label", label, "--into-tenant", "5");

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(
            shop.count(
                "SELECT count(*) FROM pages p JOIN pages up ON p.ancestry = CAST(up.id AS TEXT)"
                    + " JOIN users u ON p.about = 'gid://shop/User/' || u.id"
                    + " WHERE p.tenant_id = 5 AND up.tenant_id = 5 AND u.tenant_id = 5"))
        .isEqualTo(1);
  }

  @Test
  void what_is_to_be_made_anew_is_named() throws IOException {
    configure(RULES);
    String label = shop.backup(3);
    shop.execute("UPDATE customers SET name = 'oops' WHERE tenant_id = 3");

    Cli json = shop.cli("tenant", "preview", "--tenant", "3", "--label", label, "--json");
    Cli restore = shop.cli("tenant", "restore", "--tenant", "3", "--label", label);

    assertThat(json.out()).contains("\"rebuild\":[\"search of customers\"");
    assertThat(restore.out()).contains("rebuild afterwards: search of customers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '{sess_keys: delete}'                       | '{sess_keys: keep}'          | Write delete
          '{sess_keys: delete}'                       | '{users: delete}'            | There is no ignored table users
          'separated_by: /, table: pages'             | 'table: pages'               | does not say where ids are
          'separated_by: /, table: pages'             | 'separated_by: /'            | has no key table
          'gid://shop/User/{id}'                      | 'gid://shop/User'            | has not one {id}
          'search of customers: [customers]'          | 'search: [countries]'        | is not owned by tenants
          """)
  void that_are_wrong_end_with_2(String from, String to, String expected) throws IOException {
    assertThat(RULES).contains(from);
    configure(RULES.replace(from, to));

    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.code()).as("%s", backup).isEqualTo(2);
    assertThat(backup.err()).contains(expected);
  }
}
