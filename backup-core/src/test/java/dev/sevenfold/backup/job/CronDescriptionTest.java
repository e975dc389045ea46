package dev.sevenfold.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronDescriptionTest {

  private static String describe(String expression, Locale locale) {
    return CronSchedule.parse(expression, ZoneOffset.UTC).describe(locale);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 1 * * 2-6      | at 01:01, Tuesday to Saturday",
        "@daily           | at 00:00, every day",
        "@hourly          | every hour",
        "* * * * *        | every minute",
        "*/15 * * * *     | every 15 minutes",
        "*/15 9-17 * * 1-5 | every 15 minutes from 09:00 to 17:59, Monday to Friday",
        "5 * * * *        | at minute 5 of every hour",
        "0 */2 * * *      | every 2 hours from 00:00",
        "0 9-17/2 * * 1-5 | at 09:00, 11:00, 13:00, 15:00 and 17:00, Monday to Friday",
        "30 2 * 6-8 7     | at 02:30, on Sunday, in June to August",
        "0 0,12 1 * *     | at 00:00 and 12:00, on day 1 of the month",
        "0 0 13 * 5       | at 00:00, on day 13 of the month and also on Friday",
        "0 0 */10 * 1     | at 00:00, on days 1, 11, 21 and 31 of the month if that is Monday",
        "0 0 * * FRI-SUN  | at 00:00, Friday to Sunday",
        "0 0 * 2 *        | at 00:00, every day, in February",
        "0 0 1-31 * 1     | at 00:00, every day",
        "5-59/15 * * * *  | at minutes 5, 20, 35 and 50 of every hour",
      })
  void says_in_english_when_it_fires(String expression, String words) {
    assertThat(describe(expression, Locale.UK)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 1 * * 2-6      | kl. 01:01, tirsdag til lørdag",
        "@daily           | kl. 00:00, hver dag",
        "@hourly          | hver time",
        "*/15 9-17 * * 1-5 | hvert 15. minut fra kl. 09:00 til 17:59, mandag til fredag",
        "0 */2 * * *      | hver 2. time fra kl. 00:00",
        "30 2 * 6-8 7     | kl. 02:30, hver søndag, i juni til august",
        "0 0,12 1,15 * *  | kl. 00:00 og 12:00, den 1. og 15. i måneden",
        "0 0 13 * 5       | kl. 00:00, den 13. i måneden og desuden hver fredag",
        "0 0 */10 * 1     | kl. 00:00, den 1., 11., 21. og 31. i måneden, hvis det er en mandag",
        "5 * * * *        | i minut 5 af hver time",
      })
  void says_in_danish_when_it_fires(String expression, String words) {
    assertThat(describe(expression, Locale.forLanguageTag("da-DK"))).isEqualTo(words);
  }

  @Test
  void speaks_the_languages_of_cron_utils() {
    assertThat(describe("1 1 * * 2-6", Locale.GERMAN))
        .isEqualTo("um 01:01 jeden Tag zwischen Dienstag und Samstag");
    assertThat(describe("0 9-17/2 * * *", Locale.FRENCH)).contains("9, 11, 13, 15");
    assertThat(describe("0 0 13 * 5", Locale.GERMAN)).contains("13").contains(" / ");
  }

  @ParameterizedTest
  @CsvSource({
    "de, Sonntag",
    "fr, dimanche",
    "es, domingo",
    "it, domenica",
    "nl, zondag",
    "pl, niedziela",
    "pt, domingo",
    "ru, воскресенье",
    "ja, 日曜日",
  })
  void counts_weekdays_from_sunday_in_every_language(String language, String sunday) {
    Locale locale = Locale.forLanguageTag(language);

    assertThat(describe("30 2 * * 0", locale)).contains("02:30").contains(sunday);
    assertThat(describe("30 2 * * 7", locale)).isEqualTo(describe("30 2 * * SUN", locale));
    assertThat(describe("30 2 * * 1", locale)).doesNotContain(sunday);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "de", "el", "es", "fr", "id", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sw", "tr",
        "zh"
      })
  void has_words_for_every_shape_in_every_language(String language) {
    Locale locale = Locale.forLanguageTag(language);
    for (String expression :
        new String[] {"1 1 * * 2-6", "*/7 */5 1,15 2 0,3", "0 0 */2 * 1", "* 4 * * *"}) {
      assertThat(describe(expression, locale)).isNotBlank();
    }
  }

  @Test
  void answers_in_english_where_it_has_no_words_whatever_the_machine_speaks() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMAN);
      assertThat(describe("@daily", Locale.forLanguageTag("fi"))).isEqualTo("at 00:00, every day");
      assertThat(describe("@daily", Locale.ROOT)).isEqualTo("at 00:00, every day");
    } finally {
      Locale.setDefault(before);
    }
  }
}
