package dev.sevenfold.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random expressions against the {@link MinuteWalker}, over two years. */
class CronAgainstWalkerTest {

  private static final int EXPRESSIONS = 12;
  private static final LocalDate FIRST = LocalDate.of(2027, 1, 1);
  private static final LocalDate LAST = LocalDate.of(2028, 12, 31);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC",
        "Europe/Copenhagen",
        "America/New_York",
        "America/Santiago",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "Africa/Casablanca",
        "Asia/Kathmandu"
      })
  void fires_exactly_when_a_minute_by_minute_walk_does(String zone) {
    Random random = new Random(zone.hashCode());
    for (int i = 0; i < EXPRESSIONS; i++) {
      String expression = RandomCron.expression(random);
      agrees(expression, ZoneId.of(zone));
    }
  }

  private static void agrees(String expression, ZoneId zone) {
    NavigableSet<Instant> expected = MinuteWalker.walk(expression, zone, FIRST, LAST);
    CronSchedule schedule = CronSchedule.parse(expression, zone);
    Instant end = LAST.atStartOfDay(zone).toInstant();
    List<Instant> actual = new ArrayList<>();
    Instant from = FIRST.atStartOfDay(zone).toInstant().minusNanos(1);
    for (Instant next = schedule.next(from); next.isBefore(end); next = schedule.next(next)) {
      actual.add(next);
    }
    assertThat(actual)
        .as("%s in %s", expression, zone)
        .isEqualTo(new ArrayList<>(expected.headSet(end)));
    asksAnywhere(schedule, expected, expression);
  }

  /** Not only from one firing to the next, but from any instant around the clock changes. */
  private static void asksAnywhere(
      CronSchedule schedule, NavigableSet<Instant> expected, String expression) {
    ZoneId zone = schedule.zone();
    Instant change = FIRST.atStartOfDay(zone).toInstant();
    for (int i = 0; i < 4 && !zone.getRules().isFixedOffset(); i++) {
      if (zone.getRules().nextTransition(change) == null) {
        return;
      }
      change = zone.getRules().nextTransition(change).getInstant();
      for (int minute = -150; minute <= 150; minute += 7) {
        Instant after = change.plus(Duration.ofMinutes(minute)).plusSeconds(minute % 2);
        Instant higher = expected.higher(after);
        if (higher != null) {
          assertThat(schedule.next(after))
              .as("%s in %s after %s", expression, zone, after)
              .isEqualTo(higher);
        }
      }
    }
  }
}
