package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobArguments;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobProgress;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.PlannedFiring;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code sevenfold_job_schedule}, read beside those of db-scheduler. Thread-safe.
 *
 * @param clock when a schedule was found to be unreadable
 */
record JobRows(JobDatabase database, Clock clock) {

  /**
   * A job as it is kept.
   *
   * @param readable whether its schedule is; if not, the status says why
   */
  record Stored(JobStatus status, boolean readable) {
    Job job() {
      return status.job();
    }
  }

  private static final String SELECT =
      """
      SELECT s.*, t.task_data, t.picked, t.picked_by
      FROM sevenfold_job_schedule AS s
      LEFT JOIN sevenfold_job_task AS t
        ON t.task_name = s.label AND t.task_instance = s.name || '/' || s.tenant
      """;

  private static final String ONE = "WHERE tenant = ? AND label = ? AND name = ?";

  Optional<Stored> find(JobKey key) {
    return select(ONE, tenant(key), key.label(), key.name()).stream().findFirst();
  }

  List<Stored> all() {
    return select("ORDER BY s.tenant, s.label, s.name");
  }

  List<Stored> of(TenantId tenant) {
    return select("WHERE s.tenant = ? ORDER BY s.label, s.name", tenant.value());
  }

  private List<Stored> select(String rest, @Nullable Object... values) {
    return database.call(sql -> sql.query(SELECT + rest, this::read, values));
  }

  /** Keeps a job, new or in place of the one with its key; what became of it stays. */
  void save(Job job) {
    database.call(sql -> save(sql, job));
  }

  static int save(Sql sql, Job job) throws SQLException {
    return sql.update(
        """
        INSERT INTO sevenfold_job_schedule
          (tenant, label, name, arguments, expression, zone, active)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (tenant, label, name) DO UPDATE SET arguments = excluded.arguments,
          expression = excluded.expression, zone = excluded.zone, active = excluded.active
        """,
        tenant(job.key()),
        job.key().label(),
        job.key().name(),
        job.arguments().toString(),
        job.schedule().map(CronSchedule::expression).orElse(null),
        job.schedule().map(schedule -> schedule.zone().getId()).orElse(null),
        job.active() ? 1 : 0);
  }

  /** Forgets a job; whether there was one. */
  boolean delete(JobKey key) {
    return change("DELETE FROM sevenfold_job_schedule ", key);
  }

  /** Keeps what became of the latest attempt. */
  void record(JobKey key, FiringRecord record) {
    change(LastFiring.SET, key, LastFiring.columns(record));
  }

  /** Keeps how far a running job is; whether there is still such a job. */
  boolean progress(JobKey key, JobProgress at) {
    return change(
        """
        UPDATE sevenfold_job_schedule SET progress_step = ?, progress_unit = ?, progress_done = ?,
          progress_total = ?
        """,
        key,
        at.step(),
        at.unit().name(),
        at.done(),
        at.total());
  }

  private boolean change(String statement, JobKey key, @Nullable Object... values) {
    @Nullable Object[] all = Arrays.copyOf(values, values.length + 3);
    all[values.length] = tenant(key);
    all[values.length + 1] = key.label();
    all[values.length + 2] = key.name();
    return database.call(sql -> sql.update(statement + ONE, all)) == 1;
  }

  /** Notes that a scheduler is at work that skips what it missed; when one last was. */
  Optional<Instant> alive(Instant now) {
    return database.alone(
        sql -> {
          Optional<Instant> before =
              sql
                  .query(
                      "SELECT alive_at FROM sevenfold_job_scheduler",
                      row -> row.instant("alive_at"))
                  .stream()
                  .findFirst();
          sql.update(
              """
              INSERT INTO sevenfold_job_scheduler (id, alive_at) VALUES (1, ?)
              ON CONFLICT (id) DO UPDATE SET alive_at = excluded.alive_at
              """,
              now);
          return before;
        });
  }

  private static String tenant(JobKey key) {
    // A tenant id is never empty.
    return key.tenant().map(TenantId::value).orElse("");
  }

  /** What db-scheduler calls a job beside its label; a name has no slash. */
  static String instance(JobKey key) {
    return key.name() + "/" + tenant(key);
  }

  static JobKey key(String label, String instance) {
    int slash = instance.indexOf('/');
    return key(label, instance.substring(slash + 1), instance.substring(0, slash));
  }

  static JobKey key(String label, String tenant, String name) {
    return new JobKey(
        label, tenant.isEmpty() ? Optional.empty() : Optional.of(TenantId.of(tenant)), name);
  }

  private Stored read(Sql.Row row) throws SQLException {
    Optional<CronSchedule> schedule = Optional.empty();
    Optional<FiringRecord> last = LastFiring.read(row);
    boolean readable = true;
    try {
      schedule = schedule(row);
    } catch (DateTimeException | IllegalArgumentException e) {
      readable = false;
      last = Optional.of(unreadable(row, e));
    }
    Job job =
        new Job(
            key(row.text("label"), row.text("tenant"), row.text("name")),
            JobArguments.parse(row.text("arguments")),
            schedule,
            row.flag("active"));
    Optional<PlannedFiring> next = Optional.empty();
    Optional<JobStatus.Running> running = Optional.empty();
    if (row.has("task_data")) {
      PlannedFiring planned = PlannedFiringText.read(row.bytes("task_data"));
      if (row.truth("picked")) {
        running = Optional.of(running(row, planned));
      } else {
        next = Optional.of(planned);
      }
    }
    Optional<Instant> first = row.optionalInstant("first_fired_at");
    return new Stored(new JobStatus(job, next, running, last, first), readable);
  }

  private static Optional<CronSchedule> schedule(Sql.Row row) throws SQLException {
    Optional<String> expression = row.optionalText("expression");
    return expression.isEmpty()
        ? Optional.empty()
        : Optional.of(CronSchedule.parse(expression.get(), ZoneId.of(row.text("zone"))));
  }

  private static JobStatus.Running running(Sql.Row row, PlannedFiring firing) throws SQLException {
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
    String node = row.optionalText("picked_by").orElse("somebody");
    return new JobStatus.Running(node, firing.scheduledAt(), firing.attempt(), progress);
  }

  /** In place of the last outcome: a person has to look. */
  private FiringRecord unreadable(Sql.Row row, RuntimeException why) throws SQLException {
    Instant now = clock.instant();
    JobOutcome.Failed failed =
        new JobOutcome.Failed(
            "The schedule \"%s\" in the time zone \"%s\" cannot be read by Java %s: %s"
                .formatted(
                    row.text("expression"),
                    row.text("zone"),
                    Runtime.version().feature(),
                    why.getMessage()),
            "It does not fire; set it again, or run a Java that knows the zone",
            false);
    return new FiringRecord(now, 1, now, now, failed, true);
  }
}
