package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.PlannedFiring;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  /** A beat that is later than this was not made by a node that lives, or by no sane clock. */
  private static final Duration FAR_AHEAD = Duration.ofHours(1);

  private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

  private final Settings settings;
  private final JobRows rows;
  private final JobClient client;
  private final JdbcCustomization types;
  private final RunningFirings running;
  private final Set<JobKey> unreadable = ConcurrentHashMap.newKeySet();
  private Instant looked = Instant.MAX;
  private boolean failing;

  Keeper(
      Settings settings,
      JobRows rows,
      JobClient client,
      JdbcCustomization types,
      RunningFirings running) {
    this.settings = settings;
    this.rows = rows;
    this.client = client;
    this.types = types;
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
        log.warn("Nothing is run until the jobs can be read again", e);
      }
      failing = true;
    }
  }

  /** One beat. */
  void beat() {
    Instant now = settings.now();
    for (RunningFiring firing : running.all()) {
      tell(firing);
    }
    skipMissed(now);
    if (now.isBefore(looked) || !now.isBefore(looked.plus(BETWEEN_LOOKS))) {
      putRight(now);
      looked = now;
    }
  }

  private void tell(RunningFiring firing) {
    JobKey key = firing.firing().job();
    boolean there =
        firing
            .news()
            .map(progress -> rows.progress(key, progress))
            .orElseGet(() -> rows.find(key).isPresent());
    if (!there) {
      firing.interrupt("it was removed");
    }
  }

  /** Where nobody was at work for a while, what came due then is put off, if so configured. */
  private void skipMissed(Instant now) {
    if (settings.misfire() == MisfirePolicy.RUN_ONCE) {
      return;
    }
    Instant tolerated = now.minus(settings.grace());
    Optional<Instant> lastAlive = rows.alive(now).filter(alive -> alive.isBefore(tolerated));
    if (lastAlive.isEmpty()) {
      return;
    }
    for (JobRows.Stored stored : rows.all()) {
      Job job = stored.job();
      // What a person requested is still wanted.
      stored
          .status()
          .next()
          .filter(next -> job.schedule().isPresent())
          .map(next -> settings.planner().latest(job, next, now))
          .filter(next -> next.dueAt().isAfter(lastAlive.get()))
          .filter(next -> next.dueAt().isBefore(tolerated))
          .ifPresent(missed -> skip(job, missed, now));
    }
  }

  private void skip(Job job, PlannedFiring missed, Instant now) {
    if (plan(job.key(), settings.planner().first(job, Optional.empty(), now))) {
      settings.listeners().tell(listener -> listener.skipped(job, missed));
    }
  }

  private boolean plan(JobKey key, Optional<PlannedFiring> next) {
    return next.filter(firing -> client.plan(key, firing)).isPresent();
  }

  private void putRight(Instant now) {
    for (JobRows.Stored stored : rows.all()) {
      JobStatus status = stored.status();
      if (!stored.readable()) {
        stop(status);
      } else if (status.running().isEmpty() && isToBePlanned(status, now)) {
        plan(stored.job().key(), anew(status, now));
      }
    }
    // A dead node whose clock was far ahead would look alive until time has caught up.
    settings
        .database()
        .call(
            sql -> {
              sql.update(
                  "UPDATE sevenfold_job_task SET last_heartbeat = ?"
                      + " WHERE picked = ? AND last_heartbeat > ?",
                  prepared -> {
                    types.setInstant(prepared, 1, now);
                    prepared.setBoolean(2, true);
                    types.setInstant(prepared, 3, now.plus(FAR_AHEAD));
                  });
              return true;
            });
  }

  /** One schedule that cannot be read stops only itself. */
  private void stop(JobStatus status) {
    client.cancel(status.job().key());
    if (unreadable.add(status.job().key())) {
      log.warn(
          "{} does not fire: {}",
          status.job().key(),
          status.last().map(FiringRecord::outcome).orElseThrow());
    }
  }

  /** Planned by a clock that was ahead, or by a process that died before it could. */
  private static boolean isToBePlanned(JobStatus status, Instant now) {
    return status
        .next()
        .map(next -> next.plannedAt().isAfter(now.plus(SKEW)))
        .orElse(status.job().schedule().isPresent());
  }

  private Optional<PlannedFiring> anew(JobStatus status, Instant now) {
    Optional<Instant> over =
        status.last().filter(FiringRecord::over).map(FiringRecord::scheduledAt);
    Job job = status.job();
    return status.next().isPresent()
        ? settings.planner().renewed(job, status.next().get(), over, now)
        : settings.planner().first(job, over, now);
  }
}
