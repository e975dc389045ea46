package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.io.ParallelGzipOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelGzipOutputStreamTest {

  private static final int BLOCK = ParallelGzipOutputStream.BLOCK;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 9 * BLOCK + 17})
  void the_jdk_reads_what_it_wrote(int length) throws IOException {
    byte[] content = halfRandom(length);

    byte[] compressed = compress(content, 2, content.length + 1);

    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void what_cannot_be_compressed_hardly_grows() throws IOException {
    byte[] random = new byte[3 * BLOCK];
    new Random(7).nextBytes(random);

    assertThat(compress(random, 2, 1_000)).hasSizeLessThan(random.length + 1_000);
  }

  @Test
  void repetition_is_found_across_blocks() throws IOException {
    byte[] pattern = new byte[20_000];
    new Random(7).nextBytes(pattern);
    byte[] content = new byte[4 * BLOCK];
    for (int i = 0; i < content.length; i++) {
      content[i] = pattern[i % pattern.length];
    }

    assertThat(compress(content, 2, 1_000)).hasSizeLessThan(pattern.length + 10_000);
  }

  @Test
  void neither_the_number_of_threads_nor_the_sizes_of_writes_change_the_output()
      throws IOException {
    byte[] content = halfRandom(5 * BLOCK + 3);

    byte[] one = compress(content, 1, content.length);

    assertThat(compress(content, 4, 777)).isEqualTo(one);
    assertThat(compress(content, 2, 1)).isEqualTo(one);
  }

  @Test
  void its_threads_end_with_it() throws IOException {
    compress(halfRandom(3 * BLOCK), 3, 1_000);

    await().until(() -> threads() == 0);
  }

  @Test
  void its_threads_end_when_the_stream_below_fails() {
    OutputStream full =
        new OutputStream() {
          private int room = BLOCK;

          @Override
          public void write(int b) throws IOException {
            if (--room < 0) {
              throw new IOException("No space left on device");
            }
          }
        };
    byte[] random = new byte[20 * BLOCK];
    new Random(7).nextBytes(random);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> {
              try (OutputStream gzip = new ParallelGzipOutputStream(full, 2)) {
                gzip.write(random);
              }
            })
        .withMessage("No space left on device");
    await().until(() -> threads() == 0);
  }

  @Test
  void nothing_can_be_written_after_the_end() throws IOException {
    OutputStream gzip = new ParallelGzipOutputStream(new ByteArrayOutputStream(), 1);
    gzip.close();
    gzip.close();

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> gzip.write(1));
  }

  static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(ParallelGzipOutputStream.THREAD_NAME))
        .count();
  }

  private static byte[] compress(byte[] content, int threads, int step) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new ParallelGzipOutputStream(out, threads)) {
      for (int i = 0; i < content.length; i += step) {
        gzip.write(content, i, Math.min(step, content.length - i));
        gzip.flush();
      }
    }
    return out.toByteArray();
  }

  private static byte[] halfRandom(int length) {
    Random random = new Random(length);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (random.nextInt(16) * (i / 1_000 % 2));
    }
    return bytes;
  }
}
