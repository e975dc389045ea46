package dev.sevenfold.examples.jobs.dbscheduler;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.jobs.Application;
import dev.sevenfold.examples.jobs.Foreground;
import dev.sevenfold.examples.jobs.FrameworkHost;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Backups under db-scheduler, which keeps one row for each tenant: in PostgreSQL for several
 * processes, or in SQLite for one. For hosts that have db-scheduler already, with tasks of their
 * own beside the backups; others use {@code BackupScheduler}, which is this and more. Thread-safe.
 *
 * <p>The row holds the {@link Firing}, so that a retry, which has a time of its own, still serves
 * the instant of the schedule.
 */
public final class DbSchedulerHost implements FrameworkHost {

  private static final TaskDescriptor<Firing> BACKUP =
      TaskDescriptor.of(BackupTenantJob.LABEL, Firing.class);

  private final Application application;
  private final Clock clock = Clock.systemUTC();
  private final Scheduler scheduler;

  /**
   * A host that is not started.
   *
   * @param jobs a database with the table of db-scheduler, see {@link DbSchedulerTable}
   * @param pollInterval how often db-scheduler looks what is due
   */
  public DbSchedulerHost(Application application, DataSource jobs, Duration pollInterval) {
    this.application = application;
    CustomTask<Firing> task =
        Tasks.custom(BACKUP)
            // Not a failed backup, which is an outcome, but an error of this program.
            .onFailure(new FailureHandler.OnFailureRetryLater<>(application.retryAfter()))
            .onDeadExecutionRevive()
            .execute(this::backUp);
    SchedulerBuilder builder =
        Scheduler.create(jobs, task)
            .pollingInterval(pollInterval)
            .shutdownMaxWait(Duration.ofSeconds(30))
            .threads(2);
    this.scheduler = builder.build();
  }

  /**
   * Runs it as a program, of which several may run on one database.
   *
   * @param arguments the application's folder, and the URL of a PostgreSQL database
   * @throws Exception if it cannot be started
   */
  public static void main(String[] arguments) throws Exception {
    DataSource jobs = Foreground.database(arguments);
    DbSchedulerTable.createIn(jobs);
    Foreground.run(
        arguments, application -> new DbSchedulerHost(application, jobs, Duration.ofSeconds(1)));
  }

  private CompletionHandler<Firing> backUp(
      TaskInstance<Firing> instance, ExecutionContext context) {
    Firing firing = instance.getData();
    JobOutcome outcome = application.backUp(firing);
    if (Application.isToBeRetried(outcome)) {
      Instant dueAt = clock.instant().plus(application.retryAfter());
      return (completed, operations) -> operations.reschedule(completed, dueAt, firing);
    }
    TenantId tenant = TenantId.of(instance.getId());
    return application
        .next(tenant)
        .<CompletionHandler<Firing>>map(
            next ->
                (completed, operations) ->
                    operations.reschedule(completed, next, application.firing(tenant, next)))
        .orElse((completed, operations) -> operations.stop());
  }

  @Override
  public void start() {
    for (TenantId tenant : application.backups().tenants()) {
      // A row that is there survived the restart, and fires at once if its time has passed.
      application
          .next(tenant)
          .ifPresent(next -> scheduler.scheduleIfNotExists(instance(tenant, next), next));
    }
    scheduler.start();
  }

  private TaskInstance<Firing> instance(TenantId tenant, Instant scheduledAt) {
    return BACKUP.instance(tenant.value()).data(application.firing(tenant, scheduledAt)).build();
  }

  @Override
  public void plan(TenantId tenant, Instant scheduledAt) {
    TaskInstance<Firing> instance = instance(tenant, scheduledAt);
    if (!scheduler.scheduleIfNotExists(instance, scheduledAt)) {
      scheduler.reschedule(instance, scheduledAt, instance.getData());
    }
  }

  @Override
  public Optional<Instant> planned(TenantId tenant) {
    return scheduler
        .getScheduledExecution(BACKUP.instanceId(tenant.value()))
        .map(ScheduledExecution::getData)
        .map(data -> ((Firing) data).scheduledAt());
  }

  @Override
  public void close() {
    scheduler.stop();
  }
}
