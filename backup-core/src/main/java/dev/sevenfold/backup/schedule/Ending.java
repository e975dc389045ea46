package dev.sevenfold.backup.schedule;

import java.time.Instant;
import java.util.Optional;

/** The end of one attempt: what is recorded of it, and what comes next. Use from one thread. */
final class Ending {

  private final Settings settings;
  private final Claim claim;
  private final JobOutcome outcome;
  private final Instant endedAt;

  Ending(Settings settings, Claim claim, JobOutcome outcome, Instant endedAt) {
    this.settings = settings;
    this.claim = claim;
    this.outcome = settled(outcome);
    this.endedAt = endedAt;
  }

  private JobOutcome settled(JobOutcome ended) {
    if (ended instanceof JobOutcome.Interrupted && !repeatable()) {
      return new JobOutcome.Failed(
          "It was interrupted", "Nothing was changed; request it again", false);
    }
    return ended;
  }

  private boolean repeatable() {
    ScheduledJob job = settings.jobs().get(claim.job().key().label());
    return job == null || job.repeatable();
  }

  /** Records the end; empty if the claim is lost, and with it the right to. */
  Optional<FiringRecord> record() {
    JobStore store = settings.store();
    while (true) {
      Optional<StoredJob> seen = store.find(claim.job().key()).filter(this::isClaimed);
      if (seen.isEmpty()) {
        return Optional.empty();
      }
      Optional<PlannedFiring> again = again(seen.get().job());
      FiringRecord record =
          new FiringRecord(
              claim.scheduledAt(),
              claim.attempt(),
              claim.startedAt(),
              endedAt,
              outcome,
              again.isEmpty());
      Optional<PlannedFiring> next = again.isPresent() ? again : next(seen.get());
      if (store.finish(claim, seen.get().revision(), record, next)) {
        return Optional.of(record);
      }
    }
  }

  private boolean isClaimed(StoredJob stored) {
    return stored.running().filter(held -> held.token().equals(claim.token())).isPresent();
  }

  /** The next attempt at the same firing. */
  private Optional<PlannedFiring> again(Job job) {
    if (outcome instanceof JobOutcome.Interrupted) {
      return job.active()
          ? Optional.of(settings.planner().again(job, claim, settings.now()))
          : Optional.empty();
    }
    if (outcome instanceof JobOutcome.Failed failed && failed.worthRetrying() && repeatable()) {
      return settings.planner().retry(job, claim, settings.now());
    }
    return Optional.empty();
  }

  /** The next firing: what was planned meanwhile, or what the schedule says. */
  private Optional<PlannedFiring> next(StoredJob seen) {
    if (seen.next().isPresent()) {
      return seen.next();
    }
    return settings
        .planner()
        .following(
            seen.job(),
            claim.scheduledAt(),
            settings.now(),
            instant -> settings.store().isOver(claim.job().key(), instant));
  }
}
