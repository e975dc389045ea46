package dev.sevenfold.backup.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilePathTest {

  private static final FilePath PATH = FilePath.parse("{key[0..2]}/{key[2..4]}/{key}.{kind}");

  @Test
  void puts_values_and_parts_of_values_in_their_places() {
    assertThat(PATH.resolve(Map.of("key", "abcdef", "kind", "png")::get))
        .contains("ab/cd/abcdef.png");
    assertThat(PATH.columns()).containsExactly("key", "kind");
  }

  @Test
  void a_row_without_a_value_has_no_file() {
    assertThat(PATH.resolve(Map.of("kind", "png")::get)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../x", "/etc/passwd", "a/../../b", "a\\b", "a\0b", "a//b", ".", ""})
  void a_value_cannot_lead_out_of_the_root(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FilePath.parse("{key}").resolve(Map.of("key", value)::get))
        .withMessageContaining("{key}");
  }

  @Test
  void a_value_too_short_for_its_slices_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PATH.resolve(Map.of("key", "ab", "kind", "x")::get));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "{key", "key}", "{}", "{key[2..1]}", "{key[a..b]}", "{a[1..]}"})
  void a_malformed_template_is_refused(String template) {
    assertThatIllegalArgumentException().isThrownBy(() -> FilePath.parse(template));
  }
}
