package dev.sevenfold.benchmarks;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How long everybody else must wait while one tenant is put back: the longest time that another
 * connection waited for the write lock. The library against deleting and inserting the tenant's
 * rows in one transaction. A hundredth of the rows differ.
 */
final class RestoreAgainstReinsert {

  private static final int TENANT = 3;

  private RestoreAgainstReinsert() {}

  /** Other tenants' writes, one after the other, and the longest wait of one of them. */
  private static final class OtherWriter implements Runnable {
    private final Shop shop;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile double longestMilliseconds;

    private OtherWriter(Shop shop) {
      this.shop = shop;
    }

    @Override
    public void run() {
      try (Connection connection = shop.connect()) {
        while (!ended.get()) {
          long start = System.nanoTime();
          Shop.execute(
              connection,
              "BEGIN IMMEDIATE",
              "UPDATE tenants SET name = name WHERE id = 1",
              "COMMIT");
          longestMilliseconds = Math.max(longestMilliseconds, (System.nanoTime() - start) / 1e6);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static void run(Path folder, int megabytes) throws Exception {
    Shop shop = Shop.create(folder.resolve("shop.sqlite3"), megabytes);
    Path copy = folder.resolve("tenant.sqlite3");
    try (BackupService backups =
        BackupService.builder(shop.source(), new InMemoryArchiveStore())
            .scratch(Files.createDirectories(folder.resolve("scratch")))
            .build()) {
      TenantId tenant = TenantId.of(TENANT);
      Label label = backups.backup(tenant).restorePoint().label();
      keepCopy(shop, copy);
      Rounds.compareTimes(
          "longest wait, " + megabytes / Shop.TENANTS + " MB tenant",
          "restore",
          round -> {
            change(shop);
            return longestWait(shop, () -> backups.restore(tenant, label));
          },
          "delete and insert",
          round -> {
            change(shop);
            return longestWait(shop, () -> reinsert(shop, copy));
          });
    }
  }

  /** A piece of work that holds the lock for a while. */
  @FunctionalInterface
  private interface Work {
    void go() throws Exception;
  }

  private static double longestWait(Shop shop, Work work) throws Exception {
    OtherWriter others = new OtherWriter(shop);
    Thread thread = new Thread(others, "others");
    thread.start();
    try {
      work.go();
    } finally {
      others.ended.set(true);
      thread.join();
    }
    return others.longestMilliseconds;
  }

  private static void change(Shop shop) throws SQLException {
    try (Connection connection = shop.connect()) {
      Shop.execute(
          connection,
          "UPDATE lines SET price = price + 1 WHERE id % 100 = 0 AND id IN (SELECT id "
              + Shop.rowsOf("lines", TENANT)
              + ")");
    }
  }

  private static void keepCopy(Shop shop, Path copy) throws SQLException {
    try (Connection connection = shop.connect()) {
      Shop.execute(connection, "ATTACH '" + copy + "' AS copy");
      for (String table : Shop.TABLES) {
        Shop.execute(
            connection,
            "CREATE TABLE copy." + table + " AS SELECT * " + Shop.rowsOf(table, TENANT));
      }
    }
  }

  private static void reinsert(Shop shop, Path copy) throws SQLException {
    try (Connection connection = shop.connect()) {
      Shop.execute(connection, "ATTACH '" + copy + "' AS copy", "BEGIN IMMEDIATE");
      for (String table : List.of("lines", "orders", "customers")) {
        Shop.execute(connection, "DELETE " + Shop.rowsOf(table, TENANT));
      }
      for (String table : Shop.TABLES) {
        Shop.execute(connection, "INSERT INTO main." + table + " SELECT * FROM copy." + table);
      }
      Shop.execute(connection, "COMMIT");
    }
  }
}
