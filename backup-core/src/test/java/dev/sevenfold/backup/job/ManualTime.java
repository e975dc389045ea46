package dev.sevenfold.backup.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock, and the time that passes, both moved by hand. Thread-safe. */
public final class ManualTime extends Clock {

  private Instant now;
  private long nanos;

  /** Stands still at an instant. */
  public ManualTime(Instant start) {
    this.now = start;
  }

  /** Stands still at an instant, {@code 2026-11-22T12:00:00Z}. */
  public static ManualTime at(String instant) {
    return new ManualTime(Instant.parse(instant));
  }

  /** Time passes, and the clock with it. */
  public synchronized void pass(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  /** The clock is set, without time passing. */
  public synchronized void set(Instant instant) {
    now = instant;
  }

  /** The time that passed. */
  public synchronized long nanoTime() {
    return nanos;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(instant(), zone);
  }
}
