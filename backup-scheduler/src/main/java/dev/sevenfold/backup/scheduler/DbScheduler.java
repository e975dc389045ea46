package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.CurrentlyExecuting;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.Waiter;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/** Sets db-scheduler up as ours. Use from one thread. */
final class DbScheduler extends SchedulerBuilder {

  /** Jobs of a label that this node does not know are left to others for ever. */
  private static final Duration FOR_EVER = Duration.ofDays(365_000);

  private DbScheduler(Settings settings, List<Task<?>> tasks) {
    super(settings.database().connections(), tasks);
  }

  /** One with threads, none of which keeps the process alive. */
  static Scheduler with(
      Settings settings,
      JdbcCustomization types,
      List<Task<?>> tasks,
      ScheduledExecutorService housekeepers,
      RunningFirings running) {
    return configured(new DbScheduler(settings, tasks), settings, types)
        .executorService(Executors.newFixedThreadPool(settings.concurrency(), daemon("worker")))
        .dueExecutor(Executors.newSingleThreadExecutor(daemon("poller")))
        .housekeeperExecutor(housekeepers)
        .schedulerName(new SchedulerName.Fixed(settings.node()))
        .clock(settings::now)
        .addSchedulerListener(new LostClaims(running))
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

  /** After a lease without a beat another node may have taken over: two must not work. */
  private static final class LostClaims extends AbstractSchedulerListener {

    private final RunningFirings running;

    LostClaims(RunningFirings running) {
      this.running = running;
    }

    @Override
    public void onExecutionFailedHeartbeat(CurrentlyExecuting executing) {
      if (executing.getHeartbeatState().getFractionDead() >= 1) {
        running
            .find(
                JobRows.key(
                    executing.getTaskInstance().getTaskName(), executing.getTaskInstance().getId()))
            .ifPresent(firing -> firing.interrupt("its claim is lost"));
      }
    }
  }
}
