package dev.sevenfold.examples.jobs;

import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/**
 * A host whose framework is a timer in memory: for an application of one process. It remembers
 * nothing; after a restart, the archives show what was missed. Thread-safe.
 */
public abstract class TimerHost implements FrameworkHost {

  private record Plan(Instant scheduledAt, Future<?> timer) {}

  private final Application application;
  private final Clock clock = Clock.systemUTC();
  private final Map<TenantId, Plan> plans = new ConcurrentHashMap<>();
  private volatile boolean closing;

  /** A host that is not started. */
  protected TimerHost(Application application) {
    this.application = application;
  }

  /** Has a thread of the framework call {@code work} at an instant, or earlier. */
  protected abstract Future<?> timer(Instant at, Runnable work);

  /** Stops the timer, and lets what runs come to its end. */
  protected abstract void stop();

  @Override
  public final void start() {
    for (TenantId tenant : application.backups().tenants()) {
      application.nextOrMissed(tenant).ifPresent(instant -> plan(tenant, instant));
    }
  }

  @Override
  public final void plan(TenantId tenant, Instant scheduledAt) {
    planAttempt(application.firing(tenant, scheduledAt), tenant, scheduledAt);
  }

  private void planAttempt(Firing firing, TenantId tenant, Instant dueAt) {
    plans.compute(
        tenant,
        (any, before) -> {
          if (before != null) {
            before.timer().cancel(false);
          }
          return new Plan(firing.scheduledAt(), timer(dueAt, () -> wake(firing, tenant, dueAt)));
        });
  }

  private void wake(Firing firing, TenantId tenant, Instant dueAt) {
    if (clock.instant().isBefore(dueAt)) {
      planAttempt(firing, tenant, dueAt);
      return;
    }
    JobOutcome outcome = application.backUp(firing);
    if (closing) {
      return;
    }
    if (Application.isToBeRetried(outcome)) {
      planAttempt(firing, tenant, clock.instant().plus(application.retryAfter()));
    } else {
      application.next(tenant).ifPresent(instant -> plan(tenant, instant));
    }
  }

  @Override
  public final Optional<Instant> planned(TenantId tenant) {
    return Optional.ofNullable(plans.get(tenant)).map(Plan::scheduledAt);
  }

  @Override
  public final void close() {
    closing = true;
    stop();
  }
}
