package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.PlannedFiring;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the jobs beside db-scheduler, with every beat: says how far the work is, and puts
 * right what a clock that jumped, or a process that died, has left behind. Use from one thread at a
 * time.
 */
final class Keeper {

  private static final Logger log = LoggerFactory.getLogger(Keeper.class);

  /** Within this much, another node's clock may be ahead. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  /** No node that lives, with a sane clock, has beaten so far ahead: a dead one would live on. */
  private static final Duration FAR_AHEAD = Duration.ofHours(1);

  private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

  private final Settings settings;
  private final JobRows rows;
  private final RunningFirings running;
  private Instant lastBeat = Instant.MIN;
  private Instant lastLook = Instant.MAX;
  private boolean failing;

  Keeper(Settings settings, JobRows rows, RunningFirings running) {
    this.settings = settings;
    this.rows = rows;
    this.running = running;
  }

  /** One beat, of which no failure ends the next. */
  void beatOn() {
    try {
      beat();
      if (failing) {
        log.info("The jobs can be read again");
      }
      failing = false;
    } catch (RuntimeException e) {
      // Once, not with every beat.
      if (!failing) {
        log.warn("Nothing is run until the jobs can be read again", Printable.failure(e));
      }
      failing = true;
    }
  }

  /** One beat. */
  void beat() {
    Instant now = settings.now();
    for (RunningFirings.Running firing : running.all()) {
      if (!rows.progress(firing.firing().job(), firing.progress())) {
        firing.interrupt("it was removed");
      }
    }
    Instant tolerated = now.minus(settings.grace());
    boolean wasAway = lastBeat.isBefore(tolerated);
    lastBeat = now;
    if (wasAway && settings.misfire() == MisfirePolicy.SKIP) {
      skipMissed(tolerated, now);
    }
    if (now.isBefore(lastLook) || now.isAfter(lastLook.plus(BETWEEN_LOOKS))) {
      lastLook = now;
      rows.all().forEach(stored -> putRight(stored, now));
      rows.bringBeatsBack(now.plus(FAR_AHEAD), now);
    }
  }

  /** This node has been away: what came due then is put off, unless another was at work. */
  private void skipMissed(Instant tolerated, Instant now) {
    List<JobRows.Stored> all = rows.all();
    if (all.stream().noneMatch(stored -> stored.status().running().isPresent())) {
      all.forEach(stored -> skip(stored, tolerated, now));
    }
  }

  private void skip(JobRows.Stored stored, Instant tolerated, Instant now) {
    Job job = stored.job();
    Planner planner = settings.planner();
    Optional<PlannedFiring> missed =
        stored
            .status()
            .next()
            // What a person requested is still wanted.
            .filter(next -> Planner.isScheduled(job, next.scheduledAt()))
            .map(next -> planner.latest(job, next, now))
            .filter(next -> next.dueAt().isBefore(tolerated));
    missed
        .flatMap(any -> planner.first(job, Optional.empty(), now))
        .filter(next -> rows.plan(job.key(), next))
        .ifPresent(next -> settings.tell(each -> each.skipped(job, missed.get())));
  }

  private void putRight(JobRows.Stored stored, Instant now) {
    JobKey key = stored.job().key();
    if (stored.unreadable().isPresent()) {
      // It stops only itself.
      rows.cancel(key);
      log.warn("{} does not fire. {}", key, stored.unreadable().get());
    } else if (stored.status().running().isEmpty() && isToBePlanned(stored.status(), now)) {
      settings
          .planner()
          .renewed(stored.job(), stored.status().next(), stored.over(), now)
          .ifPresent(next -> rows.plan(key, next));
    }
  }

  /** Planned by a clock that was ahead, or not at all by a process that died before it could. */
  private static boolean isToBePlanned(JobStatus status, Instant now) {
    return status
        .next()
        .map(next -> next.plannedAt().isAfter(now.plus(SKEW)))
        .orElse(status.job().schedule().isPresent());
  }
}
