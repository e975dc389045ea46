package dev.sevenfold.backup.job;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One of the five fields of a cron expression: reads its text into a set of values. */
enum CronField {
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY_OF_MONTH("day of month", 1, 31, ""),
  MONTH("month", 1, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"),
  DAY_OF_WEEK("day of week", 0, 6, "SUNMONTUEWEDTHUFRISAT");

  private static final String VALUE = "(\\d{1,2}|[A-Za-z]{3})";
  private static final Pattern ITEM =
      Pattern.compile("(?:\\*|" + VALUE + "(?:-" + VALUE + ")?)(?:/(\\d{1,3}))?");
  private static final int WEEK = 7;
  private static final int LETTERS = 3;

  private final String title;
  private final int min;
  private final int max;
  private final String names;

  CronField(String title, int min, int max, String names) {
    this.title = title;
    this.min = min;
    this.max = max;
    this.names = names;
  }

  /**
   * Reads one field: {@code *}, values, names, ranges, each with or without a step, in a list.
   *
   * @param expression the whole expression, for messages
   * @return a bit for each value that the field names; Sunday is bit 0
   */
  long parse(String text, String expression) {
    long bits = 0;
    for (String item : text.split(",", -1)) {
      Matcher parts = ITEM.matcher(item);
      if (!parts.matches()) {
        throw malformed(item, expression, "it is neither *, a value, a range nor a step");
      }
      bits |= bits(parts, item, expression);
    }
    return bits;
  }

  private long bits(Matcher parts, String item, String expression) {
    int step = step(parts.group(3), item, expression);
    if (parts.group(1) == null) {
      return bits(min, max, step);
    }
    int from = value(parts.group(1), item, expression);
    if (parts.group(2) != null) {
      return bits(from, end(from, value(parts.group(2), item, expression), item, expression), step);
    }
    // 5/15 is 5-59/15, as most implementations have it.
    return bits(from, parts.group(3) == null ? from : Math.max(from, max), step);
  }

  private int end(int from, int to, String item, String expression) {
    if (from <= to) {
      return to;
    }
    if (this != DAY_OF_WEEK) {
      throw malformed(item, expression, from + " is after " + to);
    }
    // A week has no first day: FRI-MON and 6-0 mean what they say.
    return to + WEEK;
  }

  private long bits(int from, int to, int step) {
    long bits = 0;
    for (int value = from; value <= to; value += step) {
      bits |= 1L << (this == DAY_OF_WEEK ? value % WEEK : value);
    }
    return bits;
  }

  private int step(@Nullable String digits, String item, String expression) {
    if (digits == null) {
      return 1;
    }
    int step = Integer.parseInt(digits);
    if (step < 1 || step > max - min) {
      // */90 in the minutes would fire hourly, which is not what whoever wrote it had in mind.
      throw malformed(item, expression, "the step " + step + " is not from 1 to " + (max - min));
    }
    return step;
  }

  private int value(String text, String item, String expression) {
    if (!Character.isDigit(text.charAt(0))) {
      int index = names.indexOf(text.toUpperCase(Locale.ROOT));
      if (index < 0 || index % LETTERS != 0) {
        throw malformed(item, expression, text + " is not a value of this field");
      }
      return min + index / LETTERS;
    }
    int value = Integer.parseInt(text);
    int last = this == DAY_OF_WEEK ? WEEK : max;
    if (value < min || value > last) {
      throw malformed(item, expression, value + " is not from " + min + " to " + last);
    }
    return value;
  }

  private IllegalArgumentException malformed(String item, String expression, String why) {
    return new IllegalArgumentException(
        "The %s \"%s\" of the schedule \"%s\" cannot be read: %s. Write %s"
            .formatted(title, item, expression, why, examples()));
  }

  private String examples() {
    return switch (this) {
      case MINUTE -> "0 to 59, as in 1 or 0,30 or */15";
      case HOUR -> "0 to 23, as in 1 or 9-17 or */2";
      case DAY_OF_MONTH -> "1 to 31, as in 1 or 1,15 or */2; the last day has no sign";
      case MONTH -> "1 to 12 or JAN to DEC, as in 6 or JUN-AUG";
      case DAY_OF_WEEK -> "0 to 7 (Sunday is 0 and 7) or SUN to SAT, as in 2-6 or MON,FRI";
    };
  }

  /** Whether the set holds every value of this field. */
  boolean isAll(long bits) {
    return bits == bits(min, max, 1);
  }

  /**
   * The n for which the set is a star with the step n, if that comes around evenly; 1 if the set
   * holds everything, 0 if it is no such set.
   */
  int step(long bits) {
    int size = max - min + 1;
    for (int step = 1; step < size; step++) {
      if (size % step == 0 && bits == bits(min, max, step)) {
        return step;
      }
    }
    return 0;
  }

  /** A field that names exactly these values. */
  String print(long bits) {
    if (isAll(bits)) {
      return "*";
    }
    if ((this == MINUTE || this == HOUR) && step(bits) > 0) {
      return "*/" + step(bits);
    }
    List<Integer> values = CronDescription.values(bits);
    if (CronDescription.isRange(values)) {
      return values.get(0) + "-" + values.get(values.size() - 1);
    }
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
