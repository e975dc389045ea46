package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class MutableClockTest {

  private final MutableClock clock = MutableClock.at("2026-11-22T01:00:00Z");

  @Test
  void stands_still_until_it_is_moved() {
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-11-22T01:00:00Z"));
    assertThat(clock.millis()).isEqualTo(Instant.parse("2026-11-22T01:00:00Z").toEpochMilli());

    clock.advance(Duration.ofMinutes(5));
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-11-22T01:05:00Z"));

    clock.advance(Duration.ofMinutes(-10));
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-11-22T00:55:00Z"));

    clock.jumpTo(Instant.EPOCH);
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void a_view_in_another_zone_moves_along() {
    Clock copenhagen = clock.withZone(ZoneId.of("Europe/Copenhagen"));

    clock.advance(Duration.ofDays(1));

    assertThat(copenhagen.instant()).isEqualTo(clock.instant());
    assertThat(copenhagen.getZone()).isEqualTo(ZoneId.of("Europe/Copenhagen"));
  }
}
