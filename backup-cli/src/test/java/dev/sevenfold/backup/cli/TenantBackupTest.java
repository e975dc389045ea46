package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantBackupTest {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 4);
  }

  @Test
  void prints_the_label_in_its_last_line() throws IOException {
    var before = shop.dump();

    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.code()).isZero();
    assertThat(backup.lastLine()).matches("tenant_1_\\d{14}");
    assertThat(backup.err()).isEmpty();
    assertThat(shop.archive(backup.lastLine())).isRegularFile();
    assertThat(shop.dump()).isEqualTo(before);
    assertThat(shop.scratch()).isEmptyDirectory();
  }

  @Test
  void prints_one_json_value_and_nothing_else() {
    Cli backup = shop.cli("tenant", "backup", "--tenant", "3", "--json");

    Map<String, Object> value = JsonText.object(backup.out());
    assertThat(value)
        .containsEntry("tenant", "3")
        .containsEntry("proven", true)
        .containsEntry("files", 4);
    assertThat(JsonText.text(value, "label")).startsWith("tenant_3_");
  }

  @Test
  void warns_of_missing_files_and_of_references_to_other_tenants() throws IOException {
    Files.delete(shop.file("k003file3001"));

    Cli backup = shop.cli("tenant", "backup", "--tenant", "3");

    assertThat(backup.code()).isZero();
    assertThat(backup.err().lines().toList())
        .allMatch(line -> line.startsWith("sevenfold: warning: "))
        .anyMatch(line -> line.contains("k003file3001"))
        .anyMatch(line -> line.contains("referrals.referred_by -> users"));
  }

  @Test
  void backs_up_all_tenants_with_a_line_for_each() {
    Cli backup = shop.cli("tenant", "backup", "--all");

    assertThat(backup.code()).isZero();
    assertThat(backup.lines()).hasSize(5);
    assertThat(backup.lines().get(0)).startsWith("1  tenant_1_");
    assertThat(backup.lastLine()).isEqualTo("4 completed, 0 failed");
    assertThat(shop.cli("tenant", "backup", "--all", "--json").out())
        .satisfies(text -> assertThat(JsonText.list(text)).hasSize(4));
  }

  @Test
  void names_tenants_that_no_id_names() throws Exception {
    Path config = folder.resolve("texts.yml");
    Files.writeString(
        config,
        """
        database: texts.sqlite3
        tenants: {table: tenants, column: tenant_id}
        store: {directory: texts}
        """);
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("texts.sqlite3"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tenants (id TEXT PRIMARY KEY)");
      statement.execute("INSERT INTO tenants VALUES ('a'), (''), (NULL)");
    }

    Cli backup = Cli.run("tenant", "backup", "--config", config.toString(), "--all");

    assertThat(backup.code()).isEqualTo(3);
    assertThat(backup.lastLine()).isEqualTo("1 completed, 2 failed");
    assertThat(backup.firstError()).contains("2 tenants have no key or an empty one");
  }

  @Test
  void keeps_the_last_seven() {
    for (int i = 0; i < 9; i++) {
      shop.backup(1);
    }
    shop.backup(2);

    assertThat(JsonText.list(shop.cli("tenant", "list", "--tenant", "1", "--json").out()))
        .hasSize(7);
    assertThat(JsonText.list(shop.cli("tenant", "list", "--tenant", "2", "--json").out()))
        .hasSize(1);
  }

  @Test
  void names_a_table_that_nobody_claims() {
    shop.execute("CREATE TABLE invoices (id INTEGER PRIMARY KEY, user_id INTEGER)");

    Cli one = shop.cli("tenant", "backup", "--tenant", "1");
    Cli all = shop.cli("tenant", "backup", "--all");

    assertThat(one.code()).isEqualTo(3);
    assertThat(one.out()).isEmpty();
    assertThat(one.err().lines().toList())
        .startsWith(
            "sevenfold: The tenant model does not cover the schema: "
                + "table invoices is claimed by nobody; likely owned, through the undeclared"
                + " reference user_id -> users");
    assertThat(all.code()).isEqualTo(3);
    assertThat(all.err()).containsOnlyOnce("invoices");
    assertThat(all.out()).isEqualTo("0 completed, 1 failed\n");
    Cli json = shop.cli("tenant", "backup", "--all", "--json");
    assertThat(json.code()).isEqualTo(3);
    assertThat(json.out()).contains("\"tenant\":null");
    assertThat(JsonText.list(json.out()))
        .singleElement()
        .satisfies(run -> assertThat(run).containsEntry("refused", true));
    assertThat(shop.cli("tenant", "explain").code()).isEqualTo(3);
    assertThat(shop.store()).doesNotExist();
  }

  @Test
  void refuses_an_unknown_tenant() {
    Cli backup = shop.cli("tenant", "backup", "--tenant", "99");

    assertThat(backup.code()).isEqualTo(3);
    assertThat(backup.out()).isEmpty();
    assertThat(backup.firstError()).isEqualTo("sevenfold: There is no tenant 99 in table tenants");
  }

  @Test
  void goes_on_with_the_others_when_two_tenants_are_refused() {
    messageBetween(2, 3);

    Cli backup = shop.cli("tenant", "backup", "--all");

    assertThat(backup.code()).isEqualTo(3);
    assertThat(backup.lines()).hasSize(5);
    assertThat(backup.lines().get(1)).startsWith("2  failed  ");
    assertThat(backup.lastLine()).isEqualTo("2 completed, 2 failed");
    assertThat(backup.err()).contains("sevenfold: Rows of tenant 2 also lead to another tenant");
  }

  /** A row of which nobody can say whose it is. */
  private void messageBetween(int tenant, int other) {
    shop.execute(
        "CREATE TABLE messages (id INTEGER PRIMARY KEY, sender INTEGER REFERENCES users (id),"
            + " recipient INTEGER REFERENCES users (id))");
    shop.execute("INSERT INTO messages VALUES (1, ?, ?)", 1000 * tenant + 1, 1000 * other + 1);
  }

  @Test
  void fails_when_the_store_cannot_be_written() throws IOException {
    Files.writeString(shop.store(), "a file in the place of the folder");

    Cli backup = shop.cli("tenant", "backup", "--all");

    assertThat(backup.code()).isEqualTo(1);
    assertThat(backup.lastLine()).isEqualTo("0 completed, 4 failed");
  }

  @Test
  void fails_when_the_database_is_none() throws IOException {
    Files.deleteIfExists(shop.database().resolveSibling("production.sqlite3-wal"));
    Files.writeString(shop.database(), "not a database, just text that is long enough to be read");

    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.code()).isEqualTo(1);
    assertThat(backup.firstError()).startsWith("sevenfold: ");
    assertThat(backup.err()).doesNotContain("at dev.sevenfold");
    assertThat(shop.cli("tenant", "backup", "--tenant", "1", "--debug").err())
        .contains("at dev.sevenfold");
  }
}
