package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobProgress;
import dev.sevenfold.backup.job.ScheduledJob;
import dev.sevenfold.backup.source.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A firing that this node works on. Thread-safe. */
final class RunningFiring implements Progress {

  private static final Logger log = LoggerFactory.getLogger(RunningFiring.class);

  private final Firing firing;
  private volatile @Nullable JobProgress progress;
  private @Nullable Thread worker;
  private boolean interrupted;

  RunningFiring(Firing firing) {
    this.firing = firing;
  }

  Firing firing() {
    return firing;
  }

  @Override
  public void report(String step, Unit unit, long done, long total) {
    progress = new JobProgress(step, unit, done, total);
  }

  /** What was reported since the last time. */
  Optional<JobProgress> news() {
    Optional<JobProgress> news = Optional.ofNullable(progress);
    progress = null;
    return news;
  }

  /** Does the work, in the calling thread. */
  JobOutcome run(ScheduledJob job) {
    begin();
    try {
      return job.run(firing, this);
    } catch (Throwable e) {
      // Not only exceptions: whatever it was, the firing must not look as if it went on.
      log.error("{} failed", firing, e);
      return new JobOutcome.Failed(
          "It failed unexpectedly: " + e.getClass().getName(),
          "See the log of the host for the cause",
          true);
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    worker = Thread.currentThread();
    if (interrupted) {
      worker.interrupt();
    }
  }

  /** The thread works no more on this; an interrupt that was meant for the work is gone. */
  private synchronized void end() {
    worker = null;
    if (interrupted) {
      Thread.interrupted();
    }
  }

  /** Stops the work, now or as soon as it begins. */
  synchronized void interrupt(String why) {
    if (worker != null && !interrupted) {
      log.warn("{} is stopped: {}", firing, why);
      worker.interrupt();
    }
    interrupted = true;
  }
}
