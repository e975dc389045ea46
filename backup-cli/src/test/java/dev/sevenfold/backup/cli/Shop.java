package dev.sevenfold.backup.cli;

import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A shared database as a shop application would have it: every way of owning a row, triggers,
 * cascades, files; and the config file for it.
 */
final class Shop {

  private final Path folder;

  private Shop(Path folder) {
    this.folder = folder;
  }

  static Shop create(Path folder, int tenants) {
    Shop shop = new Shop(folder);
    try {
      Files.writeString(shop.config(), yaml());
      shop.execute("PRAGMA journal_mode = WAL");
      try (Connection connection = shop.connect()) {
        new ShopRows(connection, shop).create(tenants);
      }
      return shop;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static String yaml() {
    return """
        database: production.sqlite3
        tenants:
          table: tenants
          column: tenant_id
          owned:
            - {table: tasks, column: owner_ref}
            - {table: 2024, column: the owner}
            - {table: notes, references: {author_id: users.id}}
            - {table: taggings, polymorphic: {type: taggable_type, id: taggable_id, targets: {Customer: customers, User: users}}}
            - {table: blobs, referenced_by: attachments.blob_id}
            - {table: referrals, through: user_id}
          shared: [countries, schema_migrations]
          ignored: ["sess*", audit_log]
          files:
            - {root: storage, table: blobs, path: "{key[0..2]}/{key[2..4]}/{key}"}
        store: {directory: backups}
        retention: {keep_last: 7}
        labels: {zone: UTC}
        scratch: scratch
        busy_timeout: 20s
        """;
  }

  Path config() {
    return folder.resolve("sevenfold.yml");
  }

  Path database() {
    return folder.resolve("production.sqlite3");
  }

  Path store() {
    return folder.resolve("backups");
  }

  Path scratch() {
    return folder.resolve("scratch");
  }

  /** Runs a command with the config of this shop. */
  Cli cli(String group, String command, String... arguments) {
    return Cli.run(withConfig(group, command, arguments));
  }

  String[] withConfig(String group, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(group, command, "--config", config().toString()));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  /** Backs up a tenant and returns the label. */
  String backup(int tenant) {
    return Cli.done(withConfig("tenant", "backup", "--tenant", Integer.toString(tenant)))
        .lastLine();
  }

  /** The one file of the store that holds the archive. */
  Path archive(String label) {
    return StoreFiles.file(store(), label, ".tar.gz");
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = ON");
      statement.execute("PRAGMA busy_timeout = 10000");
    }
    return connection;
  }

  void execute(String sql, @Nullable Object... values) {
    try (Connection connection = connect()) {
      ShopRows.execute(connection, sql, values);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  long count(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  Path storage() {
    return folder.resolve("storage");
  }

  Path file(String key) {
    return storage().resolve(key.substring(0, 2)).resolve(key.substring(2, 4)).resolve(key);
  }

  /** What other tenants do all day. */
  void othersGoOn(int butNot) {
    execute("UPDATE customers SET name = name || '!' WHERE tenant_id <> ?", butNot);
    execute("DELETE FROM orders WHERE number = 3 AND customer_id / 1000 <> ?", butNot);
  }

  /** Changes, deletes, adds and swaps rows of a tenant, and spoils its files. */
  void vandalise(int tenant) throws IOException {
    int id = tenant * 1000;
    execute("UPDATE customers SET name = 'oops' WHERE tenant_id = ?", tenant);
    execute("DELETE FROM customers WHERE id = ?", id + 2);
    execute("INSERT INTO customers VALUES (?, ?, 'new', 0)", id + 900, tenant);
    // Unique values change places: 1, 2, 3 become 3, 2, 1.
    execute("UPDATE orders SET number = -number WHERE customer_id = ?", id + 1);
    execute("UPDATE orders SET number = 4 + number WHERE customer_id = ?", id + 1);
    execute("DELETE FROM taggings WHERE taggable_type = 'User' AND taggable_id = ?", id + 3);
    execute("DELETE FROM notes WHERE author_id = ?", id + 4);
    execute("UPDATE measurements SET value = 0 WHERE tenant_id = ?", tenant);
    execute("UPDATE \"2024\" SET total = 0.0 WHERE \"the owner\" = ?", tenant);
    execute("DELETE FROM tasks WHERE owner_ref = ?", tenant);
    execute("UPDATE tenants SET settings = NULL WHERE id = ?", tenant);
    Files.writeString(file("k%03dfile%d".formatted(tenant, id + 1)), "spoilt");
    Files.delete(file("k%03dfile%d".formatted(tenant, id + 2)));
  }

  /** Every row of every table but the ignored ones, by type; and every file. */
  Map<String, List<String>> dump() throws IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      Map<String, List<String>> dump = ShopDump.of(statement);
      dump.put("files", files());
      return dump;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    try (var walk = Files.walk(storage())) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        files.add(file + " = " + Files.readString(file));
      }
    }
    return files;
  }
}
