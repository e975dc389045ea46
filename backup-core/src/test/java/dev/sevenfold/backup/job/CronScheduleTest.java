package dev.sevenfold.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

  private static final Instant START = Instant.parse("2026-11-22T12:34:56Z");

  private static CronSchedule utc(String expression) {
    return CronSchedule.parse(expression, ZoneOffset.UTC);
  }

  private static List<String> next(String expression, int count) {
    return utc(expression).next(START, count).stream()
        .map(instant -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString())
        .toList();
  }

  @Test
  void fires_from_tuesday_to_saturday_at_one_past_one() {
    assertThat(next("1 1 * * 2-6", 6))
        .containsExactly(
            "2026-11-24T01:01",
            "2026-11-25T01:01",
            "2026-11-26T01:01",
            "2026-11-27T01:01",
            "2026-11-28T01:01",
            "2026-12-01T01:01");
  }

  @ParameterizedTest
  @CsvSource({
    "@hourly,   2026-11-22T13:00",
    "@daily,    2026-11-23T00:00",
    "@midnight, 2026-11-23T00:00",
    "@Weekly,   2026-11-29T00:00",
    "@monthly,  2026-12-01T00:00",
    "@yearly,   2027-01-01T00:00",
    "@annually, 2027-01-01T00:00",
  })
  void knows_the_aliases(String alias, String first) {
    assertThat(next(alias, 1)).containsExactly(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 * * 7       | 0 0 * * 0",
        "0 0 * * 5-7     | 0 0 * * 0,5,6",
        "0 0 * * SUN-TUE | 0 0 * * 0-2",
        "0 0 * * 6-0     | 0 0 * * 0,6",
        "0 0 * * fri-mon | 0 0 * * 0,1,5,6",
        "0 0 * * 7-2     | 0 0 * * 0-2",
        "0 0 * jan,Jun-AUG * | 0 0 * 1,6,7,8 *",
        "5/15 3 * * *    | 5,20,35,50 3 * * *",
        "5-35/15 3 * * * | 5,20,35 3 * * *",
        "*/15 3 * * *    | 0,15,30,45 3 * * *",
        "'  01   02 \t * * *' | 1 2 * * *",
      })
  void reads_names_steps_ranges_and_lists(String written, String meant) {
    assertThat(utc(written).next(START, 30)).isEqualTo(utc(meant).next(START, 30));
  }

  @Test
  void takes_either_of_two_lists_of_days() {
    assertThat(next("0 0 13 * 5", 4))
        .containsExactly(
            "2026-11-27T00:00", "2026-12-04T00:00", "2026-12-11T00:00", "2026-12-13T00:00");
  }

  @Test
  void requires_both_days_when_one_begins_with_a_star_as_vixie_cron_does() {
    // Odd days that are Mondays: cron-utils would fire on every odd day and every Monday.
    assertThat(next("0 0 */2 * 1", 3))
        .containsExactly("2026-11-23T00:00", "2026-12-07T00:00", "2026-12-21T00:00");
    assertThat(next("0 0 1 * */2", 2)).containsExactly("2026-12-01T00:00", "2027-04-01T00:00");
  }

  @Test
  void finds_the_next_leap_day_across_a_century_without_one() {
    Instant from = Instant.parse("2096-03-01T00:00:00Z");

    assertThat(utc("0 0 29 2 *").next(from)).isEqualTo(Instant.parse("2104-02-29T00:00:00Z"));
  }

  @Test
  void fires_strictly_after_the_instant_it_is_asked_about() {
    Instant firing = Instant.parse("2026-11-23T01:01:00Z");

    assertThat(utc("1 1 * * *").next(firing)).isEqualTo(Instant.parse("2026-11-24T01:01:00Z"));
    assertThat(utc("1 1 * * *").next(firing.minusNanos(1))).isEqualTo(firing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 30-31 FEB *", "0 0 31 */2 *"})
  void refuses_days_that_no_month_has_unless_another_month_has_them(String expression) {
    if (expression.contains("*/2")) {
      assertThat(next(expression, 1)).containsExactly("2027-01-31T00:00");
    } else {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> utc(expression))
          .withMessageContaining(expression)
          .withMessageContaining("never fires");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "60 * * * *     | minute \"60\"",
        "* 24 * * *     | hour \"24\"",
        "* * 0 * *      | day of month \"0\"",
        "* * 32 * *     | day of month \"32\"",
        "* * * 13 *     | month \"13\"",
        "* * * MON *    | month \"MON\"",
        "* * * * 8      | day of week \"8\"",
        "0 0 L * *      | day of month \"L\"",
        "0 0 ? * *      | day of month \"?\"",
        "0 0 15W * *    | day of month \"15W\"",
        "0 0 * * 5#3    | day of week \"5#3\"",
        "0 22-3 * * *   | hour \"22-3\"",
        "*/0 * * * *    | minute \"*/0\"",
        "*/90 * * * *   | minute \"*/90\"",
        "1,,2 * * * *   | minute \"\"",
        "1, * * * *     | minute \"\"",
        "-1 * * * *     | minute \"-1\"",
        "1-2-3 * * * *  | minute \"1-2-3\"",
        "001 * * * *    | minute \"001\"",
        "* * * *        | has 4 fields",
        "0 0 * * * *    | has 6 fields",
        "''             | has 0 fields",
        "@reboot        | \"@reboot\" is not known",
      })
  void names_the_field_and_the_value_that_it_cannot_read(String expression, String complaint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> utc(expression))
        .withMessageContaining(complaint)
        .withMessageContaining("Write ");
  }

  @Test
  void refuses_line_breaks_and_endless_lists() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> utc("0 0 * *\n*"))
        .withMessageContaining("line break");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> utc("1,".repeat(20_000) + "1 * * * *"))
        .withMessageContaining("40009 characters")
        .withMessageContaining("at most 500");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * * | PT1M",
        "*/7 * * * * | PT4M",
        "0 0 * * * | PT24H",
        "0 0,23 * * * | PT1H",
        "59,0 0,23 * * * | PT1M",
        "0 0 * * 1 | PT168H",
        "0 0 1 * * | PT672H",
        "0 0 1 1 * | PT8760H",
        "0 0 29 2 * | PT35064H",
        "0 0 31 12,1 * | PT744H",
        "0 0 1 * 1 | PT24H",
      })
  void knows_its_shortest_interval_in_the_whole_calendar(String expression, Duration shortest) {
    assertThat(utc(expression).shortestInterval()).isEqualTo(shortest);
  }

  @Test
  void agrees_with_a_walk_through_four_centuries_on_the_shortest_interval() {
    Random random = new Random(5);
    for (int i = 0; i < 15; i++) {
      String[] fields = RandomCron.expression(random).split(" ", -1);
      String expression = "0 0 " + fields[2] + " " + fields[3] + " " + fields[4];
      Duration shortest = Duration.ofDays(1_000_000);
      Instant last = null;
      for (Instant firing :
          MinuteWalker.walk(
              expression, ZoneOffset.UTC, LocalDate.of(2000, 1, 1), LocalDate.of(2400, 12, 31))) {
        if (last != null && Duration.between(last, firing).compareTo(shortest) < 0) {
          shortest = Duration.between(last, firing);
        }
        last = firing;
      }

      assertThat(utc(expression).shortestInterval()).as(expression).isEqualTo(shortest);
    }
  }

  @Test
  void refuses_a_schedule_that_is_too_frequent_only_now_and_then() {
    // The next two firings are nine days apart; on the first of some months it is a Monday before.
    CronSchedule schedule = utc("0 0 10 * 1");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> schedule.requireInterval(Duration.ofDays(2)))
        .withMessageContaining("0 0 10 * 1")
        .withMessageContaining("every 24h")
        .withMessageContaining("at least 48h");
    assertThat(schedule.requireInterval(Duration.ofDays(1))).isSameAs(schedule);
  }

  @Test
  void is_equal_by_expression_and_zone() {
    ZoneId copenhagen = ZoneId.of("Europe/Copenhagen");

    assertThat(utc("1  1 * * *")).isEqualTo(utc("1 1 * * *")).hasSameHashCodeAs(utc("1 1 * * *"));
    assertThat(utc("1 1 * * *")).isNotEqualTo(CronSchedule.parse("1 1 * * *", copenhagen));
    assertThat(utc("0 0 * * *")).isNotEqualTo(utc("@daily"));
    assertThat(CronSchedule.parse("@daily", copenhagen)).hasToString("@daily Europe/Copenhagen");
  }

  @Test
  void finds_the_last_firing_of_a_span() {
    CronSchedule yearly = utc("0 0 1 1 *");
    Instant until = Instant.parse("2026-11-22T00:00:00Z");
    Instant newYear = Instant.parse("2026-01-01T00:00:00Z");

    assertThat(yearly.last(Instant.parse("2020-01-01T00:00:00Z"), until)).contains(newYear);
    assertThat(yearly.last(newYear, until)).isEmpty();
    assertThat(utc("* * * * *").last(newYear, until)).contains(until);
  }
}
