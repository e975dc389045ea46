package dev.sevenfold.examples.jobs;

import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** The one firing of each tenant that a timer in memory waits for. Thread-safe. */
public final class TimedPlans {

  private record Plan(Instant scheduledAt, Future<?> timer) {}

  private final Map<TenantId, Plan> plans = new ConcurrentHashMap<>();

  /** Has a timer wait in place of the one that did. */
  public void replace(TenantId tenant, Instant scheduledAt, Supplier<Future<?>> timer) {
    plans.compute(
        tenant,
        (any, before) -> {
          if (before != null) {
            before.timer().cancel(false);
          }
          return new Plan(scheduledAt, timer.get());
        });
  }

  /** The instant that is planned for a tenant; empty if there is none. */
  public Optional<Instant> planned(TenantId tenant) {
    return Optional.ofNullable(plans.get(tenant)).map(Plan::scheduledAt);
  }
}
