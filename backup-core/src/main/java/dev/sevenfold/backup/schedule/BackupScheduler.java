package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Runs jobs when they are due, for hosts that have no job framework of their own. Thread-safe.
 *
 * <pre>{@code
 * BackupScheduler scheduler =
 *     BackupScheduler.builder(SqliteJobStore.open(Path.of("jobs.sqlite3")))
 *         .job(BackupJobs.of(backups).backupTenant())
 *         .job(BackupJobs.of(backups).restoreTenant())
 *         .minimumInterval(Duration.ofHours(1))
 *         .build();
 * scheduler.set(
 *     BackupTenantJob.forTenant(tenant)
 *         .on(CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen")))
 *         .with(JobArguments.parse("controller:background_jobs")));
 * scheduler.start();
 * }</pre>
 *
 * <p>What it promises:
 *
 * <ul>
 *   <li>Each firing runs once, on one of the nodes that share the store. If the node dies, another
 *       one, or the same after its restart, makes the next attempt after a lease.
 *   <li>A job does not overtake itself: firings that come due while it waits or runs become one.
 *   <li>A tenant's jobs run one at a time, and no tenant waits behind all jobs of another.
 *   <li>A clock that jumps ahead and back again neither repeats nor drops firings, as far as the
 *       {@linkplain JobStore#KEPT_FIRINGS history} goes back.
 * </ul>
 *
 * <p>Setting schedules and looking at jobs needs no {@link #start}: a node that serves a dashboard
 * builds a scheduler on the same store and does not start it. Methods that use the store throw
 * {@link StoreUnavailable} if it fails.
 */
public final class BackupScheduler implements AutoCloseable {

  /** How long {@link #close} waits for what runs. */
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(30);

  private final Settings settings;
  private final JobStore store;
  private final Planner planner;
  private final SchedulerThreads threads;

  BackupScheduler(Settings settings) {
    this.settings = settings;
    this.store = settings.store();
    this.planner = settings.planner();
    this.threads = new SchedulerThreads(settings);
  }

  /** Starts a configuration with where the jobs are kept. */
  public static BackupSchedulerBuilder builder(JobStore store) {
    return new BackupSchedulerBuilder(store);
  }

  /**
   * Sets a job, new or in place of the one with its key. A job whose schedule stays the same keeps
   * its next firing, so that a host may set all its jobs at each start. A firing that runs goes on.
   *
   * @throws IllegalArgumentException if the schedule fires more often than the host allows
   */
  public void set(Job job) {
    job.schedule().ifPresent(schedule -> schedule.requireInterval(settings.minimumInterval()));
    boolean kept = false;
    while (!kept) {
      Optional<StoredJob> seen = store.find(job.key());
      kept = store.save(job, next(job, seen), seen.map(StoredJob::revision).orElse(0L));
    }
    threads.wake();
  }

  private Optional<PlannedFiring> next(Job job, Optional<StoredJob> seen) {
    if (seen.isPresent()) {
      Job before = seen.get().job();
      boolean sameSchedule = before.schedule().equals(job.schedule());
      if (sameSchedule && before.active() == job.active()) {
        return seen.get().next();
      }
    }
    return planner.first(job, settings.now(), over(job.key(), seen));
  }

  private Predicate<Instant> over(JobKey key, Optional<StoredJob> seen) {
    Optional<Instant> running = seen.flatMap(StoredJob::running).map(Claim::scheduledAt);
    return instant -> running.filter(instant::equals).isPresent() || store.isOver(key, instant);
  }

  /**
   * Requests a job that fires once, as soon as possible: a restore that somebody asked for.
   *
   * @return whether it was accepted; not if the same job already waits or runs
   */
  public boolean submit(Job job) {
    while (true) {
      Optional<StoredJob> seen = store.find(job.key());
      if (seen.filter(BackupScheduler::isUnderWay).isPresent()) {
        return false;
      }
      Optional<PlannedFiring> now = Optional.of(planner.immediate(job, settings.now()));
      if (store.save(job, now, seen.map(StoredJob::revision).orElse(0L))) {
        threads.wake();
        return true;
      }
    }
  }

  private static boolean isUnderWay(StoredJob stored) {
    return stored.running().isPresent()
        || (stored.job().schedule().isEmpty() && stored.next().isPresent());
  }

  /**
   * Fires a job as soon as possible, on schedule or not; its schedule goes on after it.
   *
   * @return whether it will; not if there is no such job or it is running
   */
  public boolean runNow(JobKey key) {
    return store.find(key).map(stored -> submit(stored.job())).orElse(false);
  }

  /**
   * Forgets a job and its history. If it is running, it is interrupted with the next beat.
   *
   * @return whether there was one
   */
  public boolean remove(JobKey key) {
    return store.remove(key);
  }

  /** One job, its state, what comes next, and how far it is; empty if there is none. */
  public Optional<StoredJob> find(JobKey key) {
    return store.find(key);
  }

  /** All jobs, ordered by tenant, label and name. */
  public List<StoredJob> jobs() {
    return store.list();
  }

  /** The jobs of exactly this tenant, ordered by label and name. */
  public List<StoredJob> jobs(TenantId tenant) {
    return store.list(Objects.requireNonNull(tenant, "tenant"));
  }

  /** What became of a job's firings, the latest first. */
  public List<FiringRecord> history(JobKey key, int limit) {
    return store.history(key, limit);
  }

  /**
   * Begins to run what is due, in threads of its own, until it is stopped. They do not keep the
   * process alive.
   *
   * @throws IllegalStateException if it was started or stopped before
   */
  public void start() {
    threads.start();
  }

  /**
   * Runs everything that is due in the calling thread, one after the other, and returns. For hosts
   * that have a timer, and for tests.
   *
   * @return how many firings were attempted
   * @throws IllegalStateException if it was started or stopped
   */
  public int runDue() {
    return threads.runDue();
  }

  /**
   * Stops: claims nothing more, waits for what runs, then interrupts it. A backup that was
   * interrupted is run again by another node, or after the next start. Does nothing the second
   * time.
   *
   * @return whether everything had ended by itself
   */
  public boolean stop(Duration grace) {
    return threads.stop(grace);
  }

  /** Stops, and grants half a minute. The store stays open: it is the host's. */
  @Override
  public void close() {
    stop(CLOSE_GRACE);
  }
}
