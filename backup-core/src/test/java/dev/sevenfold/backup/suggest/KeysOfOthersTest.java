package dev.sevenfold.backup.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose key is that of another one: {@code profiles(user_id)}. */
class KeysOfOthersTest {

  @TempDir Path folder;

  private static final String NUMBERS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)";

  private Path database(String type, String... more) throws SQLException {
    Path file = folder.resolve("app.sqlite3");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT)");
      statement.execute(
          "CREATE TABLE users (id " + type + " PRIMARY KEY, account_id INTEGER NOT NULL)");
      statement.execute("INSERT INTO accounts VALUES (1, 'a'), (2, 'b'), (3, 'c')");
      statement.execute(
          NUMBERS
              + " INSERT INTO users SELECT CASE '%s' WHEN 'TEXT' THEN hex(randomblob(16)) ELSE i END, 1 + i %% 3 FROM n"
                  .formatted(type));
      for (String each : more) {
        statement.execute(each);
      }
    }
    return file;
  }

  private static SuggestedModel suggest(Path database) {
    try (SqliteTenantSource source =
        SqliteTenantSource.builder(database, TenantModel.rootedAt("accounts").build()).build()) {
      return source.suggest(List.of(), Progress.none());
    }
  }

  private static OwnershipCheck check(Path database, TenantModel model) {
    try (SqliteTenantSource source = SqliteTenantSource.builder(database, model).build()) {
      return source.check(Progress.none());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INTEGER", "TEXT"})
  void what_has_the_key_of_a_user_is_the_users_tenants(String type) throws SQLException {
    Path database =
        database(
            type,
            "CREATE TABLE user_settings (user_id " + type + " PRIMARY KEY, color TEXT)",
            "INSERT INTO user_settings SELECT id, 'red' FROM users");

    SuggestedModel suggested = suggest(database);

    assertThat(suggested.yaml())
        .contains("{table: user_settings, references: {user_id: users.id}}");
    assertThat(suggested.questions()).isEmpty();
    OwnershipCheck check = check(database, suggested.model());
    assertThat(check.isComplete()).isTrue();
    assertThat(check.unmodelled()).as("nor the other way round").isEmpty();
  }

  @Test
  void a_key_with_the_name_of_its_own_table_is_no_reference() throws SQLException {
    Path database =
        database(
            "INTEGER",
            "CREATE TABLE orders (order_id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL)",
            "CREATE TABLE custom_orders (custom_order_id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL)",
            "INSERT INTO orders SELECT id, account_id FROM users",
            "INSERT INTO custom_orders SELECT id, account_id FROM users");

    SuggestedModel suggested = suggest(database);

    assertThat(suggested.yaml()).doesNotContain("custom_order_id: orders");
    assertThat(check(database, suggested.model()).unmodelled()).isEmpty();
  }
}
