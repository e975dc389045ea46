package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.job.CronSchedule;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Texts, times and numbers for one reader. Immutable. */
final class Words {

  private static final long KILO = 1_000;

  private final MailTexts texts;
  private final Locale language;
  private final Locale region;
  private final ZoneId zone;
  private final Map<String, String> values;

  private Words(
      MailTexts texts, Locale language, Locale region, ZoneId zone, Map<String, String> values) {
    this.texts = texts;
    this.language = language;
    this.region = region;
    this.zone = zone;
    this.values = values;
  }

  static Words of(MailTexts texts, Recipient recipient) {
    Locale language = texts.language(recipient.locale());
    // A French reader who gets English texts should not find French months in them.
    Locale region =
        language.getLanguage().equals(recipient.locale().getLanguage())
            ? recipient.locale()
            : language;
    return new Words(texts, language, region, recipient.zone(), Map.of());
  }

  /** These words, with values that fill in every text. */
  Words with(String... namesAndValues) {
    return new Words(texts, language, region, zone, values(namesAndValues));
  }

  private Map<String, String> values(String... namesAndValues) {
    Map<String, String> all = new HashMap<>(values);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      all.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return all;
  }

  String languageTag() {
    return language.toLanguageTag();
  }

  /** The text of a key; {@code namesAndValues} fill it in. */
  String text(String key, String... namesAndValues) {
    return texts.text(language, key, values(namesAndValues));
  }

  /** When backups are made, by the wall clock of the schedule's own zone. */
  String schedule(CronSchedule when) {
    return when.describe(language) + " (" + when.zone() + ")";
  }

  String day(Instant instant) {
    return format(instant, DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG));
  }

  String time(Instant instant) {
    DateTimeFormatter zoneName = DateTimeFormatter.ofPattern("z");
    return day(instant)
        + ", "
        + format(instant, DateTimeFormatter.ofPattern(text("time.pattern")))
        + " "
        + format(instant, zoneName);
  }

  private String format(Instant instant, DateTimeFormatter formatter) {
    return formatter.withLocale(region).format(instant.atZone(zone));
  }

  String number(long number) {
    return NumberFormat.getIntegerInstance(region).format(number);
  }

  /** A size as people read it, in steps of a thousand: {@code 12.3 MB}. */
  String size(long bytes) {
    String[] units = {"kB", "MB", "GB", "TB"};
    double value = Math.max(bytes, 1) / (double) KILO;
    int unit = 0;
    while (value >= KILO && unit < units.length - 1) {
      value /= KILO;
      unit++;
    }
    NumberFormat format = NumberFormat.getNumberInstance(region);
    format.setMaximumFractionDigits(value < 10 ? 1 : 0);
    return format.format(Math.max(value, 0.1)) + " " + units[unit];
  }
}
