package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.error.OperationFailed;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Makes the tables that hold the jobs, and brings them up to date. Not instantiated.
 *
 * <p>Their names begin with {@code sevenfold_job}: every tenant model knows those as the library's
 * own.
 */
final class JobTables {

  /** The table of db-scheduler: one row for each firing that is planned or under way. */
  static final String TASKS = "sevenfold_job_task";

  /** Before 2, Sevenfold had a scheduler of its own, and all of a job was one row. */
  private static final int VERSION = 2;

  /** As db-scheduler documents it; only the types of two columns differ between databases. */
  private static final List<String> OF_DB_SCHEDULER =
      List.of(
          """
          CREATE TABLE sevenfold_job_task (
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
          """,
          "CREATE INDEX sevenfold_job_task_due ON sevenfold_job_task (execution_time)",
          "CREATE INDEX sevenfold_job_task_beat ON sevenfold_job_task (last_heartbeat)");

  /** What a job is, and what became of it. Instants are milliseconds since 1970. */
  private static final List<String> OURS =
      List.of(
          """
          CREATE TABLE sevenfold_job_schedule (
            tenant TEXT NOT NULL,  -- empty: the system
            label TEXT NOT NULL,
            name TEXT NOT NULL,
            arguments TEXT NOT NULL,
            expression TEXT,
            zone TEXT,
            active INT NOT NULL,
            first_fired_at BIGINT,
            last_scheduled_at BIGINT,
            last_attempt INT,
            last_started_at BIGINT,
            last_ended_at BIGINT,
            last_outcome TEXT,
            last_archive TEXT,
            last_what TEXT,
            last_advice TEXT,
            last_retryable INT,
            last_over INT,
            progress_step TEXT,
            progress_unit TEXT,
            progress_done BIGINT,
            progress_total BIGINT,
            PRIMARY KEY (tenant, label, name)
          )
          """,
          """
          CREATE TABLE IF NOT EXISTS sevenfold_job_scheduler (
            id INT PRIMARY KEY CHECK (id = 1),
            alive_at BIGINT NOT NULL
          )
          """);

  private JobTables() {}

  /**
   * Runs inside a transaction that is alone: of two processes that start at once, one does the work.
   *
   * @return what was taken over from a version with a scheduler of its own, for people
   */
  static Optional<String> prepare(Sql sql, OldJobs old) throws SQLException {
    sql.execute(
        """
        CREATE TABLE IF NOT EXISTS sevenfold_job_version (
          id INT PRIMARY KEY CHECK (id = 1),
          version INT NOT NULL
        )
        """);
    long version =
        sql
            .query("SELECT version FROM sevenfold_job_version", row -> row.number("version"))
            .stream()
            .findFirst()
            .orElse(0L);
    if (version == VERSION) {
      return Optional.empty();
    }
    if (version > VERSION) {
      throw new OperationFailed(
          "The tables sevenfold_job… have version "
              + version
              + "; this version of Sevenfold knows them up to "
              + VERSION,
          "Run the version of Sevenfold that made them, or a later one");
    }
    for (String statement : OF_DB_SCHEDULER) {
      sql.execute(statement.formatted(sql.isSqlite() ? "BLOB" : "BYTEA"));
    }
    for (String statement : OURS) {
      sql.execute(statement);
    }
    Optional<String> note = version == 0 ? Optional.empty() : Optional.of(old.takeOver(sql));
    // A version before this one finds a number that it does not know, and refuses to start empty.
    sql.update(
        """
        INSERT INTO sevenfold_job_version (id, version) VALUES (1, ?)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version
        """,
        VERSION);
    return note;
  }
}
