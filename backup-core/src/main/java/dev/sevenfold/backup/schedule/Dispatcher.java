package dev.sevenfold.backup.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is to be run now: renews plans that no longer hold, takes over from nodes that died,
 * claims what is due. Use from one thread at a time.
 */
final class Dispatcher {

  private final Settings settings;
  private final JobStore store;
  private final Runner runner;
  private final Watch watch;

  Dispatcher(Settings settings, Runner runner) {
    this.settings = settings;
    this.store = settings.store();
    this.runner = runner;
    this.watch = new Watch(settings.lease());
  }

  /** Claims up to {@code limit} firings; the runner has accepted them. */
  List<Claim> claim(int limit) {
    Instant now = settings.now();
    skipMissed(now);
    for (StoredJob outdated : store.outdated(now, now.plus(Settings.SKEW))) {
      outdated.next().ifPresent(next -> save(outdated, renewed(outdated, next, now)));
    }
    List<Claim> claims = new ArrayList<>(takeOvers(now, limit));
    claims.addAll(
        store.claim(settings.node(), settings.jobs().keySet(), now, limit - claims.size()));
    claims.forEach(runner::accept);
    return claims;
  }

  /** Where nobody was at work for a while, what came due then is put off, if so configured. */
  private void skipMissed(Instant now) {
    if (settings.misfire() == MisfirePolicy.RUN_ONCE) {
      return;
    }
    Optional<Instant> lastAlive = store.alive(now);
    Instant tolerated = now.minus(settings.grace());
    if (lastAlive.isEmpty() || !lastAlive.get().isBefore(tolerated)) {
      return;
    }
    for (StoredJob stored : store.due(now)) {
      stored
          .next()
          .map(next -> latest(stored, next, now))
          .filter(next -> next.dueAt().isAfter(lastAlive.get()))
          .filter(next -> next.dueAt().isBefore(tolerated))
          .ifPresent(missed -> skip(stored, missed, now));
    }
  }

  /** The firing that would be run: the last one of those that were missed. */
  private @Nullable PlannedFiring latest(StoredJob stored, PlannedFiring next, Instant now) {
    boolean superseded = next.supersededAt().filter(at -> !at.isAfter(now)).isPresent();
    return superseded ? renewed(stored, next, now).orElse(null) : next;
  }

  private void skip(StoredJob stored, PlannedFiring missed, Instant now) {
    if (stored.job().schedule().isEmpty()) {
      // Requested by a person, who still wants it.
      return;
    }
    if (save(stored, settings.planner().first(stored.job(), now, over(stored)))) {
      settings.listeners().tell(listener -> listener.skipped(stored.job(), missed));
    }
  }

  private Optional<PlannedFiring> renewed(StoredJob stored, PlannedFiring next, Instant now) {
    return settings.planner().renewed(stored.job(), next, now, over(stored));
  }

  private Predicate<Instant> over(StoredJob stored) {
    return instant -> store.isOver(stored.job().key(), instant);
  }

  /** If another node was faster, its plan holds. */
  private boolean save(StoredJob seen, Optional<PlannedFiring> next) {
    return store.save(seen.job(), next, seen.revision());
  }

  private List<Claim> takeOvers(Instant now, int limit) {
    List<Claim> others = new ArrayList<>(store.claims());
    others.removeIf(runner::holds);
    List<Claim> taken = new ArrayList<>();
    for (Claim dead : watch.dead(others, settings.nanoTime().getAsLong())) {
      ScheduledJob job = settings.jobs().get(dead.job().key().label());
      if (job != null && taken.size() < limit) {
        store.takeOver(dead, settings.node(), now).ifPresent(claim -> follow(job, claim, taken));
      }
    }
    return taken;
  }

  private void follow(ScheduledJob job, Claim claim, List<Claim> taken) {
    if (job.repeatable() && claim.attempt() <= settings.planner().retry().attempts()) {
      taken.add(claim);
      return;
    }
    runner.giveUp(
        claim,
        new JobOutcome.Failed(
            "The process that ran it died before it ended",
            "Look at what it has done, and request it again",
            false));
  }
}
