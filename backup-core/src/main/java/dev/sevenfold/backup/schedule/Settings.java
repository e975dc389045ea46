package dev.sevenfold.backup.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.LongSupplier;

/** What a {@link BackupScheduler} was built with. Immutable. */
record Settings(
    JobStore store,
    Map<String, ScheduledJob> jobs,
    String node,
    Clock clock,
    LongSupplier nanoTime,
    Planner planner,
    MisfirePolicy misfire,
    Duration grace,
    Duration minimumInterval,
    int concurrency,
    Duration pollInterval,
    Duration lease,
    Listeners listeners) {

  /** Within this much, another node's clock may be ahead. */
  static final Duration SKEW = Duration.ofMinutes(1);

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
