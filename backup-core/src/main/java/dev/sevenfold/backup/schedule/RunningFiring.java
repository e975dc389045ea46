package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.source.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A firing that this node works on. Thread-safe. */
final class RunningFiring implements Progress {

  private final Claim claim;
  private volatile @Nullable JobProgress progress;
  private volatile long lastBeat;
  private @Nullable Thread worker;
  private boolean interrupted;

  RunningFiring(Claim claim, long nanos) {
    this.claim = claim;
    this.lastBeat = nanos;
  }

  Claim claim() {
    return claim;
  }

  @Override
  public void report(String step, Unit unit, long done, long total) {
    progress = new JobProgress(step, unit, done, total);
  }

  Optional<JobProgress> progress() {
    return Optional.ofNullable(progress);
  }

  void beaten(long nanos) {
    lastBeat = nanos;
  }

  long lastBeat() {
    return lastBeat;
  }

  /** The calling thread begins to work; interrupts reach it from now on. */
  synchronized void begin() {
    worker = Thread.currentThread();
    if (interrupted) {
      worker.interrupt();
    }
  }

  /** The calling thread works no more on this; an interrupt that was meant for the work is gone. */
  synchronized void end() {
    worker = null;
    if (interrupted) {
      Thread.interrupted();
    }
  }

  /**
   * Stops the work, now or as soon as it begins.
   *
   * @return whether it was at work and had not been stopped before
   */
  synchronized boolean interrupt() {
    boolean first = worker != null && !interrupted;
    interrupted = true;
    if (worker != null) {
      worker.interrupt();
    }
    return first;
  }
}
