package dev.sevenfold.examples.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** Makes the database of an {@link Application} with a few tenants in it. */
public final class SampleData {

  private SampleData() {}

  /** Makes the database, unless there is one, with tenants 1 to {@code tenants}. */
  public static void createIn(Path folder, int tenants) {
    Path file = folder.resolve("application.sqlite3");
    if (Files.exists(file)) {
      return;
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      connection.setAutoCommit(false);
      statement.execute("CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
      statement.execute(
          "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, text TEXT)");
      statement.execute(
          "CREATE TABLE backup_schedules"
              + " (tenant_id TEXT PRIMARY KEY, expression TEXT NOT NULL, zone TEXT NOT NULL)");
      for (int tenant = 1; tenant <= tenants; tenant++) {
        insert(connection, "INSERT INTO tenants VALUES (?, ?)", tenant, "Tenant " + tenant);
        insert(connection, "INSERT INTO notes VALUES (?, ?, 'a note')", tenant * 10, tenant);
        insert(
            connection,
            "INSERT INTO backup_schedules VALUES (?, '1 1 * * *', 'Europe/Copenhagen')",
            Integer.toString(tenant));
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException("The sample data cannot be made in " + folder, e);
    }
  }

  private static void insert(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
