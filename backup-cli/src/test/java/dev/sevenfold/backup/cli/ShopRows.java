package dev.sevenfold.backup.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tables of a shop, and fills them in.
 *
 * @param connection to its database
 * @param shop where its files are
 */
record ShopRows(Connection connection, Shop shop) {

  void create(int tenants) throws SQLException, IOException {
    connection.setAutoCommit(false);
    for (String statement : script().strip().split(";;\n?", -1)) {
      if (!statement.isEmpty()) {
        execute(statement);
      }
    }
    for (int tenant = 1; tenant <= tenants; tenant++) {
      fill(tenant);
    }
    connection.commit();
  }

  private static String script() throws IOException {
    try (InputStream in = Objects.requireNonNull(Shop.class.getResourceAsStream("shop.sql"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void fill(int tenant) throws SQLException, IOException {
    int id = tenant * 1000;
    execute("INSERT INTO tenants VALUES (?, ?, x'00ff')", tenant, "Tenant " + tenant);
    for (int i = 1; i <= 4; i++) {
      execute(
          "INSERT INTO users VALUES (?, ?, ?, 'DK', ?)",
          id + i,
          tenant,
          "u%d@t%d.example".formatted(i, tenant),
          i == 1 ? null : id + 1);
      execute("INSERT INTO sessions (user_id, token) VALUES (?, 'secret')", id + i);
      execute("INSERT INTO notes VALUES (?, ?, ?)", id + i, id + i, "a\0b " + i);
      execute("INSERT INTO customers VALUES (?, ?, ?, 0)", id + i, tenant, "Grüße & Co " + i);
      for (int number = 1; number <= 3; number++) {
        int order = id + 10 * i + number;
        execute("INSERT INTO orders VALUES (?, ?, ?, '2026-11-22')", order, id + i, number);
        execute("INSERT INTO order_lines VALUES (?, 1, 9.5), (?, 2, '12,-')", order, order);
      }
      execute(
          "INSERT INTO tasks VALUES (?, ?, 'call back')", new UUID(tenant, i).toString(), tenant);
      execute("INSERT INTO taggings VALUES ('Customer', ?, 'vip', ?)", id + i, id + i);
      execute("INSERT INTO taggings VALUES ('User', ?, 'boss', ?)", id + i, id + 100 + i);
      execute("INSERT INTO \"2024\" VALUES (?, ?, 12.5)", id + i, tenant);
      fillFile(tenant, id + i);
    }
    execute("INSERT INTO referrals VALUES (?, ?, ?)", id, id + 1, tenant == 1 ? null : 1001);
    Object[] odd = {Long.MAX_VALUE, -0.0, Double.POSITIVE_INFINITY, new byte[0], "1", 1, 1.0, null};
    for (int i = 0; i < odd.length; i++) {
      execute("INSERT INTO measurements VALUES (?, ?, ?)", id + i, tenant, odd[i]);
    }
  }

  private void fillFile(int tenant, int blob) throws SQLException, IOException {
    String key = "k%03dfile%d".formatted(tenant, blob);
    execute("INSERT INTO blobs VALUES (?, ?, 9)", blob, key);
    execute("INSERT INTO attachments VALUES (?, ?, ?)", blob, tenant, blob);
    Path file = shop.file(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "content " + key);
  }

  private void execute(String sql, @Nullable Object... values) throws SQLException {
    execute(connection, sql, values);
  }

  static void execute(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    }
  }
}
