package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.PlannedFiring;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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

  /** No node that lives, with a sane clock, has beaten so far ahead. */
  private static final Duration FAR_AHEAD = Duration.ofHours(1);

  private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

  private final Settings settings;
  private final JobRows rows;
  private final JobClient client;
  private final JdbcCustomization types;
  private final RunningFirings running;
  private Instant lastBeat = Instant.MIN;
  private Instant lastLook = Instant.MAX;
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
        log.warn("Nothing is run until the jobs can be read again", Printable.failure(e));
      }
      failing = true;
    }
  }

  /** One beat. */
  void beat() {
    Instant now = settings.now();
    for (RunningFirings.Running firing : running.all()) {
      tell(firing);
    }
    Instant before = lastBeat;
    lastBeat = now;
    if (settings.misfire() == MisfirePolicy.SKIP && before.isBefore(now.minus(settings.grace()))) {
      skipMissed(now.minus(settings.grace()), now);
    }
    if (now.isBefore(lastLook) || now.isAfter(lastLook.plus(BETWEEN_LOOKS))) {
      lastLook = now;
      putRight(now);
    }
  }

  private void tell(RunningFirings.Running firing) {
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

  /** This node has been away: what came due then is put off, unless another was at work. */
  private void skipMissed(Instant tolerated, Instant now) {
    List<JobRows.Stored> all = rows.all();
    if (all.stream().anyMatch(stored -> stored.status().running().isPresent())) {
      return;
    }
    for (JobRows.Stored stored : all) {
      Job job = stored.job();
      // What a person requested is still wanted.
      stored
          .status()
          .next()
          .filter(next -> Planner.isScheduled(job, next.scheduledAt()))
          .map(next -> settings.planner().latest(job, next, now))
          .filter(next -> next.dueAt().isBefore(tolerated))
          .ifPresent(missed -> skip(job, missed, now));
    }
  }

  private void skip(Job job, PlannedFiring missed, Instant now) {
    settings
        .planner()
        .first(job, Optional.empty(), now)
        .filter(next -> client.plan(job.key(), next))
        .ifPresent(next -> settings.tell(each -> each.skipped(job, missed)));
  }

  private void putRight(Instant now) {
    for (JobRows.Stored stored : rows.all()) {
      JobStatus status = stored.status();
      if (stored.unreadable().isPresent()) {
        // It stops only itself.
        client.cancel(stored.job().key());
        log.warn("{} does not fire. {}", stored.job().key(), stored.unreadable().get());
      } else if (status.running().isEmpty() && isToBePlanned(status, now)) {
        settings
            .planner()
            .renewed(stored.job(), status.next(), stored.over(), now)
            .ifPresent(next -> client.plan(stored.job().key(), next));
      }
    }
    settings.database().call(on -> bringBack(on, now));
  }

  /** Planned by a clock that was ahead, or not at all by a process that died before it could. */
  private static boolean isToBePlanned(JobStatus status, Instant now) {
    return status
        .next()
        .map(next -> next.plannedAt().isAfter(now.plus(SKEW)))
        .orElse(status.job().schedule().isPresent());
  }

  /** A dead node whose clock was far ahead would look alive until time has caught up. */
  private int bringBack(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement beats =
        connection.prepareStatement(
            """
            UPDATE sevenfold_job_task SET last_heartbeat = ?
            WHERE picked = ? AND last_heartbeat > ?
            """)) {
      types.setInstant(beats, 1, now);
      beats.setBoolean(2, true);
      types.setInstant(beats, 3, now.plus(FAR_AHEAD));
      return beats.executeUpdate();
    }
  }
}
