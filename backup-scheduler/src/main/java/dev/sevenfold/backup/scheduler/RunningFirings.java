package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobProgress;
import dev.sevenfold.backup.job.ScheduledJob;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node works on: of each tenant, and of the system, at most one firing. Thread-safe. */
final class RunningFirings {

  private static final Logger log = LoggerFactory.getLogger(RunningFirings.class);

  private final Map<Optional<TenantId>, Running> byOwner = new ConcurrentHashMap<>();
  private volatile boolean interrupted;

  /** Begins with a firing; empty while another one of the same tenant is worked on. */
  Optional<Running> begin(Firing firing) {
    Running running = new Running(firing);
    return byOwner.putIfAbsent(firing.job().tenant(), running) == null
        ? Optional.of(running)
        : Optional.empty();
  }

  void end(Running running) {
    byOwner.remove(running.firing.job().tenant(), running);
  }

  Optional<Running> find(JobKey key) {
    return Optional.ofNullable(byOwner.get(key.tenant()))
        .filter(running -> running.firing.job().equals(key));
  }

  Collection<Running> all() {
    return List.copyOf(byOwner.values());
  }

  /** One of them was interrupted because the scheduler stops. */
  void noteInterrupt() {
    interrupted = true;
  }

  /** Whether all have ended, and none was interrupted. */
  boolean allEnded() {
    return byOwner.isEmpty() && !interrupted;
  }

  /** One of them. Thread-safe. */
  static final class Running implements Progress {

    private final Firing firing;
    private final AtomicReference<@Nullable JobProgress> news = new AtomicReference<>();
    private @Nullable Thread worker;
    private boolean interrupted;

    private Running(Firing firing) {
      this.firing = firing;
    }

    Firing firing() {
      return firing;
    }

    @Override
    public void report(String step, Unit unit, long done, long total) {
      news.set(new JobProgress(step, unit, done, total));
    }

    /** What was reported since the last time. */
    Optional<JobProgress> news() {
      return Optional.ofNullable(news.getAndSet(null));
    }

    /** Does the work, in the calling thread. */
    JobOutcome run(ScheduledJob job) {
      workIn(Thread.currentThread());
      try {
        return job.run(firing, this);
      } catch (Throwable e) {
        // Not only exceptions: whatever it was, the firing must not look as if it went on.
        log.error("{} failed", firing, Printable.failure(e));
        return new JobOutcome.Failed(
            "It failed unexpectedly: " + e.getClass().getName(),
            "See the log of the host for the cause",
            true);
      } finally {
        workIn(null);
      }
    }

    private synchronized void workIn(@Nullable Thread thread) {
      worker = thread;
    }

    /** Stops the work. */
    synchronized void interrupt(String why) {
      if (worker != null && !interrupted) {
        interrupted = true;
        log.warn("{} is stopped: {}", firing, why);
        worker.interrupt();
      }
    }
  }
}
