package dev.sevenfold.testsupport;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that a test moves, forwards or backwards; it may go on by itself with each look. For the
 * tests of core, which the published test kit's {@code MutableClock} stands on. Thread-safe.
 */
public final class TestClock extends Clock {

  private final Duration step;
  private Instant now;

  private TestClock(Instant now, Duration step) {
    this.now = now;
    this.step = step;
  }

  /** A clock that stands still at an instant, written like {@code 2026-11-22T01:00:00Z}. */
  public static TestClock at(String instant) {
    return new TestClock(Instant.parse(instant), Duration.ZERO);
  }

  /** A clock that shows a second more with each look. */
  public static TestClock tickingFrom(String instant) {
    return new TestClock(Instant.parse(instant), Duration.ofSeconds(1));
  }

  /** Moves the clock on; back, if {@code by} is negative. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  /** Makes the clock jump to an instant, earlier or later. */
  public synchronized void set(String instant) {
    now = Instant.parse(instant);
  }

  @Override
  public synchronized Instant instant() {
    now = now.plus(step);
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("This clock knows instants alone");
  }
}
