package dev.sevenfold.backup.sqlite;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes on by itself, a second with each look, and can be set to anything. */
final class JumpingClock extends Clock {

  private Instant now;

  JumpingClock(String instant) {
    this.now = Instant.parse(instant);
  }

  synchronized void set(String instant) {
    now = Instant.parse(instant);
  }

  synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public synchronized Instant instant() {
    now = now.plusSeconds(1);
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(now, zone);
  }
}
