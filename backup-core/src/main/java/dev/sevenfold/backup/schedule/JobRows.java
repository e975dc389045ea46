package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of {@code sevenfold_job}: definitions and plans. Use from one thread. */
final class JobRows {

  /** A job beside its latest firing. */
  private static final String SELECT =
      """
      SELECT j.*, f.scheduled_at, f.attempt, f.started_at, f.ended_at, f.outcome, f.archive,
        f.what, f.advice, f.retryable, f.over
      FROM sevenfold_job AS j
      LEFT JOIN sevenfold_job_firing AS f ON f.id =
        (SELECT max(id) FROM sevenfold_job_firing WHERE job_id = j.id)
      """;

  private final Sql sql;

  JobRows(Sql sql) {
    this.sql = sql;
  }

  Optional<StoredJob> find(JobKey key) throws SQLException {
    return select(
            "WHERE j.tenant = ? AND j.label = ? AND j.name = ?",
            tenant(key),
            key.label(),
            key.name())
        .stream()
        .findFirst();
  }

  List<StoredJob> all() throws SQLException {
    return select("ORDER BY j.tenant, j.label, j.name");
  }

  List<StoredJob> of(TenantId tenant) throws SQLException {
    return select("WHERE j.tenant = ? ORDER BY j.label, j.name", tenant.value());
  }

  List<StoredJob> outdated(Instant now, Instant ahead) throws SQLException {
    return select(
        """
        WHERE j.claim_token IS NULL AND j.next_due_at IS NOT NULL
          AND (j.next_superseded_at <= ? OR j.next_planned_at > ?)
        ORDER BY j.tenant, j.label, j.name
        """,
        now,
        ahead);
  }

  List<StoredJob> due(Instant now) throws SQLException {
    return select(
        """
        WHERE j.claim_token IS NULL AND j.next_due_at <= ?
        ORDER BY j.tenant, j.label, j.name
        """,
        now);
  }

  private List<StoredJob> select(String rest, @Nullable Object... values) throws SQLException {
    return sql.query(SELECT + rest, JobRows::read, values);
  }

  boolean insert(Job job, Optional<PlannedFiring> next) throws SQLException {
    int rows =
        sql.update(
            """
            INSERT INTO sevenfold_job (tenant, label, name, arguments, expression, zone, active,
              revision, next_scheduled_at, next_due_at, next_attempt, next_superseded_at,
              next_planned_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            tenant(job.key()),
            job.key().label(),
            job.key().name(),
            job.arguments().toString(),
            job.schedule().map(CronSchedule::expression).orElse(null),
            job.schedule().map(schedule -> schedule.zone().getId()).orElse(null),
            job.active(),
            next.map(PlannedFiring::scheduledAt).orElse(null),
            next.map(PlannedFiring::dueAt).orElse(null),
            next.map(PlannedFiring::attempt).orElse(null),
            next.flatMap(PlannedFiring::supersededAt).orElse(null),
            next.map(PlannedFiring::plannedAt).orElse(null));
    return rows == 1;
  }

  boolean update(Job job, Optional<PlannedFiring> next, long revision) throws SQLException {
    int rows =
        sql.update(
            """
            UPDATE sevenfold_job SET arguments = ?, expression = ?, zone = ?, active = ?,
              revision = revision + 1, next_scheduled_at = ?, next_due_at = ?, next_attempt = ?,
              next_superseded_at = ?, next_planned_at = ?
            WHERE tenant = ? AND label = ? AND name = ? AND revision = ?
            """,
            job.arguments().toString(),
            job.schedule().map(CronSchedule::expression).orElse(null),
            job.schedule().map(schedule -> schedule.zone().getId()).orElse(null),
            job.active(),
            next.map(PlannedFiring::scheduledAt).orElse(null),
            next.map(PlannedFiring::dueAt).orElse(null),
            next.map(PlannedFiring::attempt).orElse(null),
            next.flatMap(PlannedFiring::supersededAt).orElse(null),
            next.map(PlannedFiring::plannedAt).orElse(null),
            tenant(job.key()),
            job.key().label(),
            job.key().name(),
            revision);
    return rows == 1;
  }

  boolean delete(JobKey key) throws SQLException {
    sql.update(
        """
        DELETE FROM sevenfold_job_firing WHERE job_id =
          (SELECT id FROM sevenfold_job WHERE tenant = ? AND label = ? AND name = ?)
        """,
        tenant(key),
        key.label(),
        key.name());
    return sql.update(
            "DELETE FROM sevenfold_job WHERE tenant = ? AND label = ? AND name = ?",
            tenant(key),
            key.label(),
            key.name())
        == 1;
  }

  static String tenant(JobKey key) {
    // A tenant id is never empty.
    return key.tenant().map(TenantId::value).orElse("");
  }

  static JobKey key(Sql.Row row) throws SQLException {
    String tenant = row.text("tenant");
    return new JobKey(
        row.text("label"),
        tenant.isEmpty() ? Optional.empty() : Optional.of(TenantId.of(tenant)),
        row.text("name"));
  }

  private static StoredJob read(Sql.Row row) throws SQLException {
    Job job = job(row);
    return new StoredJob(
        job,
        row.number("revision"),
        next(row),
        row.has("claim_token") ? Optional.of(claim(job, row)) : Optional.empty(),
        row.has("outcome") ? Optional.of(FiringRows.read(row)) : Optional.empty());
  }

  private static Job job(Sql.Row row) throws SQLException {
    Optional<String> zone = row.optionalText("zone");
    return new Job(
        key(row),
        JobArguments.parse(row.text("arguments")),
        row.optionalText("expression")
            .map(expression -> CronSchedule.parse(expression, ZoneId.of(zone.orElseThrow()))),
        row.flag("active"));
  }

  private static Optional<PlannedFiring> next(Sql.Row row) throws SQLException {
    if (!row.has("next_due_at")) {
      return Optional.empty();
    }
    return Optional.of(
        new PlannedFiring(
            row.instant("next_scheduled_at"),
            row.instant("next_due_at"),
            (int) row.number("next_attempt"),
            row.optionalInstant("next_superseded_at"),
            row.instant("next_planned_at")));
  }

  static Claim claim(Sql.Row row) throws SQLException {
    return claim(job(row), row);
  }

  private static Claim claim(Job job, Sql.Row row) throws SQLException {
    Optional<JobProgress> progress = Optional.empty();
    if (row.has("progress_step")) {
      progress =
          Optional.of(
              new JobProgress(
                  row.text("progress_step"),
                  Progress.Unit.valueOf(row.text("progress_unit")),
                  row.number("progress_done"),
                  row.number("progress_total")));
    }
    return new Claim(
        job,
        row.text("claim_token"),
        row.text("claim_node"),
        row.instant("claim_scheduled_at"),
        (int) row.number("claim_attempt"),
        row.instant("claim_started_at"),
        row.number("claim_beats"),
        progress);
  }
}
