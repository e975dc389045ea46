package dev.sevenfold.benchmarks;

import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/**
 * A shared database of ten tenants: customers, their orders, and lines of these.
 *
 * @param file where it is
 */
record Shop(Path file) {

  static final int TENANTS = 10;
  static final List<String> TABLES = List.of("customers", "orders", "lines");

  private static final int LINE_BYTES = 220;
  private static final int LINES_OF_AN_ORDER = 10;

  /** Makes the database, of about this size. */
  static Shop create(Path file, int megabytes) throws SQLException {
    Shop shop = new Shop(file);
    long lines = ((long) megabytes << 20) / LINE_BYTES;
    Random random = new Random(7);
    try (Connection connection = shop.connect()) {
      execute(
          connection,
          "PRAGMA journal_mode = WAL",
          "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
          "CREATE TABLE customers (id INTEGER PRIMARY KEY,"
              + " tenant_id INTEGER NOT NULL REFERENCES tenants, name TEXT)",
          "CREATE TABLE orders (id INTEGER PRIMARY KEY,"
              + " customer_id INTEGER NOT NULL REFERENCES customers, at TEXT)",
          "CREATE TABLE lines (id INTEGER PRIMARY KEY,"
              + " order_id INTEGER NOT NULL REFERENCES orders, article TEXT, price REAL)",
          "CREATE INDEX customers_tenant ON customers (tenant_id)",
          "CREATE INDEX orders_customer ON orders (customer_id)",
          "CREATE INDEX lines_order ON lines (order_id)");
      connection.setAutoCommit(false);
      for (int tenant = 1; tenant <= TENANTS; tenant++) {
        execute(connection, "INSERT INTO tenants VALUES (" + tenant + ", 'tenant " + tenant + "')");
      }
      fill(connection, random, lines);
      connection.commit();
    }
    return shop;
  }

  private static void fill(Connection connection, Random random, long lines) throws SQLException {
    try (PreparedStatement customer =
            connection.prepareStatement("INSERT INTO customers VALUES (?, ?, 'customer')");
        PreparedStatement order =
            connection.prepareStatement("INSERT INTO orders VALUES (?, ?, '2026-11-24')");
        PreparedStatement line =
            connection.prepareStatement("INSERT INTO lines VALUES (NULL, ?, ?, ?)")) {
      long orders = Math.max(lines / LINES_OF_AN_ORDER, TENANTS);
      for (long id = 1; id <= orders; id++) {
        customer.setLong(1, id);
        customer.setLong(2, 1 + id % TENANTS);
        customer.executeUpdate();
        order.setLong(1, id);
        order.setLong(2, id);
        order.executeUpdate();
        for (int i = 0; i < LINES_OF_AN_ORDER; i++) {
          line.setLong(1, id);
          line.setString(2, Long.toHexString(random.nextLong()).repeat(LINE_BYTES / 20));
          line.setDouble(3, random.nextDouble());
          line.addBatch();
        }
        line.executeBatch();
      }
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=60000");
  }

  static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  SqliteTenantSource source() {
    return SqliteTenantSource.builder(
            file, TenantModel.rootedAt("tenants").column("tenant_id").build())
        .build();
  }

  /** The rows of a tenant in one of {@link #TABLES}, as a person would ask for them. */
  static String rowsOf(String table, int tenant) {
    String customers = "SELECT id FROM main.customers WHERE tenant_id = " + tenant;
    String orders = "SELECT id FROM main.orders WHERE customer_id IN (" + customers + ")";
    return "FROM main."
        + table
        + switch (table) {
          case "customers" -> " WHERE tenant_id = " + tenant;
          case "orders" -> " WHERE customer_id IN (" + customers + ")";
          default -> " WHERE order_id IN (" + orders + ")";
        };
  }
}
