package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import dev.sevenfold.backup.job.PlannedFiring;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The jobs of a version of Sevenfold that had a scheduler of its own, in {@code sevenfold_job}.
 *
 * @param types how db-scheduler writes instants into this database
 * @param now when they are taken over
 */
record OldJobs(JdbcCustomization types, Instant now) {

  /** A firing that was planned, or under way. */
  private record Old(
      String label, String instance, PlannedFiring firing, boolean running, Optional<String> node) {}

  /** Takes them over, inside the caller's transaction; says so for people. */
  String takeOver(Sql sql) throws SQLException {
    int jobs =
        sql.update(
            """
            INSERT INTO sevenfold_job_schedule (tenant, label, name, arguments, expression, zone,
              active, first_fired_at, last_scheduled_at, last_attempt, last_started_at,
              last_ended_at, last_outcome, last_archive, last_what, last_advice, last_retryable,
              last_over)
            SELECT j.tenant, j.label, j.name, j.arguments, j.expression, j.zone, j.active,
              (SELECT min(scheduled_at) FROM sevenfold_job_firing WHERE job_id = j.id),
              f.scheduled_at, f.attempt, f.started_at, f.ended_at, f.outcome, f.archive, f.what,
              f.advice, f.retryable, f.over
            FROM sevenfold_job AS j
            LEFT JOIN sevenfold_job_firing AS f ON f.id =
              (SELECT max(id) FROM sevenfold_job_firing WHERE job_id = j.id)
            """);
    for (Old old : planned(sql)) {
      insert(sql, old);
    }
    sql.execute("DROP TABLE sevenfold_job_firing");
    sql.execute("DROP TABLE sevenfold_job");
    return jobs
        + (jobs == 1 ? " schedule was" : " schedules were")
        + " taken over from the table sevenfold_job into sevenfold_job_schedule, with its next"
        + " firing and its last outcome; earlier versions cannot read them any more";
  }

  private List<Old> planned(Sql sql) throws SQLException {
    return sql.query(
        """
        SELECT tenant, label, name, claim_token IS NOT NULL AS running, claim_node,
          coalesce(claim_scheduled_at, next_scheduled_at) AS scheduled_at,
          coalesce(claim_started_at, next_due_at) AS due_at,
          coalesce(claim_attempt, next_attempt) AS attempt,
          coalesce(claim_started_at, next_planned_at) AS planned_at
        FROM sevenfold_job WHERE coalesce(claim_scheduled_at, next_scheduled_at) IS NOT NULL
        """,
        row ->
            new Old(
                row.text("label"),
                JobRows.instance(
                    JobRows.key(row.text("label"), row.text("tenant"), row.text("name"))),
                new PlannedFiring(
                    row.instant("scheduled_at"),
                    row.instant("due_at"),
                    (int) row.number("attempt"),
                    row.instant("planned_at")),
                row.flag("running"),
                row.optionalText("claim_node")));
  }

  /** What was under way is that of a dead node, which is for db-scheduler to find out. */
  private void insert(Sql sql, Old old) throws SQLException {
    sql.update(
        """
        INSERT INTO sevenfold_job_task (task_name, task_instance, task_data, execution_time,
          picked, picked_by, last_heartbeat, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, 1)
        """,
        prepared -> {
          prepared.setString(1, old.label());
          prepared.setString(2, old.instance());
          types.setTaskData(prepared, 3, new PlannedFiringText().serialize(old.firing()));
          types.setInstant(prepared, 4, old.firing().dueAt());
          prepared.setBoolean(5, old.running());
          prepared.setString(6, old.node().orElse(null));
          types.setInstant(prepared, 7, old.running() ? now : null);
        });
  }
}
