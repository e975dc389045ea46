package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper.ManualSchedulerBuilder;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** db-scheduler without threads, under a scheduler of ours. Use from one thread. */
final class ByHand {

  private final AtomicInteger attempts = new AtomicInteger();
  private final Keeper keeper;
  private final ManualScheduler manual;

  ByHand(BackupScheduler scheduler) {
    this.keeper = scheduler.keeper;
    ManualSchedulerBuilder builder =
        new ManualSchedulerBuilder(scheduler.settings.database().connections(), scheduler.tasks());
    builder
        .clock(
            new SettableClock() {
              @Override
              public Instant now() {
                return scheduler.settings.now();
              }
            })
        .addExecutionInterceptor(
            (instance, context, chain) -> {
              attempts.incrementAndGet();
              return chain.proceed(instance, context);
            });
    this.manual =
        DbScheduler.configured(builder, scheduler.settings, scheduler.rows.types()).build();
  }

  /** Runs what is due, until nothing is; how many attempts that were. */
  int runDue() {
    int before = attempts.get();
    keeper.beat();
    manual.runDeadExecutionDetection();
    int last;
    do {
      last = attempts.get();
      manual.runAnyDueExecutions();
    } while (attempts.get() > last);
    return attempts.get() - before;
  }
}
