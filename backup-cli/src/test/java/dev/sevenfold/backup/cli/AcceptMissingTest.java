package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees who backs up while a disk is not mounted, or with a damaged index. */
class AcceptMissingTest {

  @TempDir Path folder;
  private Shop shop;

  @BeforeEach
  void create() throws IOException {
    shop = Shop.create(folder, 2);
    Files.writeString(
        shop.config(),
        Shop.yaml()
            + """
            system:
              databases: {primary: production.sqlite3}
              files: {uploads: storage}
            """);
  }

  private void unmount() throws IOException {
    Files.move(shop.storage(), folder.resolve("taken"));
  }

  @Test
  void a_tenant_whose_files_are_not_mounted_is_refused_by_a_message_that_names_the_flag()
      throws IOException {
    unmount();

    Cli refused = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.firstError()).contains("disk was not mounted");
    assertThat(refused.err())
        .contains(shop.storage() + " is not there", "--accept-missing")
        .doesNotContain("BackupOptions");
  }

  @Test
  void the_flag_is_for_one_run_of_one_tenant_or_of_all() throws IOException {
    unmount();

    assertThat(shop.cli("tenant", "backup", "--tenant", "1", "--accept-missing").code()).isZero();
    assertThat(shop.cli("tenant", "backup", "--all").lastLine()).isEqualTo("0 completed, 2 failed");
    assertThat(shop.cli("tenant", "backup", "--all", "--accept-missing").lastLine())
        .isEqualTo("2 completed, 0 failed");
  }

  @Test
  void the_system_is_refused_and_accepted_in_the_same_way() throws IOException {
    unmount();

    Cli refused = shop.cli("system", "backup");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("tree uploads", "is not there", "--accept-missing");

    Cli accepted = shop.cli("system", "backup", "--accept-missing");
    assertThat(accepted.code()).isZero();
    assertThat(accepted.lastLine()).startsWith("system_");
    assertThat(accepted.err()).contains("warning", "is not there");
  }

  @Test
  void says_when_the_indexes_were_compared_with_their_tables() {
    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.lines())
        .anyMatch(line -> line.startsWith("indexes compared with their tables at 20"));
    assertThat(backup.lastLine()).startsWith("tenant_1_");
    assertThat(JsonText.object(shop.cli("tenant", "backup", "--tenant", "1", "--json").out()))
        .containsKey("indexesCheckedAt");
  }

  @Test
  void a_damaged_index_refuses_the_tenant_whose_rows_it_misses() throws SQLException {
    shop.execute("CREATE INDEX ix ON customers (tenant_id) WHERE id <> 1001");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + shop.database());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA writable_schema = ON");
      statement.execute(
          "UPDATE sqlite_schema SET sql = 'CREATE INDEX ix ON customers (tenant_id)'"
              + " WHERE name = 'ix'");
    }

    Cli refused = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("Index ix of table customers", "REINDEX");
    assertThat(shop.cli("tenant", "backup", "--tenant", "2").code()).isZero();
  }
}
