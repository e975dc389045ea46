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

  private static final Locale DANISH = Locale.forLanguageTag("da");

  /** In English and in Danish, with a place for what differs. */
  private enum Phrase {
    AT("at %s", "kl. %s"),
    AND(" and ", " og "),
    TO(" to ", " til "),
    EVERY_DAY("every day", "hver dag"),
    EVERY_HOUR("every hour", "hver time"),
    EVERY_HOURS("every %d hours from 00:00", "hver %d. time fra kl. 00:00"),
    EVERY_MINUTE("every minute", "hvert minut"),
    EVERY_MINUTES("every %d minutes", "hvert %d. minut"),
    MINUTE("at minute %s", "i minut %s"),
    MINUTES("at minutes %s", "i minutterne %s"),
    OF_EVERY_HOUR(" of every hour", " af hver time"),
    FROM(" from %s to %s", " fra kl. %s til %s"),
    HOUR(" of hour %s", " af time %s"),
    HOURS(" of the hours %s", " af timerne %s"),
    ON("on ", "hver "),
    DAY("on day %s of the month", "den %s i måneden"),
    DAYS("on days %s of the month", "den %s i måneden"),
    ORDINAL("%d", "%d."),
    AND_ALSO(" and also on ", " og desuden hver "),
    IF_THAT_IS(" if that is ", ", hvis det er en "),
    IN("in ", "i ");

    private final String english;
    private final String danish;

    Phrase(String english, String danish) {
      this.english = english;
      this.danish = danish;
    }
  }

  private final CronPattern pattern;
  private final Locale language;
  private final List<Integer> minutes;
  private final List<Integer> hours;

  private CronDescription(CronPattern pattern, Locale language) {
    this.pattern = pattern;
    this.language = language;
    minutes = values(pattern.minutes());
    hours = values(pattern.hours());
  }

  static String of(CronPattern pattern, Locale locale) {
    if (OF_CRON_UTILS.contains(locale.getLanguage())) {
      return byCronUtils(pattern, locale);
    }
    boolean danish = locale.getLanguage().equals(DANISH.getLanguage());
    return new CronDescription(pattern, danish ? DANISH : Locale.ENGLISH).text();
  }

  private String say(Phrase phrase, Object... differing) {
    return (language.equals(DANISH) ? phrase.danish : phrase.english).formatted(differing);
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
      parts.add(say(Phrase.EVERY_DAY));
    }
    if (!CronField.MONTH.isAll(pattern.months())) {
      parts.add(say(Phrase.IN) + list(values(pattern.months()), this::month));
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
      return say(Phrase.AT, join(times));
    }
    int everyHours = CronField.HOUR.step(pattern.hours());
    if (minutes.equals(List.of(0)) && everyHours > 0) {
      return everyHours == 1 ? say(Phrase.EVERY_HOUR) : say(Phrase.EVERY_HOURS, everyHours);
    }
    int everyMinutes = CronField.MINUTE.step(pattern.minutes());
    String minute =
        switch (everyMinutes) {
          case 0 -> say(minutes.size() == 1 ? Phrase.MINUTE : Phrase.MINUTES, numbers(minutes));
          case 1 -> say(Phrase.EVERY_MINUTE);
          default -> say(Phrase.EVERY_MINUTES, everyMinutes);
        };
    return minute + hour(everyMinutes > 0);
  }

  private String hour(boolean throughout) {
    if (CronField.HOUR.isAll(pattern.hours())) {
      return throughout ? "" : say(Phrase.OF_EVERY_HOUR);
    }
    if (isRange(hours)) {
      String last = clock(hours.get(hours.size() - 1), 59);
      return say(Phrase.FROM, clock(hours.get(0), 0), last);
    }
    return say(hours.size() == 1 ? Phrase.HOUR : Phrase.HOURS, numbers(hours));
  }

  private String days() {
    boolean anyDay = CronField.DAY_OF_MONTH.isAll(pattern.days());
    boolean anyWeekday = CronField.DAY_OF_WEEK.isAll(pattern.weekdays());
    // An alternative that every date meets leaves no restriction.
    if ((anyDay && anyWeekday) || (pattern.eitherDay() && (anyDay || anyWeekday))) {
      return "";
    }
    if (anyDay) {
      return weekdays(say(Phrase.ON));
    }
    List<Integer> days = values(pattern.days());
    String dates =
        say(
            days.size() == 1 ? Phrase.DAY : Phrase.DAYS,
            list(days, day -> say(Phrase.ORDINAL, day)));
    if (anyWeekday) {
      return dates;
    }
    return dates + say(pattern.eitherDay() ? Phrase.AND_ALSO : Phrase.IF_THAT_IS) + weekdays("");
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
      return name.apply(values.get(0)) + say(Phrase.TO) + name.apply(values.get(values.size() - 1));
    }
    return join(values.stream().map(name::apply).toList());
  }

  private String join(List<String> items) {
    int last = items.size() - 1;
    return last == 0
        ? items.get(0)
        : String.join(", ", items.subList(0, last)) + say(Phrase.AND) + items.get(last);
  }

  private String month(int month) {
    return Month.of(month).getDisplayName(TextStyle.FULL, language);
  }

  private String weekday(int day) {
    return DayOfWeek.of(day).getDisplayName(TextStyle.FULL, language);
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
