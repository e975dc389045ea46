package dev.sevenfold.examples.jobs.plain;

import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.jobs.Application;
import dev.sevenfold.examples.jobs.Foreground;
import dev.sevenfold.examples.jobs.FrameworkHost;
import dev.sevenfold.examples.jobs.TimedPlans;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Backups under a {@code ScheduledExecutorService}: for an application of one process. It remembers
 * nothing; after a restart, the archives show what was missed. Thread-safe.
 */
public final class PlainExecutorHost implements FrameworkHost {

  private static final Duration GRACE = Duration.ofSeconds(30);

  /** No single wait is longer: a clock that is set, or a machine that slept, is noticed. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final Application application;
  private final Clock clock = Clock.systemUTC();
  private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2);
  private final TimedPlans plans = new TimedPlans();

  /** A host that is not started. */
  public PlainExecutorHost(Application application) {
    this.application = application;
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
  public void start() {
    planAll(application);
  }

  @Override
  public void plan(TenantId tenant, Instant scheduledAt) {
    planAttempt(application.firing(tenant, scheduledAt), tenant, scheduledAt);
  }

  private void planAttempt(Firing firing, TenantId tenant, Instant dueAt) {
    plans.replace(
        tenant,
        firing.scheduledAt(),
        () -> {
          Duration left = Duration.between(clock.instant(), dueAt);
          Duration wait = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
          return executor.schedule(
              () -> wake(firing, tenant, dueAt), wait.toMillis(), TimeUnit.MILLISECONDS);
        });
  }

  private void wake(Firing firing, TenantId tenant, Instant dueAt) {
    if (clock.instant().isBefore(dueAt)) {
      planAttempt(firing, tenant, dueAt);
      return;
    }
    JobOutcome outcome = application.backUp(firing);
    if (executor.isShutdown()) {
      return;
    }
    if (Application.isToBeRetried(outcome)) {
      planAttempt(firing, tenant, clock.instant().plus(application.retryAfter()));
    } else {
      application.next(tenant).ifPresent(instant -> plan(tenant, instant));
    }
  }

  @Override
  public Optional<Instant> planned(TenantId tenant) {
    return plans.planned(tenant);
  }

  @Override
  public void close() {
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
