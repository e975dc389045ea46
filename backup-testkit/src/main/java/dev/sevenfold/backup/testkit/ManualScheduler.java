package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.schedule.BackupScheduler;
import dev.sevenfold.backup.schedule.BackupSchedulerBuilder;
import dev.sevenfold.backup.schedule.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A {@link BackupScheduler} that runs nothing until a test says so, in the test's own thread, by a
 * clock that the test moves: a month of nights in a moment. Use from one thread.
 *
 * <pre>{@code
 * MutableClock clock = MutableClock.at("2026-11-23T00:00:00Z");
 * try (ManualScheduler nights =
 *     ManualScheduler.on(new InMemoryJobStore(), clock, builder -> builder.job(job))) {
 *   nights.scheduler().set(BackupTenantJob.forTenant(tenant).on(schedule));
 *   nights.runUntil(Instant.parse("2026-12-23T00:00:00Z"), Duration.ofMinutes(30));
 * }
 * }</pre>
 *
 * <p>Two of them on one store are two nodes. A clock that is set with {@link MutableClock#jumpTo}
 * jumps; with {@link #tick} time passes.
 */
public final class ManualScheduler implements AutoCloseable {

  private final MutableClock clock;
  private final AtomicLong nanos = new AtomicLong();
  private final BackupScheduler scheduler;

  private ManualScheduler(
      JobStore store, MutableClock clock, UnaryOperator<BackupSchedulerBuilder> configure) {
    this.clock = clock;
    this.scheduler =
        configure
            .apply(
                BackupScheduler.builder(store)
                    .clock(clock)
                    .nanoTime(nanos::get)
                    .jitter(Duration.ZERO))
            .build();
  }

  /**
   * A scheduler without jitter, so that a firing starts at its instant.
   *
   * @param store where the jobs are; it stays open
   * @param clock what time it is, also for the jobs
   * @param configure does the rest as the host does, and adds the jobs
   */
  public static ManualScheduler on(
      JobStore store, MutableClock clock, UnaryOperator<BackupSchedulerBuilder> configure) {
    return new ManualScheduler(store, clock, configure);
  }

  /** The scheduler itself, to set jobs and to look at them. It cannot be started. */
  public BackupScheduler scheduler() {
    return scheduler;
  }

  /**
   * Runs everything that is due now.
   *
   * @return how many firings were attempted
   */
  public int runDue() {
    return scheduler.runDue();
  }

  /**
   * Lets time pass, then runs what is due.
   *
   * @return how many firings were attempted
   */
  public int tick(Duration passed) {
    clock.advance(passed);
    nanos.addAndGet(passed.toNanos());
    return runDue();
  }

  /**
   * Lets time pass until an instant, in steps, and runs what is due after each.
   *
   * @param step no longer than the time between two firings: those of one step become one
   * @return how many firings were attempted
   */
  public int runUntil(Instant end, Duration step) {
    if (step.isNegative() || step.isZero()) {
      throw new IllegalArgumentException(
          "Time does not pass in steps of " + step + ". Write a duration of some length");
    }
    int attempts = 0;
    while (clock.instant().isBefore(end)) {
      attempts += tick(step);
    }
    return attempts;
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
