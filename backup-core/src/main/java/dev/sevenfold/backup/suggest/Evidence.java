package dev.sevenfold.backup.suggest;

import java.util.List;
import java.util.Locale;

/** Sentences that say why. */
final class Evidence {

  private Evidence() {}

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 row}, {@code 1,204 rows}. */
  static String of(long number, String thing) {
    return number(number) + ' ' + thing + (number == 1 ? "" : "s");
  }

  static String found(long found, long values) {
    return number(found)
        + " of "
        + number(values)
        + (values == 1 ? " value" : " values")
        + " found";
  }

  /** {@code [5], [9] and 12 more}. */
  static String some(List<String> samples, long all) {
    String text = String.join(", ", samples);
    return all > samples.size() ? text + " and " + number(all - samples.size()) + " more" : text;
  }
}
