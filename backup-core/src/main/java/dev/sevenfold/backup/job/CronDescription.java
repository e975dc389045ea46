package dev.sevenfold.backup.job;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says in plain words when a pattern fires. Not instantiated. */
final class CronDescription {

  /** Asked for any other language, cron-utils would answer in that of the machine. */
  private static final Set<String> LANGUAGES =
      Set.of(
          "de", "el", "es", "fr", "id", "in", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sw",
          "tr", "zh");

  private static final int SHORTEST_RANGE = 3;

  private CronDescription() {}

  static String of(CronPattern pattern, Locale locale) {
    if (!LANGUAGES.contains(locale.getLanguage())) {
      return new EnglishDescription(pattern).text();
    }
    String time =
        CronField.MINUTE.print(pattern.minutes()) + " " + CronField.HOUR.print(pattern.hours());
    String days = CronField.DAY_OF_MONTH.print(pattern.days());
    String month = CronField.MONTH.print(pattern.months());
    String weekdays = CronField.DAY_OF_WEEK.print(pattern.weekdays());
    if (days.equals("*") || weekdays.equals("*")) {
      return describe(time + " " + days + " " + month + " " + weekdays, locale);
    }
    // cron-utils has no words for "or" and "and also": say each half on its own.
    return describe(time + " " + days + " " + month + " *", locale)
        + (pattern.eitherDay() ? " / " : " & ")
        + describe(time + " * " + month + " " + weekdays, locale);
  }

  private static String describe(String expression, Locale locale) {
    CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    return CronDescriptor.instance(locale).describe(parser.parse(expression)).strip();
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
