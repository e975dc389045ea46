package dev.sevenfold.backup.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * A scheduler that does nothing until it is told to, on time that is moved by hand: for tests of
 * hosts. Use from one thread.
 */
public final class ManualScheduler implements AutoCloseable {

  private final ManualTime time;
  private final BackupScheduler scheduler;

  /** A scheduler on a store, configured further as its host does. */
  public ManualScheduler(
      JobStore store, ManualTime time, UnaryOperator<BackupSchedulerBuilder> configure) {
    this.time = time;
    this.scheduler =
        configure
            .apply(
                BackupScheduler.builder(store)
                    .clock(time)
                    .nanoTime(time::nanoTime)
                    .jitter(Duration.ZERO))
            .build();
  }

  /** The scheduler itself. */
  public BackupScheduler scheduler() {
    return scheduler;
  }

  /** Runs what is due. */
  public int runDue() {
    return scheduler.runDue();
  }

  /** Lets time pass, then runs what is due. */
  public int tick(Duration passed) {
    time.pass(passed);
    return runDue();
  }

  /** Lets time pass until an instant in steps, and runs what is due after each. */
  public int runUntil(Instant end, Duration step) {
    int attempts = 0;
    while (time.instant().isBefore(end)) {
      attempts += tick(step);
    }
    return attempts;
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
