package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.Waiter;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;

/** Sets db-scheduler up as ours. Use from one thread. */
final class DbScheduler extends SchedulerBuilder {

  /** Jobs of a label that this node does not know are left to others for ever. */
  private static final Duration FOR_EVER = Duration.ofDays(365_000);

  private DbScheduler(DataSource connections, List<Task<?>> tasks) {
    super(connections, tasks);
  }

  /** One that is not started; none of its threads keeps the process alive. */
  static Scheduler with(
      Settings settings,
      JdbcCustomization types,
      List<Task<?>> tasks,
      ScheduledExecutorService housekeepers,
      RunningFirings running) {
    DbScheduler builder = new DbScheduler(settings.database().connections(), tasks);
    return configured(builder, settings, types)
        .executorService(Executors.newFixedThreadPool(settings.concurrency(), daemon("worker")))
        .dueExecutor(Executors.newSingleThreadExecutor(daemon("poller")))
        .housekeeperExecutor(housekeepers)
        .schedulerName(new SchedulerName.Fixed(settings.node()))
        .clock(settings::now)
        .addSchedulerListener(running)
        .pollingInterval(settings.pollInterval())
        .shutdownMaxWait(settings.stopGrace())
        .enableImmediateExecution()
        .build();
  }

  /** What holds whether it has threads, or is run by hand in a test. */
  static <B extends SchedulerBuilder> B configured(
      B builder, Settings settings, JdbcCustomization types) {
    builder
        .threads(settings.concurrency())
        .heartbeatInterval(settings.beat())
        .missedHeartbeatsLimit(Settings.BEATS_OF_LEASE)
        .tableName(JobTables.TASKS)
        .serializer(new PlannedFiringText())
        .jdbcCustomization(types)
        .commitWhenAutocommitDisabled(true)
        .deleteUnresolvedAfter(FOR_EVER);
    return builder;
  }

  static ThreadFactory daemon(String task) {
    return work -> {
      Thread thread = new Thread(work, "sevenfold-" + task);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Between two polls, time passes; whatever the clock says. */
  @Override
  protected Waiter buildWaiter() {
    long start = System.nanoTime();
    return new Waiter(poolingInterval, () -> Instant.EPOCH.plusNanos(System.nanoTime() - start));
  }
}
