package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.ScheduledJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

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
    Listeners listeners) {

  /** Of a lease: db-scheduler takes a node for dead that has missed so many beats. */
  static final int BEATS_OF_LEASE = 6;

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  Duration beat() {
    return lease.dividedBy(BEATS_OF_LEASE);
  }
}
