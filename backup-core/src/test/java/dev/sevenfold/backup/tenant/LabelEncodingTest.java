package dev.sevenfold.backup.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelEncodingTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "10,                                   10",
        "a_b,                                  a_b",
        "a-b.c,                                a-b.c",
        "0b1c7b5e-3f0a-4a53-9d58-3a54c8a9b3d1, 0b1c7b5e-3f0a-4a53-9d58-3a54c8a9b3d1",
        "../x,                                 ..%2Fx",
        "%,                                    %25",
        "%41,                                  %2541",
        "` `,                                  %20",
        "`a,b`,                                a%2Cb",
        "ø,                                    %C3%B8",
        "租户,                                 %E7%A7%9F%E6%88%B7",
        "😀,                                   %F0%9F%98%80",
        "~,                                    %7E",
        "*,                                    %2A",
        "',                                    %27"
      })
  void encodes_what_is_not_plain_as_utf_8(String id, String encoded) {
    assertThat(LabelEncoding.encode(id)).isEqualTo(encoded);
    assertThat(LabelEncoding.decode(encoded)).contains(id);
  }

  @Test
  void encodes_control_characters() {
    assertThat(LabelEncoding.encode("\u0000\n\r\u007F")).isEqualTo("%00%0A%0D%7F");
    assertThat(LabelEncoding.decode("%00%0A%0D%7F")).contains("\u0000\n\r\u007F");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D"})
  void refuses_half_a_surrogate_pair(String id) {
    assertThatThrownBy(() -> LabelEncoding.encode(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("half a surrogate pair");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "%4",
        "a%",
        "%%",
        "%2",
        "%G1",
        "%1G",
        "%2f",
        "%41",
        "%5F",
        "%2E",
        "%FF",
        "%C3",
        "%C0%80",
        "%E2%82",
        "%ED%A0%BD%ED%B8%80",
        "%F5%80%80%80",
        "ø",
        "/",
        " ",
        "+"
      })
  void decodes_canonical_text_only(String encoded) {
    assertThat(LabelEncoding.decode(encoded)).isEmpty();
  }

  @Test
  void keeps_composed_and_decomposed_characters_apart() {
    assertThat(LabelEncoding.encode("\u00E5")).isNotEqualTo(LabelEncoding.encode("a\u030A"));
  }

  @Test
  void every_id_comes_back_and_no_two_share_an_encoding() {
    Map<String, String> seen = new HashMap<>();
    for (int seed = 0; seed < 20_000; seed++) {
      String id = id(new Random(seed));
      String encoded = LabelEncoding.encode(id);

      assertThat(LabelEncoding.decode(encoded)).as("seed %d", seed).contains(id);
      assertThat(encoded).as("seed %d", seed).matches("[A-Za-z0-9._%-]+");
      assertThat(seen.putIfAbsent(encoded, id)).as("seed %d", seed).isIn(null, id);
    }
  }

  @Test
  void whatever_decodes_encodes_to_the_same_text() {
    String alphabet = "%%%0123456789ABCDEFabcdef._-xZ";
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int length = 1 + random.nextInt(9); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }

      String encoded = text.toString();
      String as = "seed " + seed + ": " + encoded;
      LabelEncoding.decode(encoded)
          .ifPresent(id -> assertThat(LabelEncoding.encode(id)).as(as).isEqualTo(encoded));
    }
  }

  /** A short text of any characters, plain ones more often. */
  private static String id(Random random) {
    StringBuilder id = new StringBuilder();
    for (int length = 1 + random.nextInt(8); length > 0; length--) {
      int codePoint =
          random.nextBoolean()
              ? ' ' + random.nextInt(95)
              : random.nextInt(Character.MAX_CODE_POINT);
      boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
      id.appendCodePoint(surrogate ? '%' : codePoint);
    }
    return id.toString();
  }
}
