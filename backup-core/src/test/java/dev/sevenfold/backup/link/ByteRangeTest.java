package dev.sevenfold.backup.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=0-, 0, 99",
    "bytes=10-19, 10, 19",
    "bytes=99-, 99, 99",
    "bytes=90-500, 90, 99",
    "bytes=-1, 99, 99",
    "bytes=-100, 0, 99",
    "bytes=-500, 0, 99",
    "bytes=-99999999999999999999999999, 0, 99",
    "bytes=5-99999999999999999999999999, 5, 99",
    "BYTES = 000000000000000000000000000005 - 6, 5, 6",
  })
  void reads_a_single_range(String header, long first, long last) {
    assertThat(ByteRange.parse(header, 100)).contains(new ByteRange(first, last));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999999-"})
  void knows_a_range_without_a_byte(String header) {
    assertThat(ByteRange.parse(header, 100)).isPresent();
    assertThat(ByteRange.parse(header, 100).orElseThrow().isSatisfiable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5",
        "bytes=9-5",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "bytes=+1-2",
        "bytes=1--2",
        "items=0-1",
        "bytes=0x1-2",
        "bytes=٣-٤"
      })
  void ignores_what_is_no_single_range_of_bytes(String header) {
    assertThat(ByteRange.parse(header, 100)).isEmpty();
  }
}
