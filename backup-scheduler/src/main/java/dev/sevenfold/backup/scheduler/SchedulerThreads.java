package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.CurrentlyExecuting;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.Waiter;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** db-scheduler with threads of ours, none of which keeps the process alive. Thread-safe. */
final class SchedulerThreads {

  private static final Duration LAST_GRACE = Duration.ofSeconds(10);

  /** Jobs of a label that this node does not know are left to others for ever. */
  private static final Duration FOR_EVER = Duration.ofDays(365_000);

  private final Settings settings;
  private final RunningFirings running;
  private final Keeper keeper;
  private final ThreadPoolExecutor workers;
  private final ScheduledExecutorService housekeepers =
      Executors.newScheduledThreadPool(2, daemon("keeper"));
  private final Scheduler scheduler;

  SchedulerThreads(
      Settings settings,
      JdbcCustomization types,
      List<Task<?>> tasks,
      RunningFirings running,
      Keeper keeper) {
    this.settings = settings;
    this.running = running;
    this.keeper = keeper;
    int threads = settings.concurrency();
    // What is found while it stops is left to others.
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemon("worker"),
            new ThreadPoolExecutor.DiscardPolicy());
    this.scheduler =
        configured(new Polling(settings, tasks), settings, types)
            .executorService(workers)
            .dueExecutor(Executors.newSingleThreadExecutor(daemon("poller")))
            .housekeeperExecutor(housekeepers)
            .schedulerName(new SchedulerName.Fixed(settings.node()))
            .clock(settings::now)
            .addSchedulerListener(new LostClaims(running))
            .pollingInterval(settings.pollInterval())
            .shutdownMaxWait(Duration.ZERO)
            .enableImmediateExecution()
            .build();
  }

  /** What holds of db-scheduler, whether it has threads or is run by hand. */
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
        .deleteUnresolvedAfter(FOR_EVER)
        .failureLogging(LogLevel.WARN, true);
    return builder;
  }

  private static ThreadFactory daemon(String task) {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "sevenfold-" + task + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  void start() {
    keeper.beatOn();
    long period = settings.beat().toMillis();
    Future<?> unused =
        housekeepers.scheduleWithFixedDelay(
            keeper::beatOn, period, period, TimeUnit.MILLISECONDS);
    scheduler.start();
  }

  /** Asks at once what is due. */
  void wake() {
    scheduler.triggerCheckForDueExecutions();
  }

  /** Stops; whether everything had ended by itself. */
  boolean stop(Duration grace) {
    // First nobody begins any more; then nobody works any more; db-scheduler beats to the last.
    scheduler.pause();
    workers.shutdown();
    workers.getQueue().clear();
    boolean ended = false;
    try {
      ended = workers.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS);
      if (!ended) {
        interruptAll();
        workers.awaitTermination(LAST_GRACE.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      interruptAll();
      Thread.currentThread().interrupt();
    }
    scheduler.stop();
    return ended;
  }

  private void interruptAll() {
    running.all().forEach(firing -> firing.interrupt("the scheduler stops"));
  }

  /** Waits between two polls by the time that passes, whatever the clock says. */
  private static final class Polling extends SchedulerBuilder {

    Polling(Settings settings, List<Task<?>> tasks) {
      super(settings.database().connections(), tasks);
    }

    @Override
    protected Waiter buildWaiter() {
      long start = System.nanoTime();
      return new Waiter(
          poolingInterval, () -> Instant.EPOCH.plusNanos(System.nanoTime() - start));
    }
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
