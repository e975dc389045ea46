package dev.sevenfold.backup.scheduler;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks into the file that keeps the jobs, and at what nodes that died have left there. */
final class Database {

  private Database() {}

  static void execute(Path file, String... statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static String query(Path file, String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Everything that is planned is worked on by a node that says no more that it lives. */
  static void pickAll(Path file, long heartbeat) {
    execute(
        file,
        "UPDATE sevenfold_job_task SET picked = 1, picked_by = 'dead', version = version + 1,"
            + " last_heartbeat = "
            + heartbeat);
  }
}
