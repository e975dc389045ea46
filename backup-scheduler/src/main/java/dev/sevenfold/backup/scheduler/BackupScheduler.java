package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerState;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.PlannedFiring;
import dev.sevenfold.backup.job.Schedules;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantKeeper;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs when they are due, for hosts that have no job framework of their own. Thread-safe.
 *
 * <pre>{@code
 * BackupScheduler scheduler =
 *     BackupScheduler.builder(Path.of("jobs.sqlite3"))
 *         .job(BackupJobs.of(backups).backupTenant())
 *         .job(BackupJobs.of(backups).restoreTenant())
 *         .minimumInterval(Duration.ofHours(1))
 *         .build();
 * scheduler.set(
 *     BackupTenantJob.forTenant(tenant)
 *         .on(CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen")))
 *         .with(JobArguments.parse("controller:background_jobs")));
 * scheduler.start();
 *
 * scheduler.close();
 * }</pre>
 *
 * <p>What it promises, on db-scheduler:
 *
 * <ul>
 *   <li>Each firing runs once, on one of the nodes that share the database. If the node dies,
 *       another one, or the same after its restart, makes the next attempt after a lease. Clocks of
 *       nodes must agree within the lease.
 *   <li>A job does not overtake itself: firings that come due while it waits or runs become one.
 *   <li>A tenant's jobs run one at a time on a node, and no tenant waits behind all jobs of
 *       another.
 *   <li>A clock that jumps ahead and back again drops no firing; it may repeat one.
 *   <li>A schedule that cannot be read any more stops only itself, and says so.
 * </ul>
 *
 * <p>Setting schedules and looking at jobs needs no {@link #start}: a node that serves a dashboard
 * builds a scheduler on the same database and does not start it. Methods that use the database
 * throw {@link StoreUnavailable} if it fails.
 */
public final class BackupScheduler implements Schedules, TenantKeeper, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BackupScheduler.class);

  final Settings settings;
  final JobRows rows;
  final Keeper keeper;
  private final RunningFirings running = new RunningFirings();
  private final ScheduledExecutorService housekeepers =
      Executors.newScheduledThreadPool(2, DbScheduler.daemon("keeper"));
  private final Scheduler scheduler;
  private final Optional<String> takenOver;

  BackupScheduler(Settings settings) {
    this.settings = settings;
    JobDatabase database = settings.database();
    this.takenOver = database.alone(JobTables::prepare);
    takenOver.ifPresent(note -> log.info("In the {}: {}", database.name(), note));
    this.rows = new JobRows(database, settings.clock());
    this.keeper = new Keeper(settings, rows, running);
    this.scheduler = DbScheduler.with(settings, rows.types(), tasks(), housekeepers, running);
  }

  /** What db-scheduler runs. */
  List<Task<?>> tasks() {
    return settings.jobs().values().stream()
        .<Task<?>>map(job -> new FiringTask(settings, rows, job, running, this::plan).task())
        .toList();
  }

  /**
   * Starts a configuration with the SQLite file that keeps the jobs. It is made if there is none,
   * and set to write-ahead logging. Several processes of one machine may share it; never put it on
   * a network file system.
   */
  public static BackupSchedulerBuilder builder(Path file) {
    return new BackupSchedulerBuilder(JobDatabase.file(file));
  }

  /**
   * Starts a configuration with the host's connections to the database that keeps the jobs, one for
   * each call: PostgreSQL, or SQLite with a busy timeout. Tables are made whose names begin with
   * {@code sevenfold_job}.
   */
  public static BackupSchedulerBuilder builder(DataSource connections) {
    return new BackupSchedulerBuilder(new JobDatabase("database of the host", connections));
  }

  /**
   * What was taken over when this was built, for people: a version before had a scheduler of its
   * own, whose jobs were in the table {@code sevenfold_job}. Empty if there was no such table.
   */
  public Optional<String> takenOver() {
    return takenOver;
  }

  /**
   * Sets a job, new or in place of the one with its key. A job whose schedule stays the same keeps
   * its next firing, so that a host may set all its jobs at each start. A firing that runs goes on.
   *
   * @throws IllegalArgumentException if the schedule fires more often than the host allows
   */
  public void set(Job job) {
    job.schedule().ifPresent(schedule -> schedule.requireInterval(settings.minimumInterval()));
    Optional<JobStatus> seen = find(job.key());
    rows.save(job);
    if (seen.filter(status -> isPlannedAs(job, status)).isEmpty()) {
      plan(job);
    }
  }

  /** Whether all that a job needs is planned, or there is no need: it may be at work. */
  private static boolean isPlannedAs(Job job, JobStatus status) {
    boolean unchanged = status.job().with(job.arguments()).equals(job);
    boolean fires = job.active() && job.schedule().isPresent();
    return unchanged && (!fires || status.next().isPresent() || status.running().isPresent());
  }

  private void plan(Job job) {
    settings
        .planner()
        .first(job, rows.find(job.key()).flatMap(JobRows.Stored::over), settings.now())
        .ifPresentOrElse(next -> rows.plan(job.key(), next), () -> rows.cancel(job.key()));
  }

  /**
   * Switches a job off; it keeps its schedule, and what runs goes on.
   *
   * @return whether there is such a job
   */
  public boolean pause(JobKey key) {
    return switchTo(key, false);
  }

  /**
   * Switches a job on again; what it missed meanwhile is not made up for.
   *
   * @return whether there is such a job
   */
  public boolean resume(JobKey key) {
    return switchTo(key, true);
  }

  private boolean switchTo(JobKey key, boolean active) {
    Optional<JobStatus> seen = find(key);
    seen.ifPresent(status -> set(status.job().withActive(active)));
    return seen.isPresent();
  }

  /**
   * Requests a job that fires once, as soon as possible: a restore that somebody asked for.
   *
   * @return whether it was accepted; not if the same job already waits or runs
   */
  public boolean submit(Job job) {
    return request(job, find(job.key()), true);
  }

  /**
   * Fires a job as soon as possible, on schedule or not; its schedule goes on after it.
   *
   * @return whether it will; not if there is no such job, it is running, or cannot be read
   */
  public boolean runNow(JobKey key) {
    return rows.find(key)
        .filter(stored -> stored.unreadable().isEmpty())
        .filter(stored -> request(stored.job(), Optional.of(stored.status()), false))
        .isPresent();
  }

  private boolean request(Job job, Optional<JobStatus> seen, boolean save) {
    boolean waits = seen.flatMap(JobStatus::next).isPresent();
    if (seen.flatMap(JobStatus::running).isPresent()
        || (waits && job.schedule().isEmpty() && seen.get().job().schedule().isEmpty())) {
      return false;
    }
    if (save) {
      rows.save(job);
    }
    Instant now = settings.now();
    PlannedFiring immediate = new PlannedFiring(now, now, 1, now);
    boolean accepted = waits ? rows.plan(job.key(), immediate) : rows.add(job.key(), immediate);
    scheduler.triggerCheckForDueExecutions();
    return accepted;
  }

  /**
   * Forgets a job and what became of it. If it is running, it is interrupted with the next beat.
   *
   * @return whether there was one
   */
  public boolean remove(JobKey key) {
    boolean removed = rows.delete(key);
    rows.cancel(key);
    return removed;
  }

  /** One job, its state, what comes next, and how far it is; empty if there is none. */
  public Optional<JobStatus> find(JobKey key) {
    return rows.find(key).map(JobRows.Stored::status);
  }

  /** All jobs, ordered by tenant, label and name. */
  @Override
  public List<JobStatus> jobs() {
    return rows.all().stream().map(JobRows.Stored::status).toList();
  }

  /** The jobs of exactly this tenant, ordered by label and name. */
  public List<JobStatus> jobs(TenantId tenant) {
    Objects.requireNonNull(tenant, "tenant");
    return rows.of(tenant).stream().map(JobRows.Stored::status).toList();
  }

  @Override
  public String describe() {
    return "schedules in the " + settings.database().name();
  }

  @Override
  public List<String> kept(TenantId tenant) {
    List<String> kept = new ArrayList<>();
    rows.of(tenant).forEach(job -> kept.add(job.job().key() + " and its history in " + describe()));
    rows.tasksOf(tenant).values().forEach(firing -> kept.add(firing + ", in " + describe()));
    return kept;
  }

  /** Removes the tenant's jobs. A firing that is under way is interrupted, and named until then. */
  @Override
  public void forget(TenantId tenant) {
    jobs(tenant).forEach(status -> remove(status.job().key()));
    rows.tasksOf(tenant).keySet().forEach(rows::cancel);
  }

  /**
   * Begins to run what is due, in threads of its own, until it is stopped. They do not keep the
   * process alive.
   *
   * @throws IllegalStateException if it was started or stopped before
   */
  public synchronized void start() {
    SchedulerState state = scheduler.getSchedulerState();
    if (state.isStarted() || state.isShuttingDown()) {
      throw new IllegalStateException(
          "The scheduler is "
              + (state.isShuttingDown() ? "STOPPED" : "STARTED")
              + " and cannot be started. Build another one");
    }
    keeper.beatOn();
    long period = settings.beat().toMillis();
    Future<?> unused =
        housekeepers.scheduleWithFixedDelay(keeper::beatOn, period, period, TimeUnit.MILLISECONDS);
    scheduler.start();
  }

  /**
   * Stops: begins nothing more, waits for what runs as long as {@link
   * BackupSchedulerBuilder#stopGrace} says, then interrupts it. A backup that was interrupted is
   * run again by another node, or after the next start. Does nothing the second time.
   *
   * @return whether everything had ended by itself
   */
  public synchronized boolean stop() {
    if (!scheduler.getSchedulerState().isShuttingDown()) {
      scheduler.stop();
    }
    return running.allEnded();
  }

  /** Stops. */
  @Override
  public void close() {
    stop();
  }
}
