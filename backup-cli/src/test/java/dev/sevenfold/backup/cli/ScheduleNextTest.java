package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleNextTest {

  private static Cli next(String cron, String zone, String from, int count) {
    return Cli.run(
        "schedule",
        "next",
        "--cron",
        cron,
        "--zone",
        zone,
        "--from",
        from,
        "--count",
        Integer.toString(count));
  }

  private static List<String> times(String cron, String from, int count) {
    Cli cli = next(cron, "Europe/Copenhagen", from, count);
    assertThat(cli.code()).as("%s", cli).isZero();
    return cli.lines();
  }

  @Test
  void prints_fire_times_with_their_offset_one_a_line() {
    assertThat(times("1 1 * * 2-6", "2026-11-21T00:00:00Z", 4))
        .containsExactly(
            "2026-11-21T01:01:00+01:00",
            "2026-11-24T01:01:00+01:00",
            "2026-11-25T01:01:00+01:00",
            "2026-11-26T01:01:00+01:00");
  }

  @Test
  void a_time_that_spring_leaves_out_fires_once_right_after_the_gap() {
    assertThat(times("30 2 * * *", "2026-03-28T12:00:00+01:00", 2))
        .containsExactly("2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00");
  }

  @Test
  void a_time_that_autumn_repeats_fires_once() {
    assertThat(times("30 2 * * *", "2026-10-24T12:00:00+02:00", 2))
        .containsExactly("2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00");
  }

  @ParameterizedTest
  @CsvSource({
    "@daily,              2026-11-23T00:00:00+01:00",
    "0 0 * * MON,         2026-11-23T00:00:00+01:00",
    "0 0 1 feb *,         2027-02-01T00:00:00+01:00",
    "0 3 * * SAT-MON,     2026-11-22T03:00:00+01:00",
    "0 3 * * 6-0,         2026-11-22T03:00:00+01:00",
    "0 3 29 2 *,          2028-02-29T03:00:00+01:00",
    "'  0   3 * * *',     2026-11-22T03:00:00+01:00",
  })
  void knows_what_people_write_in_crontabs(String cron, String first) {
    assertThat(times(cron, "2026-11-22T00:00:00+01:00", 1)).containsExactly(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 30 2 *   | UTC        | 2026-11-22T00:00:00Z | 1 | never fires",
        "0 22-3 * * * | UTC        | 2026-11-22T00:00:00Z | 1 | 22 is after 3",
        "* * * *      | UTC        | 2026-11-22T00:00:00Z | 1 | 4 fields",
        "@reboot      | UTC        | 2026-11-22T00:00:00Z | 1 | not known",
        "0 0 * * *    | Copenhagen | 2026-11-22T00:00:00Z | 1 | Copenhagen is no time zone",
        "0 0 * * *    | UTC        | yesterday            | 1 | yesterday is no instant",
        "0 0 * * *    | UTC        | 2026-11-22T00:00:00Z | 0 | --count 0",
      })
  void says_what_is_wrong_with_an_argument(
      String cron, String zone, String from, int count, String complaint) {
    Cli cli = next(cron, zone, from, count);

    assertThat(cli.code()).as("%s", cli).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.firstError()).startsWith("sevenfold: ").contains(complaint);
  }

  @Test
  void refuses_an_instant_that_no_calendar_goes_beyond() {
    Cli cli =
        Cli.run("schedule", "next", "--cron", "0 0 * * *", "--from", "+999999999-12-31T00:00:00Z");

    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.firstError()).contains("is not before 9000-01-01T00:00:00Z");
  }
}
