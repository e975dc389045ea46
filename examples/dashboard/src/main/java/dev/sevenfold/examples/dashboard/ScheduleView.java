package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.examples.dashboard.web.Request;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The form of a schedule, and what it means, ready to be shown. Immutable.
 *
 * @param expression as it stands in the form
 * @param zones to choose from
 * @param active whether it is switched on
 * @param valid whether the expression means something
 * @param error what is wrong with it, if it is not
 * @param words what it means
 * @param language which language these words are of
 * @param times the next five
 */
record ScheduleView(
    String expression,
    List<Zone> zones,
    boolean active,
    boolean valid,
    String error,
    String words,
    String language,
    List<String> times) {

  /** A time zone, maybe the one that is chosen. */
  record Zone(String id, boolean chosen) {}

  private static final int TIMES = 5;

  /** In which a schedule can be described; the first one for everybody else. */
  private static final List<Locale> LANGUAGES =
      Stream.of(
              "en", "da", "de", "el", "es", "fr", "id", "it", "ja", "ko", "nl", "pl", "pt", "ro",
              "ru", "sw", "tr", "zh")
          .map(Locale::forLanguageTag)
          .toList();

  private static final List<String> ZONES =
      List.of(
          "UTC",
          "America/Los_Angeles",
          "America/New_York",
          "America/Sao_Paulo",
          "Asia/Kolkata",
          "Asia/Shanghai",
          "Asia/Tokyo",
          "Australia/Sydney",
          "Europe/Berlin",
          "Europe/Copenhagen",
          "Europe/Helsinki",
          "Europe/London");

  /** What somebody typed. */
  static ScheduleView of(
      String expression, String zone, boolean active, Clock clock, Locale language) {
    try {
      return of(parse(expression, zone), active, clock, language);
    } catch (IllegalArgumentException e) {
      String error = String.valueOf(e.getMessage());
      return new ScheduleView(expression, zones(zone), active, false, error, "", "", List.of());
    }
  }

  /** A schedule that there is. */
  static ScheduleView of(CronSchedule schedule, boolean active, Clock clock, Locale language) {
    Words words = new Words(clock, schedule.zone());
    List<String> times =
        schedule.next(clock.instant(), TIMES).stream().map(words::exactly).toList();
    return new ScheduleView(
        schedule.expression(),
        zones(schedule.zone().getId()),
        active,
        true,
        "",
        sentence(schedule, language),
        language.toLanguageTag(),
        times);
  }

  /**
   * Reads what somebody typed.
   *
   * @throws IllegalArgumentException if it means nothing, or comes too often
   */
  static CronSchedule parse(String expression, String zone) {
    try {
      return CronSchedule.parse(expression, ZoneId.of(zone))
          .requireInterval(Backups.SHORTEST_INTERVAL);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "\"" + zone + "\" is no time zone. Choose one of the list", e);
    }
  }

  /** {@code At 01:01, Tuesday to Saturday}. */
  static String sentence(CronSchedule schedule, Locale language) {
    String text = schedule.describe(language);
    return text.substring(0, 1).toUpperCase(language) + text.substring(1);
  }

  /** The language to describe schedules in to whoever asks. */
  static Locale language(Request request) {
    return request.language(LANGUAGES);
  }

  private static List<Zone> zones(String chosen) {
    return Stream.concat(ZONES.stream(), Stream.of(chosen).filter(zone -> !ZONES.contains(zone)))
        .map(zone -> new Zone(zone, zone.equals(chosen)))
        .toList();
  }
}
