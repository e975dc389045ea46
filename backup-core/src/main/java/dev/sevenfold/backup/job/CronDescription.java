package dev.sevenfold.backup.job;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Says in plain words when a pattern fires: {@code at 01:01, Tuesday to Saturday}. In English and
 * in Danish by itself: cron-utils has no Danish, and its English is not for tenants. In its other
 * languages by cron-utils. Immutable.
 */
final class CronDescription {

  /** Asked for any other language, cron-utils would answer in that of the machine. */
  private static final Set<String> OF_CRON_UTILS =
      Set.of(
          "de", "el", "es", "fr", "id", "in", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sw",
          "tr", "zh");

  private static final int MOST_TIMES = 6;
  private static final int SHORTEST_RANGE = 3;
  private static final int WEEK = 7;

  /** Phrases with a place for what differs. Ordinals: {@code on day 1}, {@code den 1.} */
  private record Words(
      Locale locale,
      String at,
      String and,
      String to,
      String everyDay,
      String everyHour,
      String everyHours,
      String everyMinute,
      String everyMinutes,
      String minute,
      String minutes,
      String ofEveryHour,
      String from,
      String hour,
      String hours,
      String on,
      String day,
      String days,
      String ordinal,
      String andAlso,
      String ifThatIs,
      String in) {}

  private static final Words ENGLISH =
      new Words(
          Locale.ENGLISH,
          "at %s",
          " and ",
          " to ",
          "every day",
          "every hour",
          "every %d hours from 00:00",
          "every minute",
          "every %d minutes",
          "at minute %s",
          "at minutes %s",
          " of every hour",
          " from %s to %s",
          " of hour %s",
          " of the hours %s",
          "on ",
          "on day %s of the month",
          "on days %s of the month",
          "%d",
          " and also on ",
          " if that is ",
          "in ");

  private static final Words DANISH =
      new Words(
          Locale.forLanguageTag("da"),
          "kl. %s",
          " og ",
          " til ",
          "hver dag",
          "hver time",
          "hver %d. time fra kl. 00:00",
          "hvert minut",
          "hvert %d. minut",
          "i minut %s",
          "i minutterne %s",
          " af hver time",
          " fra kl. %s til %s",
          " af time %s",
          " af timerne %s",
          "hver ",
          "den %s i måneden",
          "den %s i måneden",
          "%d.",
          " og desuden hver ",
          ", hvis det er en ",
          "i ");

  private final CronPattern pattern;
  private final Words words;
  private final List<Integer> minutes;
  private final List<Integer> hours;

  private CronDescription(CronPattern pattern, Words words) {
    this.pattern = pattern;
    this.words = words;
    minutes = values(pattern.minutes());
    hours = values(pattern.hours());
  }

  static String of(CronPattern pattern, Locale locale) {
    if (OF_CRON_UTILS.contains(locale.getLanguage())) {
      return byCronUtils(pattern, locale);
    }
    boolean danish = locale.getLanguage().equals(DANISH.locale().getLanguage());
    return new CronDescription(pattern, danish ? DANISH : ENGLISH).text();
  }

  private static String byCronUtils(CronPattern pattern, Locale locale) {
    String time =
        CronField.MINUTE.print(pattern.minutes()) + " " + CronField.HOUR.print(pattern.hours());
    String days = CronField.DAY_OF_MONTH.print(pattern.days());
    String month = CronField.MONTH.print(pattern.months());
    String weekdays = CronField.DAY_OF_WEEK.print(pattern.weekdays());
    if (days.equals("*") || weekdays.equals("*")) {
      return byCronUtils(time + " " + days + " " + month + " " + weekdays, locale);
    }
    // cron-utils has no words for "or" and "and also": say each half on its own.
    return byCronUtils(time + " " + days + " " + month + " *", locale)
        + (pattern.eitherDay() ? " / " : " & ")
        + byCronUtils(time + " * " + month + " " + weekdays, locale);
  }

  private static String byCronUtils(String expression, Locale locale) {
    CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    String text = CronDescriptor.instance(locale).describe(parser.parse(expression)).strip();
    // Its German is not quite.
    return text.replace("jede Tag", "jeden Tag");
  }

  private String text() {
    List<String> parts = new ArrayList<>();
    parts.add(time());
    if (!days().isEmpty()) {
      parts.add(days());
    } else if (isListOfTimes()) {
      parts.add(words.everyDay());
    }
    if (!CronField.MONTH.isAll(pattern.months())) {
      parts.add(words.in() + list(values(pattern.months()), this::month));
    }
    return String.join(", ", parts);
  }

  private boolean isListOfTimes() {
    return minutes.size() * hours.size() <= MOST_TIMES;
  }

  private String time() {
    if (isListOfTimes()) {
      List<String> times = new ArrayList<>();
      hours.forEach(hour -> minutes.forEach(minute -> times.add(clock(hour, minute))));
      return words.at().formatted(join(times));
    }
    int everyHours = CronField.HOUR.step(pattern.hours());
    if (minutes.equals(List.of(0)) && everyHours > 0) {
      return everyHours == 1 ? words.everyHour() : words.everyHours().formatted(everyHours);
    }
    int everyMinutes = CronField.MINUTE.step(pattern.minutes());
    String minute =
        switch (everyMinutes) {
          case 0 ->
              (minutes.size() == 1 ? words.minute() : words.minutes()).formatted(numbers(minutes));
          case 1 -> words.everyMinute();
          default -> words.everyMinutes().formatted(everyMinutes);
        };
    return minute + hour(everyMinutes > 0);
  }

  private String hour(boolean throughout) {
    if (CronField.HOUR.isAll(pattern.hours())) {
      return throughout ? "" : words.ofEveryHour();
    }
    if (isRange(hours)) {
      String last = clock(hours.get(hours.size() - 1), 59);
      return words.from().formatted(clock(hours.get(0), 0), last);
    }
    return (hours.size() == 1 ? words.hour() : words.hours()).formatted(numbers(hours));
  }

  private String days() {
    boolean anyDay = CronField.DAY_OF_MONTH.isAll(pattern.days());
    boolean anyWeekday = CronField.DAY_OF_WEEK.isAll(pattern.weekdays());
    // An alternative that every date meets leaves no restriction.
    if ((anyDay && anyWeekday) || (pattern.eitherDay() && (anyDay || anyWeekday))) {
      return "";
    }
    if (anyDay) {
      return weekdays(words.on());
    }
    List<Integer> days = values(pattern.days());
    String dates =
        (days.size() == 1 ? words.day() : words.days())
            .formatted(list(days, day -> words.ordinal().formatted(day)));
    if (anyWeekday) {
      return dates;
    }
    return dates + (pattern.eitherDay() ? words.andAlso() : words.ifThatIs()) + weekdays("");
  }

  private String weekdays(String preposition) {
    List<Integer> mondayFirst = new ArrayList<>(values(pattern.weekdays()));
    if (mondayFirst.remove(Integer.valueOf(0))) {
      mondayFirst.add(WEEK);
    }
    return (isRange(mondayFirst) ? "" : preposition) + list(mondayFirst, this::weekday);
  }

  private String numbers(List<Integer> values) {
    return list(values, Integer::toString);
  }

  private String list(List<Integer> values, IntFunction<String> name) {
    if (isRange(values)) {
      return name.apply(values.get(0)) + words.to() + name.apply(values.get(values.size() - 1));
    }
    return join(values.stream().map(name::apply).toList());
  }

  private String join(List<String> items) {
    int last = items.size() - 1;
    return last == 0
        ? items.get(0)
        : String.join(", ", items.subList(0, last)) + words.and() + items.get(last);
  }

  private String month(int month) {
    return Month.of(month).getDisplayName(TextStyle.FULL, words.locale());
  }

  private String weekday(int day) {
    return DayOfWeek.of(day).getDisplayName(TextStyle.FULL, words.locale());
  }

  private static String clock(int hour, int minute) {
    return String.format(Locale.ROOT, "%02d:%02d", hour, minute);
  }

  /** The values of a set of bits, ascending. */
  static List<Integer> values(long bits) {
    List<Integer> values = new ArrayList<>();
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      values.add(Long.numberOfTrailingZeros(rest));
    }
    return values;
  }

  /** Whether values are so many in a row that a range says it better. */
  static boolean isRange(List<Integer> values) {
    return values.size() >= SHORTEST_RANGE
        && values.get(values.size() - 1) - values.get(0) == values.size() - 1;
  }
}
