package dev.sevenfold.backup.schedule;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs claimed firings in the calling threads, keeps their claims alive, and records what became of
 * them. Thread-safe.
 */
final class Runner {

  private static final Logger log = LoggerFactory.getLogger(Runner.class);

  /** An attempt that has ended and could not be recorded yet. */
  private record Unrecorded(Claim claim, JobOutcome outcome, Instant endedAt) {}

  private final Settings settings;
  private final JobStore store;
  private final Map<String, RunningFiring> running = new ConcurrentHashMap<>();
  private final Map<String, Unrecorded> unrecorded = new ConcurrentHashMap<>();

  Runner(Settings settings) {
    this.settings = settings;
    this.store = settings.store();
  }

  /** Takes responsibility for a claim, from before a thread begins with it. */
  void accept(Claim claim) {
    running.put(claim.token(), new RunningFiring(claim, settings.nanoTime().getAsLong()));
  }

  Collection<RunningFiring> running() {
    return running.values();
  }

  /** Whether a claim is this node's own. */
  boolean holds(Claim claim) {
    return running.containsKey(claim.token()) || unrecorded.containsKey(claim.token());
  }

  /** Runs an accepted claim to its end. */
  void run(Claim claim) {
    RunningFiring firing = running.get(claim.token());
    if (firing == null) {
      return;
    }
    settings.listeners().tell(listener -> listener.started(claim));
    JobOutcome outcome = outcome(firing);
    // A pool of connections may refuse a thread that is interrupted.
    boolean interrupted = Thread.interrupted();
    record(new Unrecorded(claim, outcome, settings.now()));
    // Only now: until it is recorded, or kept to be, the claim must beat.
    running.remove(claim.token());
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether nothing runs and everything is recorded. */
  boolean idle() {
    return running.isEmpty() && unrecorded.isEmpty();
  }

  private JobOutcome outcome(RunningFiring firing) {
    Claim claim = firing.claim();
    ScheduledJob job = settings.jobs().get(claim.job().key().label());
    firing.begin();
    try {
      return job == null ? unknown(claim) : job.run(claim.firing(), firing);
    } catch (Throwable e) {
      // Not only exceptions: whatever it was, the firing must not look as if it went on.
      log.error("{} failed", claim.firing(), e);
      return Attempt.failed(e);
    } finally {
      firing.end();
    }
  }

  private static JobOutcome unknown(Claim claim) {
    return new JobOutcome.Failed(
        "This node knows no job " + claim.job().key().label(), "Add it to the scheduler", true);
  }

  /** Ends a claim whose node died, without another attempt. */
  void giveUp(Claim claim, JobOutcome.Failed why) {
    record(new Unrecorded(claim, why, settings.now()));
  }

  /**
   * Records an end; what cannot be recorded is kept, and its claim with it, until the next beat.
   */
  private void record(Unrecorded ended) {
    try {
      Ending ending = new Ending(settings, ended.claim(), ended.outcome(), ended.endedAt());
      Optional<FiringRecord> record = ending.record();
      unrecorded.remove(ended.claim().token());
      record.ifPresent(
          what -> settings.listeners().tell(listener -> listener.ended(ended.claim(), what)));
    } catch (RuntimeException e) {
      // Once for each, not with every beat.
      if (unrecorded.put(ended.claim().token(), ended) == null) {
        log.warn("The end of {} could not be recorded yet", ended.claim().firing(), e);
      }
    }
  }

  /** Keeps claims alive, stops work whose claim is lost, records what could not be recorded. */
  void beat() {
    unrecorded
        .values()
        .forEach(
            ended -> {
              beat(ended.claim(), Optional.empty());
              record(ended);
            });
    for (RunningFiring firing : running.values()) {
      long nanos = settings.nanoTime().getAsLong();
      Optional<Boolean> held = beat(firing.claim(), firing.progress());
      if (held.isPresent() && held.get()) {
        firing.beaten(nanos);
      } else if (held.isPresent() || nanos - firing.lastBeat() >= settings.lease().toNanos()) {
        // After a lease without a beat another node may have taken over: two must not work.
        if (firing.interrupt()) {
          log.warn("{} is stopped: its claim is lost", firing.claim().firing());
        }
      }
    }
  }

  /** Whether the claim is held; empty if the store does not say. */
  private Optional<Boolean> beat(Claim claim, Optional<JobProgress> progress) {
    try {
      return Optional.of(store.beat(claim, progress));
    } catch (RuntimeException e) {
      log.debug("No beat for {}", claim.firing(), e);
      return Optional.empty();
    }
  }
}
