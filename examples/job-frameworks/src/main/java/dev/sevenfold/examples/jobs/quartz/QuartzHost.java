package dev.sevenfold.examples.jobs.quartz;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.jobs.Application;
import dev.sevenfold.examples.jobs.Foreground;
import dev.sevenfold.examples.jobs.FrameworkHost;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/**
 * Backups under Quartz, which keeps its jobs in PostgreSQL: several processes may share them.
 * Thread-safe.
 *
 * <p>Each tenant has one trigger, for its next firing alone, and each attempt sets the next one. A
 * cron trigger of Quartz would read the expression in its own way: it has seconds, counts weekdays
 * from 1, and lets a time that a clock change leaves out pass.
 */
public final class QuartzHost implements FrameworkHost {

  static final String SCHEDULED_AT = "scheduledAt";
  static final String APPLICATION = "application";

  private static final String POOL = "jobs";

  private final Application application;
  private final Scheduler scheduler;

  /**
   * A host that is not started.
   *
   * @param jobs a PostgreSQL database with the tables of Quartz, tables_postgres.sql in its jar
   */
  public QuartzHost(Application application, DataSource jobs) {
    this.application = application;
    DBConnectionManager.getInstance().addConnectionProvider(POOL, new Connections(jobs));
    try {
      StdSchedulerFactory factory = new StdSchedulerFactory();
      factory.initialize(properties());
      scheduler = factory.getScheduler();
      scheduler.getContext().put(APPLICATION, application);
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz cannot be set up", e);
    }
  }

  /**
   * Runs it as a program.
   *
   * @param arguments the application's folder, and the URL of a PostgreSQL database
   * @throws Exception if it cannot be started
   */
  public static void main(String[] arguments) throws Exception {
    DataSource jobs = Foreground.database(arguments);
    Foreground.run(arguments, application -> new QuartzHost(application, jobs));
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", "backups");
    properties.setProperty("org.quartz.scheduler.instanceId", "AUTO");
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    properties.setProperty("org.quartz.threadPool.threadCount", "2");
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    properties.setProperty(
        "org.quartz.jobStore.driverDelegateClass",
        "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
    properties.setProperty("org.quartz.jobStore.dataSource", POOL);
    properties.setProperty("org.quartz.jobStore.useProperties", "true");
    properties.setProperty("org.quartz.jobStore.isClustered", "true");
    return properties;
  }

  @Override
  public void start() {
    try {
      for (TenantId tenant : application.backups().tenants()) {
        // A trigger that is there survived the restart, and fires at once if its time has passed.
        if (!scheduler.checkExists(trigger(tenant))) {
          application.next(tenant).ifPresent(instant -> plan(tenant, instant));
        }
      }
      scheduler.start();
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz cannot be started", e);
    }
  }

  @Override
  public void plan(TenantId tenant, Instant scheduledAt) {
    try {
      planAttempt(scheduler, tenant, scheduledAt, scheduledAt);
    } catch (SchedulerException e) {
      throw new IllegalStateException("The backup of tenant " + tenant + " is not planned", e);
    }
  }

  static void planAttempt(Scheduler scheduler, TenantId tenant, Instant scheduledAt, Instant dueAt)
      throws SchedulerException {
    JobDetail job =
        JobBuilder.newJob(QuartzBackup.class)
            .withIdentity(new JobKey(tenant.value(), BackupTenantJob.LABEL))
            .storeDurably()
            // By another node, if this one dies: a second attempt makes no second backup.
            .requestRecovery()
            .build();
    scheduler.addJob(job, true);
    Trigger next =
        TriggerBuilder.newTrigger()
            .withIdentity(trigger(tenant))
            .forJob(job)
            .usingJobData(SCHEDULED_AT, scheduledAt.toString())
            .startAt(Date.from(dueAt))
            .withSchedule(
                SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
            .build();
    if (scheduler.rescheduleJob(trigger(tenant), next) == null) {
      scheduler.scheduleJob(next);
    }
  }

  private static TriggerKey trigger(TenantId tenant) {
    return new TriggerKey(tenant.value(), BackupTenantJob.LABEL);
  }

  @Override
  public Optional<Instant> planned(TenantId tenant) {
    try {
      return Optional.ofNullable(scheduler.getTrigger(trigger(tenant)))
          .map(trigger -> Instant.parse(trigger.getJobDataMap().getString(SCHEDULED_AT)));
    } catch (SchedulerException e) {
      throw new IllegalStateException("What is planned cannot be read", e);
    }
  }

  @Override
  public void close() {
    try {
      scheduler.shutdown(true);
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz cannot be stopped", e);
    }
  }

  /** Lends Quartz the application's connections. */
  private record Connections(DataSource source) implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return source.getConnection();
    }

    @Override
    public void initialize() {
      // The application's pool is there already.
    }

    @Override
    public void shutdown() {
      // It is the application's to close.
    }
  }
}
