package dev.sevenfold.backup.job;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the text of a cron expression. Not instantiated. */
final class CronExpression {

  /** Five lists of all values fit; a text of thousands of items would only cost time. */
  static final int MAX_LENGTH = 500;

  private static final int FIELDS = 5;

  private static final Map<String, String> ALIASES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private CronExpression() {}

  /** The text with one space between the fields and none around. */
  static String normalize(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "The schedule has "
              + text.length()
              + " characters; at most "
              + MAX_LENGTH
              + " are allowed. Use ranges and steps in place of lists");
    }
    if (text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
      throw new IllegalArgumentException(
          "The schedule holds a line break or another control character. Write it on one line");
    }
    return text.strip().replaceAll("[ \\t]+", " ");
  }

  /**
   * Reads a normalized expression.
   *
   * @throws IllegalArgumentException if it is malformed, or if no date ever matches it
   */
  static CronPattern parse(String expression) {
    List<String> fields = fields(expression);
    long days = CronField.DAY_OF_MONTH.parse(fields.get(2), expression);
    long weekdays = CronField.DAY_OF_WEEK.parse(fields.get(4), expression);
    // As in Vixie cron: a field that begins with a star, steps included, restricts the other one;
    // two lists of days are alternatives.
    boolean eitherDay = !fields.get(2).startsWith("*") && !fields.get(4).startsWith("*");
    CronPattern pattern =
        new CronPattern(
            CronField.MINUTE.parse(fields.get(0), expression),
            CronField.HOUR.parse(fields.get(1), expression),
            days,
            CronField.MONTH.parse(fields.get(3), expression),
            weekdays,
            eitherDay);
    if (pattern.nextDate(LocalDate.of(2000, 1, 1)).isEmpty()) {
      throw new IllegalArgumentException(
          "The schedule \""
              + expression
              + "\" never fires: day of month "
              + fields.get(2)
              + " does not occur in month "
              + fields.get(3)
              + ". Write a day that these months have");
    }
    return pattern;
  }

  private static List<String> fields(String expression) {
    String text = expression;
    if (expression.startsWith("@")) {
      text = ALIASES.get(expression.toLowerCase(Locale.ROOT));
      if (text == null) {
        throw new IllegalArgumentException(
            "The schedule \""
                + expression
                + "\" is not known. Write @hourly, @daily, @weekly, @monthly, @yearly,"
                + " or five fields as in 1 1 * * 2-6");
      }
    }
    List<String> fields = text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    if (fields.size() != FIELDS) {
      throw new IllegalArgumentException(
          "The schedule \""
              + expression
              + "\" has "
              + fields.size()
              + " fields, not five. Write minute, hour, day of month, month and day of week,"
              + " as in 1 1 * * 2-6; there are neither seconds nor years");
    }
    return fields;
  }
}
