package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The expected digests were computed by a program in Python, from the specification. */
class ContentDigestTest {

  private static final List<Consumer<ContentDigest>> ROWS =
      List.of(
          row -> {
            row.integer(1);
            row.text("Ada".getBytes(UTF_8));
            row.nullValue();
          },
          row -> {
            row.integer(Long.MIN_VALUE);
            row.real(-0.0);
            row.blob(new byte[] {0, (byte) 0xff});
          },
          row -> {
            row.text("x".repeat(10_000).getBytes(UTF_8));
            row.real(Double.POSITIVE_INFINITY);
            row.integer(Long.MAX_VALUE);
          });

  @Test
  void no_row_is_64_zeros() {
    assertThat(new ContentDigest().hex()).isEqualTo("0".repeat(64));
  }

  @Test
  void a_row_is_digested_as_specified() {
    assertThat(digest(ROWS.subList(0, 1)))
        .isEqualTo("b7519c841dda8f47e1747d4edb01de10ba118e1cb6de9be199e09161ef2b69ec");
  }

  @Test
  void rows_are_added_up_as_specified() {
    assertThat(digest(ROWS))
        .isEqualTo("8c50c4c99ba0c7491f6fa3308ba023c8da61148b5914f5f5f1af9867cdba7537");
  }

  @Test
  void a_thousand_carries_are_carried() {
    List<Consumer<ContentDigest>> rows =
        IntStream.range(0, 1_000)
            .<Consumer<ContentDigest>>mapToObj(
                i ->
                    row -> {
                      row.integer(i);
                      row.text(("row " + i).getBytes(UTF_8));
                    })
            .toList();

    assertThat(digest(rows))
        .isEqualTo("c2f9c4b9a1014a3be05da92c52d854c706255ead546cdc86e8280e9cf694677f");
  }

  @Test
  void the_order_of_the_rows_does_not_matter() {
    List<Consumer<ContentDigest>> shuffled = new ArrayList<>(ROWS);
    Collections.shuffle(shuffled, new Random(7));

    assertThat(digest(shuffled)).isEqualTo(digest(ROWS));
  }

  @Test
  void the_order_of_the_columns_matters() {
    assertThat(
            digest(
                row -> {
                  row.integer(1);
                  row.integer(2);
                }))
        .isNotEqualTo(
            digest(
                row -> {
                  row.integer(2);
                  row.integer(1);
                }));
  }

  @Test
  void a_row_that_is_there_twice_counts_twice() {
    assertThat(digest(List.of(row -> row.integer(1), row -> row.integer(1))))
        .isNotEqualTo(digest(row -> row.integer(1)))
        .isNotEqualTo("0".repeat(64));
  }

  @Test
  void values_of_another_type_are_other_values() {
    byte[] one = "1".getBytes(UTF_8);

    assertThat(
            List.of(
                digest(row -> row.integer(1)),
                digest(row -> row.real(1)),
                digest(row -> row.text(one)),
                digest(row -> row.blob(one)),
                digest(ContentDigest::nullValue),
                digest(row -> row.real(0.0)),
                digest(row -> row.real(-0.0)),
                digest(row -> row.text(new byte[0]))))
        .doesNotHaveDuplicates();
  }

  @Test
  void the_end_of_one_value_is_not_the_begin_of_the_next() {
    assertThat(
            digest(
                row -> {
                  row.text("ab".getBytes(UTF_8));
                  row.text("c".getBytes(UTF_8));
                }))
        .isNotEqualTo(
            digest(
                row -> {
                  row.text("a".getBytes(UTF_8));
                  row.text("bc".getBytes(UTF_8));
                }));
  }

  @Test
  void a_row_that_is_not_ended_has_no_digest_yet() {
    ContentDigest digest = new ContentDigest();
    digest.integer(1);

    assertThatThrownBy(digest::hex).isInstanceOf(IllegalStateException.class);
  }

  private static String digest(Consumer<ContentDigest> row) {
    return digest(List.of(row));
  }

  private static String digest(List<Consumer<ContentDigest>> rows) {
    ContentDigest digest = new ContentDigest();
    for (Consumer<ContentDigest> row : rows) {
      row.accept(digest);
      digest.endRow();
    }
    return digest.hex();
  }
}
