package dev.sevenfold.examples.jobs.plain;

import dev.sevenfold.examples.jobs.Application;
import dev.sevenfold.examples.jobs.Foreground;
import dev.sevenfold.examples.jobs.TimerHost;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Backups under a {@code ScheduledExecutorService}. Thread-safe. */
public final class PlainExecutorHost extends TimerHost {

  private static final Duration GRACE = Duration.ofSeconds(30);

  /** No single wait is longer: a clock that is set, or a machine that slept, is noticed. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final Clock clock = Clock.systemUTC();
  private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2);

  /** A host that is not started. */
  public PlainExecutorHost(Application application) {
    super(application);
    // What waits for its time does not keep a stop waiting.
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
  }

  /**
   * Runs it as a program.
   *
   * @param arguments the application's folder
   * @throws Exception if it cannot be started
   */
  public static void main(String[] arguments) throws Exception {
    Foreground.run(arguments, PlainExecutorHost::new);
  }

  @Override
  protected Future<?> timer(Instant at, Runnable work) {
    Duration left = Duration.between(clock.instant(), at);
    Duration wait = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
    return executor.schedule(work, wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void stop() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
