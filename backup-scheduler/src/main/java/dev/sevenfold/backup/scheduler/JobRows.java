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
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
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
   * @param unreadable what is wrong with its schedule, if anything is
   */
  record Stored(JobStatus status, Optional<String> unreadable) {
    Job job() {
      return status.job();
    }

    /** The firing that was over last. */
    Optional<Instant> over() {
      return status.last().filter(FiringRecord::over).map(FiringRecord::scheduledAt);
    }
  }

  private static final String SELECT =
      """
      SELECT s.*, t.task_data, t.picked, t.picked_by
      FROM sevenfold_job_schedule AS s
      LEFT JOIN sevenfold_job_task AS t
        ON t.task_name = s.label AND t.task_instance = s.name || '/' || s.tenant
      """;

  Optional<Stored> find(JobKey key) {
    return select(
            "WHERE s.tenant = ? AND s.label = ? AND s.name = ?",
            tenant(key),
            key.label(),
            key.name())
        .stream()
        .findFirst();
  }

  List<Stored> all() {
    return select("ORDER BY s.tenant, s.label, s.name");
  }

  List<Stored> of(TenantId tenant) {
    return select("WHERE s.tenant = ? ORDER BY s.label, s.name", tenant.value());
  }

  private List<Stored> select(String rest, @Nullable Object... values) {
    return database.call(on -> JobDatabase.query(on, SELECT + rest, this::read, values));
  }

  private boolean update(String statement, @Nullable Object... values) {
    return database.call(on -> JobDatabase.update(on, statement, values)) == 1;
  }

  /** Keeps a job, new or in place of the one with its key; what became of it stays. */
  void save(Job job) {
    update(
        """
        INSERT INTO sevenfold_job_schedule
          (arguments, expression, zone, active, tenant, label, name)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (tenant, label, name) DO UPDATE SET arguments = excluded.arguments,
          expression = excluded.expression, zone = excluded.zone, active = excluded.active
        """,
        job.arguments().toString(),
        job.schedule().map(CronSchedule::expression),
        job.schedule().map(schedule -> schedule.zone().getId()),
        job.active(),
        tenant(job.key()),
        job.key().label(),
        job.key().name());
  }

  /** Forgets a job; whether there was one. */
  boolean delete(JobKey key) {
    return update(
        "DELETE FROM sevenfold_job_schedule WHERE tenant = ? AND label = ? AND name = ?",
        tenant(key),
        key.label(),
        key.name());
  }

  /** Keeps what became of the latest attempt. */
  void record(JobKey key, FiringRecord record) {
    JobOutcome outcome = record.outcome();
    Optional<JobOutcome.Failed> failed =
        outcome instanceof JobOutcome.Failed failure ? Optional.of(failure) : Optional.empty();
    update(
        """
        UPDATE sevenfold_job_schedule SET first_fired_at = coalesce(first_fired_at, ?),
          last_scheduled_at = ?, last_attempt = ?, last_started_at = ?, last_ended_at = ?,
          last_outcome = ?, last_archive = ?, last_what = ?, last_advice = ?, last_retryable = ?,
          last_over = ?, progress_step = NULL
        WHERE tenant = ? AND label = ? AND name = ?
        """,
        record.scheduledAt(),
        record.scheduledAt(),
        record.attempt(),
        record.startedAt(),
        record.endedAt(),
        word(outcome),
        archive(outcome).map(Label::value),
        failed.map(JobOutcome.Failed::what),
        failed.map(JobOutcome.Failed::advice),
        failed.filter(JobOutcome.Failed::worthRetrying).isPresent(),
        record.over(),
        tenant(key),
        key.label(),
        key.name());
  }

  private static String word(JobOutcome outcome) {
    if (outcome instanceof JobOutcome.Finished) {
      return "finished";
    }
    if (outcome instanceof JobOutcome.AlreadyDone) {
      return "already done";
    }
    return outcome instanceof JobOutcome.Failed ? "failed" : "interrupted";
  }

  private static Optional<Label> archive(JobOutcome outcome) {
    if (outcome instanceof JobOutcome.AlreadyDone done) {
      return Optional.of(done.label());
    }
    return outcome instanceof JobOutcome.Finished finished ? finished.label() : Optional.empty();
  }

  /** Keeps how far a running job is; whether there is still such a job. */
  boolean progress(JobKey key, JobProgress at) {
    return update(
        """
        UPDATE sevenfold_job_schedule SET progress_step = ?, progress_unit = ?, progress_done = ?,
          progress_total = ?
        WHERE tenant = ? AND label = ? AND name = ?
        """,
        at.step(),
        at.unit().name(),
        at.done(),
        at.total(),
        tenant(key),
        key.label(),
        key.name());
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

  private static JobKey key(String label, String tenant, String name) {
    return new JobKey(
        label, tenant.isEmpty() ? Optional.empty() : Optional.of(TenantId.of(tenant)), name);
  }

  private Stored read(ResultSet row) throws SQLException {
    Optional<CronSchedule> schedule = Optional.empty();
    Optional<FiringRecord> last = last(row);
    Optional<String> unreadable = Optional.empty();
    try {
      String expression = row.getString("expression");
      if (expression != null) {
        schedule = Optional.of(CronSchedule.parse(expression, ZoneId.of(row.getString("zone"))));
      }
    } catch (RuntimeException e) {
      unreadable = Optional.of(unreadable(row, e));
      last = unreadable.map(this::lost);
    }
    Job job =
        new Job(
            key(row.getString("label"), row.getString("tenant"), row.getString("name")),
            JobArguments.parse(row.getString("arguments")),
            schedule,
            row.getInt("active") == 1);
    Optional<PlannedFiring> planned =
        Optional.ofNullable(row.getBytes("task_data")).map(PlannedFiringText::read);
    boolean picked = row.getBoolean("picked");
    Optional<JobStatus.Running> running = Optional.empty();
    if (picked && planned.isPresent()) {
      running = Optional.of(running(row, planned.get()));
    }
    Optional<Instant> first = instant(row, "first_fired_at");
    return new Stored(
        new JobStatus(job, planned.filter(any -> !picked), running, last, first), unreadable);
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  private static JobStatus.Running running(ResultSet row, PlannedFiring firing)
      throws SQLException {
    String step = row.getString("progress_step");
    Optional<JobProgress> progress =
        step == null
            ? Optional.empty()
            : Optional.of(
                new JobProgress(
                    step,
                    Progress.Unit.valueOf(row.getString("progress_unit")),
                    row.getLong("progress_done"),
                    row.getLong("progress_total")));
    return new JobStatus.Running(
        row.getString("picked_by"), firing.scheduledAt(), firing.attempt(), progress);
  }

  private static Optional<FiringRecord> last(ResultSet row) throws SQLException {
    Optional<Instant> scheduledAt = instant(row, "last_scheduled_at");
    if (scheduledAt.isEmpty()) {
      return Optional.empty();
    }
    Optional<Label> archive = Optional.ofNullable(row.getString("last_archive")).map(Label::parse);
    JobOutcome outcome =
        switch (row.getString("last_outcome")) {
          case "finished" -> new JobOutcome.Finished(archive);
          case "already done" -> new JobOutcome.AlreadyDone(archive.orElseThrow());
          case "failed" ->
              new JobOutcome.Failed(
                  row.getString("last_what"),
                  row.getString("last_advice"),
                  row.getInt("last_retryable") == 1);
          default -> new JobOutcome.Interrupted();
        };
    return Optional.of(
        new FiringRecord(
            scheduledAt.get(),
            row.getInt("last_attempt"),
            instant(row, "last_started_at").orElseThrow(),
            instant(row, "last_ended_at").orElseThrow(),
            outcome,
            row.getInt("last_over") == 1));
  }

  private static String unreadable(ResultSet row, RuntimeException why) throws SQLException {
    return "The schedule \"%s\" in the time zone \"%s\" cannot be read by Java %s: %s"
        .formatted(
            row.getString("expression"),
            row.getString("zone"),
            Runtime.version().feature(),
            why.getMessage());
  }

  /** In place of the last outcome: a person has to look. */
  private FiringRecord lost(String unreadable) {
    String advice = "It does not fire; set it again, or run a Java that knows the zone";
    Instant now = clock.instant();
    return new FiringRecord(
        now, 1, now, now, new JobOutcome.Failed(unreadable, advice, false), true);
  }
}
