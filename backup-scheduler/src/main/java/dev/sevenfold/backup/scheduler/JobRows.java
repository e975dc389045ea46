package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The jobs as they are kept: rows of {@code sevenfold_job_schedule}, which are ours, read beside
 * those of db-scheduler, which its client changes. Thread-safe.
 */
final class JobRows {

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

  private static final String OF_KEY = "WHERE tenant = ? AND label = ? AND name = ?";

  private final JobDatabase database;
  private final JdbcCustomization types;
  private final SchedulerClient client;
  private final Clock clock;

  /** Uses tables that are there; the clock says when a schedule was found to be unreadable. */
  JobRows(JobDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
    // Asked to find out by itself, db-scheduler takes a database that is down for an unknown one.
    this.types =
        database.call(JobDatabase::isSqlite)
            ? new SqliteJdbcCustomization()
            : new PostgreSqlJdbcCustomization(false, false);
    this.client =
        SchedulerClient.Builder.create(database.connections())
            .tableName(JobTables.TASKS)
            .serializer(new PlannedFiringText())
            .jdbcCustomization(types)
            .build();
  }

  /** How db-scheduler talks to this database. */
  JdbcCustomization types() {
    return types;
  }

  /** Plans a firing, in place of the one that is planned; not while one is under way. */
  boolean plan(JobKey key, PlannedFiring firing) {
    return byClient(
        () ->
            client.schedule(
                task(key, firing), firing.dueAt(), ScheduleOptions.WHEN_EXISTS_RESCHEDULE));
  }

  /** Plans a firing unless one is planned or under way. */
  boolean add(JobKey key, PlannedFiring firing) {
    return byClient(() -> client.scheduleIfNotExists(task(key, firing), firing.dueAt()));
  }

  private static TaskInstance<PlannedFiring> task(JobKey key, PlannedFiring firing) {
    return new TaskInstance<>(key.label(), id(key).getId(), firing);
  }

  /** Plans nothing any more; what is under way goes on. */
  void cancel(JobKey key) {
    byClient(
        () -> {
          client.cancel(id(key));
          return true;
        });
  }

  private boolean byClient(BooleanSupplier call) {
    while (true) {
      try {
        return call.getAsBoolean();
      } catch (TaskInstanceCurrentlyExecutingException | TaskInstanceNotFoundException e) {
        return false;
      } catch (ExecutionException e) {
        // Somebody changed it between its two statements: look again.
        Thread.onSpinWait();
      } catch (RuntimeException e) {
        throw database.unavailable(e);
      }
    }
  }

  /** Sets beats that lie after an instant to now. */
  void bringBeatsBack(Instant after, Instant now) {
    database.call(
        on -> {
          try (PreparedStatement beats =
              on.prepareStatement(
                  """
                  UPDATE sevenfold_job_task SET last_heartbeat = ?
                  WHERE picked = ? AND last_heartbeat > ?
                  """)) {
            types.setInstant(beats, 1, now);
            beats.setBoolean(2, true);
            types.setInstant(beats, 3, after);
            return beats.executeUpdate();
          }
        });
  }

  Optional<Stored> find(JobKey key) {
    return select(OF_KEY, tenant(key), key.label(), key.name()).stream().findFirst();
  }

  List<Stored> all() {
    return select("ORDER BY tenant, label, name");
  }

  List<Stored> of(TenantId tenant) {
    return select("WHERE tenant = ? ORDER BY label, name", tenant.value());
  }

  /** What db-scheduler keeps of a tenant, of jobs that were removed too: a line each. */
  Map<JobKey, String> tasksOf(TenantId tenant) {
    Map<JobKey, String> tasks = new LinkedHashMap<>();
    database
        .call(on -> JobDatabase.query(on, "SELECT * FROM sevenfold_job_task", JobRows::task))
        .stream()
        .filter(task -> task.getKey().tenant().equals(Optional.of(tenant)))
        .forEach(task -> tasks.put(task.getKey(), task.getValue()));
    return tasks;
  }

  private static Map.Entry<JobKey, String> task(ResultSet row) throws SQLException {
    TaskInstanceId id =
        TaskInstanceId.of(row.getString("task_name"), row.getString("task_instance"));
    boolean picked = row.getBoolean("picked");
    String state = picked ? "is under way on " + row.getString("picked_by") : "is planned";
    return Map.entry(key(id), "a firing of " + key(id) + " " + state);
  }

  private List<Stored> select(String rest, @Nullable Object... values) {
    return database.call(on -> JobDatabase.query(on, SELECT + rest, this::read, values));
  }

  /** Changes the row of a job; whether there is one. */
  private boolean change(JobKey key, String statement, Object... values) {
    List<Object> bound = new ArrayList<>(List.of(values));
    bound.addAll(List.of(tenant(key), key.label(), key.name()));
    return database.call(on -> JobDatabase.update(on, statement + OF_KEY, bound.toArray())) == 1;
  }

  /** Keeps a job, new or in place of the one with its key; what became of it stays. */
  void save(Job job) {
    database.call(
        on ->
            JobDatabase.update(
                on,
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
                job.schedule().map(CronSchedule::expression),
                job.schedule().map(schedule -> schedule.zone().getId()),
                job.active()));
  }

  /** Forgets a job; whether there was one. */
  boolean delete(JobKey key) {
    return change(key, "DELETE FROM sevenfold_job_schedule ");
  }

  /** Keeps what became of the latest attempt. */
  void record(JobKey key, FiringRecord record) {
    JobOutcome outcome = record.outcome();
    Optional<JobOutcome.Failed> failed =
        outcome instanceof JobOutcome.Failed failure ? Optional.of(failure) : Optional.empty();
    change(
        key,
        """
        UPDATE sevenfold_job_schedule SET first_fired_at = coalesce(first_fired_at, ?),
          last_scheduled_at = ?, last_attempt = ?, last_started_at = ?, last_ended_at = ?,
          last_outcome = ?, last_archive = ?, last_what = ?, last_advice = ?, last_retryable = ?,
          last_over = ?, progress_step = NULL
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
        record.over());
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
  boolean progress(JobKey key, Optional<JobProgress> at) {
    return change(
        key,
        """
        UPDATE sevenfold_job_schedule SET progress_step = ?, progress_unit = ?, progress_done = ?,
          progress_total = ?
        """,
        at.map(JobProgress::step),
        at.map(progress -> progress.unit().name()),
        at.map(JobProgress::done),
        at.map(JobProgress::total));
  }

  private static String tenant(JobKey key) {
    // A tenant id is never empty.
    return key.tenant().map(TenantId::value).orElse("");
  }

  /** How db-scheduler calls a job; a name has no slash. */
  private static TaskInstanceId id(JobKey key) {
    return TaskInstanceId.of(key.label(), key.name() + "/" + tenant(key));
  }

  static JobKey key(TaskInstanceId task) {
    String[] parts = task.getId().split("/", 2);
    return key(task.getTaskName(), parts[1], parts[0]);
  }

  private static JobKey key(String label, String tenant, String name) {
    return new JobKey(
        label, tenant.isEmpty() ? Optional.empty() : Optional.of(TenantId.of(tenant)), name);
  }

  private Stored read(ResultSet row) throws SQLException {
    String expression = row.getString("expression");
    String zone = row.getString("zone");
    Optional<CronSchedule> schedule = Optional.empty();
    Optional<String> unreadable = Optional.empty();
    try {
      if (expression != null) {
        schedule = Optional.of(CronSchedule.parse(expression, ZoneId.of(zone)));
      }
    } catch (RuntimeException e) {
      unreadable =
          Optional.of(
              "The schedule \"%s\" in the time zone \"%s\" cannot be read by Java %s: %s"
                  .formatted(expression, zone, Runtime.version().feature(), e.getMessage()));
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
    String node = row.getString("picked_by");
    Optional<JobProgress> progress = progress(row);
    Optional<FiringRecord> last = last(row);
    return new Stored(
        new JobStatus(
            job,
            planned.filter(any -> !picked),
            planned
                .filter(any -> picked)
                .map(at -> new JobStatus.Running(node, at.scheduledAt(), at.attempt(), progress)),
            unreadable.map(this::lost).or(() -> last),
            instant(row, "first_fired_at")),
        unreadable);
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  private static Optional<JobProgress> progress(ResultSet row) throws SQLException {
    String step = row.getString("progress_step");
    return step == null
        ? Optional.empty()
        : Optional.of(
            new JobProgress(
                step,
                Progress.Unit.valueOf(row.getString("progress_unit")),
                row.getLong("progress_done"),
                row.getLong("progress_total")));
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

  /** In place of the last outcome: a person has to look. */
  private FiringRecord lost(String unreadable) {
    String advice = "It does not fire; set it again, or run a Java that knows the zone";
    Instant now = clock.instant();
    return new FiringRecord(
        now, 1, now, now, new JobOutcome.Failed(unreadable, advice, false), true);
  }
}
