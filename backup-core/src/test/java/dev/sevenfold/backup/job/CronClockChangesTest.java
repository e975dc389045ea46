package dev.sevenfold.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens to times that a clock change leaves out or repeats. */
class CronClockChangesTest {

  private static final String COPENHAGEN = "Europe/Copenhagen";

  private static List<String> next(String expression, String zone, String from, int count) {
    ZoneId id = ZoneId.of(zone);
    Instant after = LocalDateTime.parse(from).atZone(id).toInstant();
    return CronSchedule.parse(expression, id).next(after, count).stream()
        .map(instant -> instant.atZone(id).toOffsetDateTime().toString())
        .toList();
  }

  @Test
  void a_time_in_the_gap_fires_once_right_after_it() {
    assertThat(next("30 2 * * *", COPENHAGEN, "2026-03-28T00:00", 3))
        .containsExactly(
            "2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00");
  }

  @Test
  void the_gap_does_not_cost_a_week() {
    assertThat(next("30 2 * * 0", COPENHAGEN, "2026-03-23T00:00", 2))
        .containsExactly("2026-03-29T03:30+02:00", "2026-04-05T02:30+02:00");
  }

  @Test
  void the_gap_does_not_cost_a_year() {
    assertThat(next("30 2 29 3 *", COPENHAGEN, "2026-01-01T00:00", 2))
        .containsExactly("2026-03-29T03:30+02:00", "2027-03-29T02:30+02:00");
  }

  @Test
  void a_time_in_the_overlap_fires_once_the_first_time() {
    assertThat(next("30 2 * * *", COPENHAGEN, "2026-10-24T12:00", 2))
        .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
  }

  @Test
  void between_the_two_passes_of_the_overlap_the_time_is_over() {
    ZoneId zone = ZoneId.of(COPENHAGEN);
    CronSchedule schedule = CronSchedule.parse("30 2 * * *", zone);
    Instant firstPass = Instant.parse("2026-10-25T00:30:00Z");

    for (int minutes = 0; minutes < 120; minutes++) {
      assertThat(schedule.next(firstPass.plusSeconds(60L * minutes)))
          .isEqualTo(Instant.parse("2026-10-26T01:30:00Z"));
    }
  }

  @Test
  void every_hour_fires_no_hour_twice_on_both_days() {
    assertThat(next("0 * * * *", COPENHAGEN, "2026-03-29T00:30", 3))
        .containsExactly(
            "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00");
    assertThat(next("0 * * * *", COPENHAGEN, "2026-10-25T01:30", 3))
        .containsExactly(
            "2026-10-25T02:00+02:00", "2026-10-25T03:00+01:00", "2026-10-25T04:00+01:00");
  }

  @Test
  void times_that_fall_together_behind_the_gap_are_one() {
    assertThat(next("30 2,3 * * *", COPENHAGEN, "2026-03-29T00:00", 2))
        .containsExactly("2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00");
  }

  @Test
  void a_gap_of_half_an_hour_keeps_the_order_of_instants() {
    // 02:20 becomes 02:50, which is after the 02:40 that exists.
    assertThat(next("20,40 2 * * *", "Australia/Lord_Howe", "2026-10-04T00:00", 3))
        .containsExactly(
            "2026-10-04T02:40+11:00", "2026-10-04T02:50+11:00", "2026-10-05T02:20+11:00");
  }

  @Test
  void a_gap_of_two_hours_keeps_the_order_of_instants() {
    assertThat(next("0 2,3 * * *", "Antarctica/Troll", "2026-03-29T00:00", 2))
        .containsExactly("2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00");
  }

  @Test
  void a_day_that_the_calendar_left_out_is_made_up_for_on_the_next() {
    // Samoa had no 30 December 2011.
    assertThat(next("0 10 30 12 *", "Pacific/Apia", "2011-12-01T00:00", 2))
        .containsExactly("2011-12-31T10:00+14:00", "2012-12-30T10:00+14:00");
  }

  @Test
  void midnight_that_does_not_exist_fires_at_one() {
    assertThat(next("@daily", "America/Havana", "2026-03-07T12:00", 2))
        .containsExactly("2026-03-08T01:00-04:00", "2026-03-09T00:00-04:00");
  }
}
