package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.job.ScheduledJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a {@link BackupScheduler} was built with. Immutable. */
record Settings(
    JobDatabase database,
    Map<String, ScheduledJob> jobs,
    String node,
    Clock clock,
    Planner planner,
    MisfirePolicy misfire,
    Duration grace,
    Duration minimumInterval,
    int concurrency,
    Duration pollInterval,
    Duration lease,
    Duration stopGrace,
    List<SchedulerListener> listeners) {

  private static final Logger log = LoggerFactory.getLogger(BackupScheduler.class);

  /** Of a lease: db-scheduler takes a node for dead that has missed so many beats. */
  static final int BEATS_OF_LEASE = 6;

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  Duration beat() {
    return lease.dividedBy(BEATS_OF_LEASE);
  }

  /** Tells listeners, whose failures must not become those of backups. */
  void tell(Consumer<SchedulerListener> event) {
    for (SchedulerListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        log.error("The listener {} failed", listener.getClass().getName(), Printable.failure(e));
      }
    }
  }
}
