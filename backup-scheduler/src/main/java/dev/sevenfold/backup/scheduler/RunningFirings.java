package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What this node works on: of each tenant, and of the system, at most one firing. Thread-safe. */
final class RunningFirings {

  private final Map<Optional<TenantId>, RunningFiring> byOwner = new ConcurrentHashMap<>();
  private final AtomicInteger begun = new AtomicInteger();

  /** Begins with a firing; empty while another one of the same tenant is worked on. */
  Optional<RunningFiring> begin(Firing firing) {
    RunningFiring running = new RunningFiring(firing);
    if (byOwner.putIfAbsent(firing.job().tenant(), running) != null) {
      return Optional.empty();
    }
    begun.incrementAndGet();
    return Optional.of(running);
  }

  void end(RunningFiring running) {
    byOwner.remove(running.firing().job().tenant(), running);
  }

  Optional<RunningFiring> find(JobKey key) {
    return Optional.ofNullable(byOwner.get(key.tenant()))
        .filter(running -> running.firing().job().equals(key));
  }

  Collection<RunningFiring> all() {
    return List.copyOf(byOwner.values());
  }

  /** How many were begun so far. */
  int begun() {
    return begun.get();
  }
}
