package dev.sevenfold.backup.scheduler;

import static dev.sevenfold.backup.scheduler.JobDatabase.query;
import static dev.sevenfold.backup.scheduler.JobDatabase.update;

import dev.sevenfold.backup.error.OperationFailed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Makes the tables that hold the jobs, and takes over those of a version before. Their names begin
 * with {@code sevenfold_job}: every tenant model knows those as the library's own. Not
 * instantiated.
 */
final class JobTables {

  /** The table of db-scheduler: one row for each firing that is planned or under way. */
  static final String TASKS = "sevenfold_job_task";

  /** Before 2, Sevenfold had a scheduler of its own, and all of a job was one row. */
  private static final int VERSION = 2;

  private static final List<String> TABLES =
      List.of(
          // As db-scheduler documents it; one type differs between databases.
          """
          CREATE TABLE sevenfold_job_task (
            task_name TEXT NOT NULL,
            task_instance TEXT NOT NULL,
            task_data %s,
            execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
            picked BOOLEAN NOT NULL, picked_by TEXT,
            last_success TIMESTAMP WITH TIME ZONE, last_failure TIMESTAMP WITH TIME ZONE,
            consecutive_failures INT, last_heartbeat TIMESTAMP WITH TIME ZONE,
            version BIGINT NOT NULL, priority SMALLINT,
            PRIMARY KEY (task_name, task_instance)
          )
          """,
          "CREATE INDEX sevenfold_job_task_due ON sevenfold_job_task (execution_time)",
          "CREATE INDEX sevenfold_job_task_beat ON sevenfold_job_task (last_heartbeat)",
          // What a job is, and what became of it. Instants are milliseconds since 1970.
          """
          CREATE TABLE sevenfold_job_schedule (
            tenant TEXT NOT NULL,  -- empty: the system
            label TEXT NOT NULL, name TEXT NOT NULL, arguments TEXT NOT NULL,
            expression TEXT, zone TEXT, active INT NOT NULL,
            first_fired_at BIGINT,
            last_scheduled_at BIGINT, last_attempt INT,
            last_started_at BIGINT, last_ended_at BIGINT,
            last_outcome TEXT, last_archive TEXT, last_what TEXT, last_advice TEXT,
            last_retryable INT, last_over INT,
            progress_step TEXT, progress_unit TEXT, progress_done BIGINT, progress_total BIGINT,
            PRIMARY KEY (tenant, label, name)
          )
          """);

  private static final List<String> TAKE_OVER =
      List.of(
          """
          INSERT INTO sevenfold_job_schedule
          SELECT j.tenant, j.label, j.name, j.arguments, j.expression, j.zone, j.active,
            (SELECT min(scheduled_at) FROM sevenfold_job_firing WHERE job_id = j.id),
            f.scheduled_at, f.attempt, f.started_at, f.ended_at, f.outcome, f.archive, f.what,
            f.advice, f.retryable, f.over, NULL, NULL, NULL, NULL
          FROM sevenfold_job AS j
          LEFT JOIN sevenfold_job_firing AS f ON f.id =
            (SELECT max(id) FROM sevenfold_job_firing WHERE job_id = j.id)
          """,
          """
          INSERT INTO sevenfold_job_task
            (task_name, task_instance, task_data, execution_time, picked, version)
          SELECT label, name || '/' || tenant, CAST(next_scheduled_at || ' ' || next_due_at
            || ' ' || next_attempt || ' ' || next_planned_at AS BLOB), next_due_at, 0, 1
          FROM sevenfold_job WHERE claim_token IS NULL AND next_due_at IS NOT NULL
          """,
          // What was under way is the work of a node that died, for db-scheduler to find out.
          """
          INSERT INTO sevenfold_job_task (task_name, task_instance, task_data, execution_time,
            picked, picked_by, last_heartbeat, version)
          SELECT label, name || '/' || tenant, CAST(claim_scheduled_at || ' ' || claim_started_at
            || ' ' || claim_attempt || ' ' || claim_started_at AS BLOB), claim_started_at, 1,
            claim_node, CAST(strftime('%s', 'now') AS INTEGER) * 1000, 1
          FROM sevenfold_job WHERE claim_token IS NOT NULL
          """,
          "DROP TABLE sevenfold_job_firing",
          "DROP TABLE sevenfold_job_scheduler",
          "DROP TABLE sevenfold_job");

  private JobTables() {}

  /**
   * Runs alone: of two processes that start at once, one does the work.
   *
   * @return what was taken over, for people
   */
  static Optional<String> prepare(Connection connection) throws SQLException {
    update(
        connection,
        "CREATE TABLE IF NOT EXISTS sevenfold_job_version (id INT PRIMARY KEY, version INT)");
    int version =
        query(
                connection,
                "SELECT max(version) AS version FROM sevenfold_job_version",
                row -> row.getInt("version"))
            .get(0);
    if (version > VERSION) {
      throw new OperationFailed(
          "The tables sevenfold_job… have version "
              + version
              + "; this version of Sevenfold knows them up to "
              + VERSION,
          "Run the version of Sevenfold that made them, or a later one");
    }
    if (version == VERSION) {
      return Optional.empty();
    }
    for (String table : TABLES) {
      update(connection, table.formatted(JobDatabase.isSqlite(connection) ? "BLOB" : "BYTEA"));
    }
    // A version before this one finds a number that it does not know, and refuses to start empty.
    update(connection, "DELETE FROM sevenfold_job_version");
    update(connection, "INSERT INTO sevenfold_job_version (id, version) VALUES (1, ?)", VERSION);
    return version == 0 ? Optional.empty() : Optional.of(takeOver(connection));
  }

  private static String takeOver(Connection connection) throws SQLException {
    int jobs = update(connection, TAKE_OVER.get(0));
    for (String statement : TAKE_OVER.subList(1, TAKE_OVER.size())) {
      update(connection, statement);
    }
    return jobs
        + (jobs == 1 ? " job was" : " jobs were")
        + " taken over from the table sevenfold_job into sevenfold_job_schedule, with the next"
        + " firing and the last outcome; versions before this one cannot read them any more";
  }
}
