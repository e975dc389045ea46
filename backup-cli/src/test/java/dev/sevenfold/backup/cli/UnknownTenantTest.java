package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator writes as a tenant: the forms of an id, and ids that nobody has. */
class UnknownTenantTest {

  @TempDir Path folder;
  private Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 3);
  }

  private String[] command(String line, String label) {
    List<String> words = new ArrayList<>(List.of(line.replace("LABEL", label).split(" ")));
    return shop.withConfig(
        words.get(0), words.get(1), words.subList(2, words.size()).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenant list --tenant 12",
        "tenant list --tenant 12 --safety",
        "tenant list --tenant 12 --json",
        "tenant preview --tenant 12 --label LABEL",
        "tenant preview --tenant 12 --label LABEL --into-tenant 2",
        "tenant restore --tenant 12 --label LABEL",
        "tenant restore --tenant 12 --label LABEL --into-tenant 2",
        "tenant restore --tenant 12 --label LABEL --new-ids",
        "tenant restore --tenant 12 --label tenant_12_20260101000000",
        "tenant undo --tenant 12",
        "tenant relabel --tenant 12 --from FILE",
        "archive prune --tenant 12",
        "archive prune --tenant 12 --dry-run",
        "archive drill --tenant 12",
        "schedule show --tenant 12",
        "schedule remove --tenant 12",
      })
  void every_command_says_that_a_tenant_is_not_there_and_which_are_near(String line) {
    String label = shop.backup(1);

    Cli done = Cli.run(command(line.replace("FILE", shop.archive(label).toString()), label));

    assertThat(done.code()).isEqualTo(3);
    assertThat(done.out()).isEmpty();
    assertThat(done.firstError())
        .isEqualTo(
            "sevenfold: There is no tenant 12 in table tenants, and the store has no archive of it");
    assertThat(done.err())
        .contains("Check the id; the key column is id, and nearest to this id are 1, 2");
  }

  @Test
  void what_needs_the_tenants_rows_says_it_of_one_with_archives_too() throws SQLException {
    shop.backup(3);
    execute(shop.database(), "DELETE FROM tenants WHERE id = 3");

    Cli backup = shop.cli("tenant", "backup", "--tenant", "3");
    Cli schedule = shop.cli("schedule", "set", "--tenant", "12", "--cron", "1 1 * * *");

    assertThat(backup.code()).isEqualTo(3);
    assertThat(backup.firstError()).isEqualTo("sevenfold: There is no tenant 3 in table tenants");
    assertThat(schedule.firstError()).isEqualTo("sevenfold: There is no tenant 12");
    assertThat(schedule.err()).contains("Nothing was set.", "nearest to this id are 1, 2");
  }

  @Test
  void a_list_goes_by_the_store_where_the_database_cannot_say() {
    shop.execute("CREATE TABLE invoices (id INTEGER PRIMARY KEY)");

    Cli list = shop.cli("tenant", "list", "--tenant", "12");

    assertThat(list.code()).isZero();
    assertThat(list.err())
        .contains(
            "invoices", "so it is not known whether there is a tenant 12", "no restore points");
  }

  @Test
  void upper_case_hexadecimal_of_a_blob_key_is_accepted_by_every_command()
      throws IOException, SQLException {
    Path file = folder.resolve("blobs.sqlite3");
    Path config = folder.resolve("blobs.yml");
    Files.writeString(
        config,
        """
        database: %s
        tenants: {table: tenants, column: tenant_id}
        store: {directory: %s}
        """
            .formatted(file, folder.resolve("store")));
    execute(
        file,
        "CREATE TABLE tenants (id BLOB PRIMARY KEY)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id BLOB, body TEXT)",
        "INSERT INTO tenants VALUES (x'00aabbcc'), (x'ff')",
        "INSERT INTO notes (tenant_id, body) SELECT id, 'first' FROM tenants");
    List<String> upper = List.of("--config", config.toString(), "--tenant", "00AABBCC");

    String label = run(upper, "tenant", "backup").lastLine();

    assertThat(label).startsWith("tenant_00aabbcc_");
    assertThat(run(upper, "tenant", "list").out()).contains(label);
    assertThat(run(upper, "tenant", "preview", "--label", label).code()).isZero();
    execute(file, "UPDATE notes SET body = 'second'");
    assertThat(run(upper, "tenant", "restore", "--label", label).code()).isZero();
    assertThat(run(upper, "tenant", "list", "--safety").out()).contains("safety_00aabbcc_");
    assertThat(run(upper, "tenant", "undo").code()).isZero();
    assertThat(run(upper, "archive", "drill").out()).contains(label);
    assertThat(run(upper, "archive", "prune", "--dry-run").out()).contains(label);
    assertThat(run(upper, "tenant", "restore", "--label", label, "--into-tenant", "ABCD").code())
        .isZero();
    assertThat(run(upper, "schedule", "set", "--cron", "1 1 * * *").code()).isZero();
    assertThat(run(upper, "schedule", "show").out()).contains("00aabbcc");
    assertThat(run(upper, "schedule", "remove").out()).contains("removed");
  }

  private static void execute(Path file, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static Cli run(List<String> upper, String group, String command, String... more) {
    List<String> all = new ArrayList<>(List.of(group, command));
    all.addAll(upper);
    all.addAll(List.of(more));
    Cli done = Cli.run(all.toArray(String[]::new));
    assertThat(done.code()).as(all + done.err()).isZero();
    return done;
  }
}
