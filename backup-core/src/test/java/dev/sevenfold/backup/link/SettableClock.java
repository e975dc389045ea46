package dev.sevenfold.backup.link;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test moves; the test kit's is downstream of here. Use from one thread. */
final class SettableClock extends Clock {

  private Instant now;

  SettableClock(String now) {
    this.now = Instant.parse(now);
  }

  void advance(Duration step) {
    now = now.plus(step);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("Links know instants alone");
  }
}
