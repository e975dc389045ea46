package dev.sevenfold.examples.jobs.dbscheduler;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The table of db-scheduler. An application has it in its migrations. */
public final class DbSchedulerTable {

  /** As db-scheduler documents it, for PostgreSQL and, types aside, for SQLite. */
  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS scheduled_tasks (
        task_name TEXT NOT NULL,
        task_instance TEXT NOT NULL,
        task_data %s,
        execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
        picked BOOLEAN NOT NULL,
        picked_by TEXT,
        last_success TIMESTAMP WITH TIME ZONE,
        last_failure TIMESTAMP WITH TIME ZONE,
        consecutive_failures INT,
        last_heartbeat TIMESTAMP WITH TIME ZONE,
        version BIGINT NOT NULL,
        priority SMALLINT,
        PRIMARY KEY (task_name, task_instance)
      )
      """;

  private DbSchedulerTable() {}

  /** Makes the table unless it is there. */
  public static void createIn(DataSource jobs) {
    try (Connection connection = jobs.getConnection();
        Statement statement = connection.createStatement()) {
      boolean sqlite = connection.getMetaData().getDatabaseProductName().equals("SQLite");
      statement.execute(TABLE.formatted(sqlite ? "BLOB" : "BYTEA"));
      statement.execute(
          "CREATE INDEX IF NOT EXISTS execution_time_idx ON scheduled_tasks (execution_time)");
      statement.execute(
          "CREATE INDEX IF NOT EXISTS last_heartbeat_idx ON scheduled_tasks (last_heartbeat)");
    } catch (SQLException e) {
      throw new IllegalStateException("The table of db-scheduler cannot be made", e);
    }
  }
}
