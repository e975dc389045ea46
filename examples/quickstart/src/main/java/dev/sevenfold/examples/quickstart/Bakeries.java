package dev.sevenfold.examples.quickstart;

import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The application of the story: a database that three bakeries share, with their photos as files.
 * Nothing in here knows of backups.
 */
final class Bakeries {

  private static final List<String> NAMES = List.of("Tulip", "Rose", "Lily");

  /** A bakery's rows, table by table, for the fingerprint. */
  private static final List<String> ROWS =
      List.of(
          "SELECT * FROM bakeries WHERE id = ?",
          "SELECT * FROM customers WHERE bakery_id = ? ORDER BY id",
          "SELECT o.* FROM orders o JOIN customers c ON c.id = o.customer_id"
              + " WHERE c.bakery_id = ? ORDER BY o.id",
          "SELECT l.* FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN customers c"
              + " ON c.id = o.customer_id WHERE c.bakery_id = ? ORDER BY l.order_id, l.position",
          "SELECT n.* FROM notes n JOIN customers c ON c.id = n.about_id"
              + " WHERE n.about_type = 'Customer' AND c.bakery_id = ? ORDER BY n.id",
          "SELECT * FROM photos WHERE bakery_id = ? ORDER BY id");

  private final Path folder;

  private Bakeries(Path folder) {
    this.folder = folder;
  }

  static Bakeries create(Path folder) {
    Bakeries bakeries = new Bakeries(folder);
    try (Connection connection = bakeries.connect();
        InputStream script =
            Objects.requireNonNull(Bakeries.class.getResourceAsStream("bakery.sql"))) {
      execute(connection, "PRAGMA journal_mode = WAL");
      connection.setAutoCommit(false);
      for (String sql : new String(script.readAllBytes(), StandardCharsets.UTF_8).split(";\n", 0)) {
        execute(connection, sql);
      }
      for (int bakery = 1; bakery <= NAMES.size(); bakery++) {
        bakeries.open(connection, bakery);
      }
      connection.commit();
      return bakeries;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void open(Connection connection, int bakery) throws SQLException, IOException {
    execute(
        connection,
        "INSERT INTO bakeries VALUES (?, ?)",
        bakery,
        NAMES.get(bakery - 1) + " Bakery");
    for (int i = 1; i <= 5; i++) {
      int id = 100 * bakery + i;
      execute(
          connection, "INSERT INTO customers VALUES (?, ?, ?, 'DK')", id, bakery, "Customer " + id);
      execute(connection, "INSERT INTO notes VALUES (?, 'Customer', ?, 'likes rye')", id, id);
      for (int order = 10 * id; order < 10 * id + 3; order++) {
        execute(connection, "INSERT INTO orders VALUES (?, ?, ?)", order, id, i * 7.5);
        execute(connection, "INSERT INTO order_lines VALUES (?, 1, 'bread')", order);
        execute(connection, "INSERT INTO order_lines VALUES (?, 2, 'cake')", order);
      }
      String key = String.format(Locale.ROOT, "%02dphoto%d", bakery, id);
      execute(connection, "INSERT INTO photos VALUES (?, ?, ?)", id, bakery, key);
      Files.createDirectories(photo(key).getParent());
      Files.writeString(photo(key), "a picture of the cake for customer " + id);
    }
  }

  Path database() {
    return folder.resolve("bakeries.sqlite3");
  }

  Path photos() {
    return folder.resolve("photos");
  }

  Path archives() {
    return folder.resolve("backups");
  }

  private Path photo(String key) {
    return photos().resolve(key.substring(0, 2)).resolve(key);
  }

  Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
    execute(connection, "PRAGMA foreign_keys = ON");
    execute(connection, "PRAGMA busy_timeout = 10000");
    return connection;
  }

  static void execute(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    }
  }

  /** What people do to their data, and one photo that goes with it. */
  void disaster(TenantId bakery) throws SQLException, IOException {
    int id = Integer.parseInt(bakery.value());
    try (Connection connection = connect()) {
      execute(connection, "UPDATE customers SET name = 'Smith' WHERE bakery_id = ?", id);
      execute(connection, "DELETE FROM customers WHERE bakery_id = ? AND id % 2 = 0", id);
      execute(connection, "UPDATE notes SET text = '' WHERE about_id / 100 = ?", id);
      execute(connection, "DELETE FROM photos WHERE bakery_id = ? AND id % 100 > 3", id);
    }
    Files.writeString(photo("02photo201"), "a picture of a cat");
  }

  /** A line for each bakery. */
  String describe() {
    String sql =
        """
        SELECT b.name,
          (SELECT count(*) FROM customers c WHERE c.bakery_id = b.id),
          (SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id
            WHERE c.bakery_id = b.id),
          (SELECT count(*) FROM photos p WHERE p.bakery_id = b.id),
          (SELECT min(name) FROM customers c WHERE c.bakery_id = b.id)
        FROM bakeries b ORDER BY b.id
        """;
    StringBuilder text = new StringBuilder();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        text.append(
            "%-13s %d customers (%s, ...), %d orders, %d photos%n"
                .formatted(
                    row.getString(1),
                    row.getInt(2),
                    row.getString(5),
                    row.getInt(3),
                    row.getInt(4)));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  /** A digest of every row and every photo of a bakery. */
  String fingerprint(TenantId bakery) {
    try (Connection connection = connect()) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String sql : ROWS) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
          statement.setInt(1, Integer.parseInt(bakery.value()));
          add(digest, statement.executeQuery());
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (SQLException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(MessageDigest digest, ResultSet row) throws SQLException, IOException {
    int columns = row.getMetaData().getColumnCount();
    while (row.next()) {
      for (int i = 1; i <= columns; i++) {
        digest.update((row.getString(i) + '\0').getBytes(StandardCharsets.UTF_8));
        if (row.getMetaData().getColumnName(i).equals("key")) {
          digest.update(Files.readAllBytes(photo(row.getString(i))));
        }
      }
    }
  }
}
