package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTextsTest {

  private static final Pattern VALUE = Pattern.compile("\\{[a-zA-Z]+}");
  private static final MailTexts HOSTS =
      MailTexts.standard()
          .overriddenBy("dev.sevenfold.backup.mail.host", MailTextsTest.class.getClassLoader());

  private static Properties bundle(String name) throws Exception {
    Properties properties = new Properties();
    try (InputStream in = MailTexts.class.getResourceAsStream(name + ".properties")) {
      properties.load(new InputStreamReader(Objects.requireNonNull(in, name), UTF_8));
    }
    return properties;
  }

  private static Map<String, Set<String>> values(Properties bundle) {
    Map<String, Set<String>> values = new TreeMap<>();
    for (String key : bundle.stringPropertyNames()) {
      values.put(
          key,
          VALUE
              .matcher(bundle.getProperty(key))
              .results()
              .map(MatchResult::group)
              .collect(Collectors.toSet()));
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"messages_da", "messages_de"})
  void every_language_has_every_text_with_the_same_values(String name) throws Exception {
    assertThat(values(bundle(name))).isEqualTo(values(bundle("messages")));
    assertThat(bundle(name).values()).doesNotContain("");
  }

  @Test
  void a_locale_without_texts_gets_english_whatever_the_machine_speaks() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(MailTexts.standard().text(Locale.FRENCH, "backup.size", Map.of()))
          .isEqualTo("Size");
      assertThat(MailTexts.standard().language(Locale.FRENCH)).isEqualTo(Locale.ENGLISH);
      assertThat(MailTexts.standard().language(Locale.forLanguageTag("de-AT")))
          .isEqualTo(Locale.GERMAN);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void a_host_overrides_single_texts_and_adds_languages() {
    Locale danish = Locale.forLanguageTag("da-DK");
    assertThat(HOSTS.text(danish, "backup.size", Map.of())).isEqualTo("Fylder");
    assertThat(HOSTS.text(danish, "backup.rows", Map.of())).isEqualTo("Poster");
    assertThat(HOSTS.text(Locale.FRENCH, "backup.size", Map.of())).isEqualTo("Taille");
    assertThat(HOSTS.language(Locale.FRENCH)).isEqualTo(Locale.FRENCH);
    assertThat(HOSTS.text(Locale.ENGLISH, "backup.size", Map.of())).isEqualTo("Size");
  }

  @Test
  void values_are_not_read_as_templates() {
    assertThat(
            MailTexts.standard()
                .text(
                    Locale.ENGLISH,
                    "restore.preview",
                    Map.of("tenant", "{when} $1 \\", "when", "now")))
        .isEqualTo("{when} $1 \\ is back to now");
  }

  @Test
  void refuses_a_bundle_that_is_not_there() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MailTexts.standard()
                    .overriddenBy("com.acme.none", MailTextsTest.class.getClassLoader()))
        .withMessageContaining("put com/acme/none.properties on the class path");
  }
}
