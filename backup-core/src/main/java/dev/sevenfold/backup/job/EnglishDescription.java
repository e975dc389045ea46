package dev.sevenfold.backup.job;

import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** A pattern in English: {@code at 01:01, Tuesday to Saturday}. Immutable. */
final class EnglishDescription {

  private static final int MOST_TIMES = 6;
  private static final int WEEK = 7;

  private final CronPattern pattern;
  private final List<Integer> minutes;
  private final List<Integer> hours;

  EnglishDescription(CronPattern pattern) {
    this.pattern = pattern;
    minutes = CronDescription.values(pattern.minutes());
    hours = CronDescription.values(pattern.hours());
  }

  String text() {
    List<String> parts = new ArrayList<>();
    parts.add(time());
    if (!days().isEmpty()) {
      parts.add(days());
    } else if (isListOfTimes()) {
      parts.add("every day");
    }
    if (!CronField.MONTH.isAll(pattern.months())) {
      parts.add("in " + list(CronDescription.values(pattern.months()), EnglishDescription::month));
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
      return "at " + join(times);
    }
    int everyHours = CronField.HOUR.step(pattern.hours());
    if (minutes.equals(List.of(0)) && everyHours > 0) {
      return everyHours == 1 ? "every hour" : "every " + everyHours + " hours from 00:00";
    }
    int everyMinutes = CronField.MINUTE.step(pattern.minutes());
    String minute =
        switch (everyMinutes) {
          case 0 -> (minutes.size() == 1 ? "at minute " : "at minutes ") + numbers(minutes);
          case 1 -> "every minute";
          default -> "every " + everyMinutes + " minutes";
        };
    return minute + hour(everyMinutes > 0);
  }

  private String hour(boolean throughout) {
    if (CronField.HOUR.isAll(pattern.hours())) {
      return throughout ? "" : " of every hour";
    }
    if (CronDescription.isRange(hours)) {
      return " from " + clock(hours.get(0), 0) + " to " + clock(hours.get(hours.size() - 1), 59);
    }
    return (hours.size() == 1 ? " of hour " : " of the hours ") + numbers(hours);
  }

  private String days() {
    boolean anyDay = CronField.DAY_OF_MONTH.isAll(pattern.days());
    boolean anyWeekday = CronField.DAY_OF_WEEK.isAll(pattern.weekdays());
    if (anyDay && anyWeekday) {
      return "";
    }
    // An alternative that every date meets leaves no restriction.
    if (pattern.eitherDay() && (anyDay || anyWeekday)) {
      return "";
    }
    if (anyDay) {
      return weekdays("on ");
    }
    List<Integer> days = CronDescription.values(pattern.days());
    String dates = (days.size() == 1 ? "on day " : "on days ") + numbers(days) + " of the month";
    if (anyWeekday) {
      return dates;
    }
    return dates + (pattern.eitherDay() ? " and also on " : " if that is ") + weekdays("");
  }

  private String weekdays(String preposition) {
    List<Integer> mondayFirst = new ArrayList<>(CronDescription.values(pattern.weekdays()));
    if (mondayFirst.remove(Integer.valueOf(0))) {
      mondayFirst.add(WEEK);
    }
    if (CronDescription.isRange(mondayFirst)) {
      return list(mondayFirst, EnglishDescription::weekday);
    }
    return preposition + list(mondayFirst, EnglishDescription::weekday);
  }

  private static String numbers(List<Integer> values) {
    return list(values, Integer::toString);
  }

  private static String list(List<Integer> values, IntFunction<String> name) {
    if (CronDescription.isRange(values)) {
      return name.apply(values.get(0)) + " to " + name.apply(values.get(values.size() - 1));
    }
    return join(values.stream().map(name::apply).toList());
  }

  private static String join(List<String> words) {
    if (words.size() == 1) {
      return words.get(0);
    }
    return String.join(", ", words.subList(0, words.size() - 1))
        + " and "
        + words.get(words.size() - 1);
  }

  private static String month(int month) {
    return Month.of(month).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  private static String weekday(int day) {
    return DayOfWeek.of(day).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  private static String clock(int hour, int minute) {
    return String.format(Locale.ROOT, "%02d:%02d", hour, minute);
  }
}
