package dev.sevenfold.benchmarks;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;

/**
 * Taking one tenant out of a shared database: the library, which finds, copies and digests the
 * rows, against a program that reads them through JDBC and inserts them into another file.
 */
final class ExtractAgainstRows {

  private static final int TENANT = 3;

  private ExtractAgainstRows() {}

  static void run(Path folder, int megabytes) throws Exception {
    Shop shop = Shop.create(folder.resolve("shop.sqlite3"), megabytes);
    try (SqliteTenantSource source = shop.source()) {
      Rounds.compare(
          "a tenth of " + megabytes + " MB",
          "extract",
          round -> {
            Path scratch = Files.createDirectory(folder.resolve("extract-" + round));
            try (TenantLock lock = source.lock(TenantId.of(TENANT))) {
              source.extract(TenantId.of(TENANT), scratch, Progress.none());
            }
          },
          "JDBC rows",
          round -> copyRows(shop, folder.resolve("rows-" + round + ".sqlite3")));
    }
  }

  /** As one would write it by hand, in one transaction and in batches. */
  private static void copyRows(Shop shop, Path file) throws SQLException {
    try (Connection live = shop.connect();
        Connection copy = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      live.setAutoCommit(false);
      copy.setAutoCommit(false);
      for (String table : Shop.TABLES) {
        try (ResultSet definition =
            live.createStatement()
                .executeQuery("SELECT sql FROM sqlite_schema WHERE name = '" + table + "'")) {
          Shop.execute(copy, definition.getString(1));
        }
        copyTable(live, copy, table);
      }
      copy.commit();
    }
  }

  private static void copyTable(Connection live, Connection copy, String table)
      throws SQLException {
    try (ResultSet rows =
        live.createStatement().executeQuery("SELECT * " + Shop.rowsOf(table, TENANT))) {
      int columns = rows.getMetaData().getColumnCount();
      String values = String.join(", ", Collections.nCopies(columns, "?"));
      try (PreparedStatement insert =
          copy.prepareStatement("INSERT INTO " + table + " VALUES (" + values + ")")) {
        int batched = 0;
        while (rows.next()) {
          for (int column = 1; column <= columns; column++) {
            insert.setObject(column, rows.getObject(column));
          }
          insert.addBatch();
          if (++batched % 1_000 == 0) {
            insert.executeBatch();
          }
        }
        insert.executeBatch();
      }
    }
  }
}
