package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.CurrentlyExecuting;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node works on: of each tenant, and of the system, at most one firing. Thread-safe. */
final class RunningFirings extends AbstractSchedulerListener {

  private static final Logger log = LoggerFactory.getLogger(RunningFirings.class);

  private final Map<Optional<TenantId>, Running> byOwner = new ConcurrentHashMap<>();
  private volatile boolean interrupted;

  /** Begins with a firing, in this thread; empty while another of the same tenant is worked on. */
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

  /** After a lease without a beat another node may have taken over: two must not work. */
  @Override
  public void onExecutionFailedHeartbeat(CurrentlyExecuting executing) {
    if (executing.getHeartbeatState().getFractionDead() >= 1) {
      find(JobRows.key(executing.getTaskInstance()))
          .ifPresent(firing -> firing.interrupt("its lease is lost"));
    }
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
    private final Thread worker = Thread.currentThread();
    private volatile @Nullable JobProgress progress;
    private boolean working = true;

    private Running(Firing firing) {
      this.firing = firing;
    }

    Firing firing() {
      return firing;
    }

    @Override
    public void report(String step, Unit unit, long done, long total) {
      progress = new JobProgress(step, unit, done, total);
    }

    /** How far it is. */
    Optional<JobProgress> progress() {
      return Optional.ofNullable(progress);
    }

    /** Does the work, in the thread that it was begun in. */
    JobOutcome run(ScheduledJob job) {
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
        ended();
      }
    }

    /** From now on an interrupt would hit other work of the thread. */
    private synchronized void ended() {
      working = false;
    }

    /** Stops the work. */
    synchronized void interrupt(String why) {
      if (working) {
        working = false;
        log.warn("{} is stopped: {}", firing, why);
        worker.interrupt();
      }
    }
  }
}
