package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper.ManualSchedulerBuilder;
import java.time.Instant;
import java.util.List;

/** db-scheduler without threads: it does what it is told to. Use from one thread at a time. */
final class ByHand {

  private final RunningFirings running;
  private final Keeper keeper;
  private final ManualScheduler scheduler;

  ByHand(
      Settings settings,
      JdbcCustomization types,
      List<Task<?>> tasks,
      RunningFirings running,
      Keeper keeper) {
    this.running = running;
    this.keeper = keeper;
    ManualSchedulerBuilder builder =
        new ManualSchedulerBuilder(settings.database().connections(), tasks);
    builder.clock(
        new SettableClock() {
          @Override
          public Instant now() {
            return settings.now();
          }
        });
    this.scheduler = SchedulerThreads.configured(builder, settings, types).build();
  }

  /** Runs what is due, until nothing is; how many attempts that were. */
  int runDue() {
    keeper.beat();
    scheduler.runDeadExecutionDetection();
    int before = running.begun();
    int begun;
    do {
      begun = running.begun();
      scheduler.runAnyDueExecutions();
    } while (running.begun() > begun && !Thread.currentThread().isInterrupted());
    return running.begun() - before;
  }
}
