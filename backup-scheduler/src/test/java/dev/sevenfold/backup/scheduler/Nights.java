package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * A scheduler that runs nothing until a test says so, in the test's own thread, by a clock that the
 * test moves: a month of nights in a moment. Use from one thread.
 */
final class Nights implements AutoCloseable {

  private final MutableClock clock;
  private final BackupScheduler scheduler;
  private final ByHand byHand;

  private Nights(MutableClock clock, BackupScheduler scheduler) {
    this.clock = clock;
    this.scheduler = scheduler;
    this.byHand = new ByHand(scheduler);
  }

  /** Without jitter, so that a firing starts at its instant. */
  static Nights of(
      BackupSchedulerBuilder builder,
      MutableClock clock,
      UnaryOperator<BackupSchedulerBuilder> configure) {
    return new Nights(clock, configure.apply(builder.clock(clock).jitter(Duration.ZERO)).build());
  }

  BackupScheduler scheduler() {
    return scheduler;
  }

  int runDue() {
    return byHand.runDue();
  }

  int tick(Duration passed) {
    clock.advance(passed);
    return runDue();
  }

  int runUntil(String end, Duration step) {
    int attempts = 0;
    while (clock.instant().isBefore(Instant.parse(end))) {
      attempts += tick(step);
    }
    return attempts;
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
