package dev.sevenfold.examples.jobs.jobrunr;

import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.jobs.Application;
import dev.sevenfold.examples.jobs.Foreground;
import dev.sevenfold.examples.jobs.FrameworkHost;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.Job;
import org.jobrunr.jobs.filters.RetryFilter;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.Paging.AmountBasedList;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.sqlite.SqLiteStorageProvider;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Backups under JobRunr, which keeps its jobs in a SQLite file, and shows them in a dashboard of
 * its own if it is asked to. JobRunr is a static singleton of the process. Thread-safe.
 *
 * <p>Each firing is a job of its own, with an id that JobRunr chooses: one made of the firing would
 * be taken for ever, also by a job that was deleted, and that night could not be planned again.
 * Recurring jobs of JobRunr would read the expression in their own way, and the free edition has a
 * hundred of them.
 */
public final class JobRunrHost implements FrameworkHost {

  private static final int MOST_JOBS = 100_000;
  private static final int RETRIES = 10;

  private final Application application;
  private final StorageProvider storage;
  private final JobRequestScheduler scheduler;
  private final BackgroundJobServer server;

  /**
   * A host that is not started.
   *
   * @param jobs the SQLite file of JobRunr, which is made if there is none
   * @param pollInterval how often JobRunr looks what is due
   */
  public JobRunrHost(Application application, Path jobs, Duration pollInterval) {
    this.application = application;
    this.storage = new SqLiteStorageProvider(connections(jobs));
    BackgroundJobServerConfiguration polling =
        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
            .andPollInterval(pollInterval)
            .andWorkerCount(2);
    // JobRunr makes each wait longer by this factor.
    int seconds = (int) Math.max(2, application.retryAfter().toSeconds());
    var configured =
        JobRunr.configure()
            .useStorageProvider(storage)
            .useJobActivator(new Handlers(application, this))
            .withJobFilter(new RetryFilter(RETRIES, seconds))
            .useBackgroundJobServer(polling, false)
            .initialize();
    this.scheduler = configured.getJobRequestScheduler();
    this.server = Objects.requireNonNull(configured.getBackgroundJobServer());
  }

  private static SQLiteDataSource connections(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setBusyTimeout(10_000);
    // JobRunr reads first and writes then: a transaction that turns from one into the other fails.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  /**
   * Runs it as a program.
   *
   * @param arguments the application's folder
   * @throws Exception if it cannot be started
   */
  public static void main(String[] arguments) throws Exception {
    Foreground.run(
        arguments,
        application ->
            new JobRunrHost(
                application,
                application.folder().resolve("jobrunr.sqlite3"),
                Duration.ofSeconds(15)));
  }

  @Override
  public void start() {
    for (TenantId tenant : application.backups().tenants()) {
      // What is there survived the restart, and fires at once if its time has passed.
      if (planned(tenant).isEmpty()) {
        application.next(tenant).ifPresent(instant -> planBeside(tenant, instant));
      }
    }
    server.start();
  }

  @Override
  public void plan(TenantId tenant, Instant scheduledAt) {
    jobs(tenant).map(Job::getId).toList().forEach(scheduler::delete);
    planBeside(tenant, scheduledAt);
  }

  /** Plans a firing unless it is; what else is planned, a retry of an earlier one, stays. */
  void planBeside(TenantId tenant, Instant scheduledAt) {
    if (jobs(tenant).noneMatch(job -> request(job).scheduledAt().equals(scheduledAt.toString()))) {
      scheduler.schedule(scheduledAt, new BackupRequest(tenant.value(), scheduledAt.toString()));
    }
  }

  @Override
  public Optional<Instant> planned(TenantId tenant) {
    return jobs(tenant)
        .map(job -> Instant.parse(request(job).scheduledAt()))
        .max(Instant::compareTo);
  }

  private Stream<Job> jobs(TenantId tenant) {
    return storage
        .getJobList(StateName.SCHEDULED, AmountBasedList.ascOnScheduledAt(MOST_JOBS))
        .stream()
        .filter(job -> request(job).tenant().equals(tenant.value()));
  }

  private static BackupRequest request(Job job) {
    return (BackupRequest) job.getJobDetails().getJobParameterValues()[0];
  }

  @Override
  public void close() {
    JobRunr.destroy();
  }

  /** Makes the handlers, which need the application. */
  private record Handlers(Application application, JobRunrHost host) implements JobActivator {
    @Override
    public <T> T activateJob(Class<T> type) {
      return type.cast(new BackupHandler(application, host));
    }
  }
}
