package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that is lost says nothing about the archive. */
class FailingSourceTest {

  private static final Content CONTENT = Content.tenant().with("files/a", "some content");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void a_lost_connection_at_any_byte_is_no_corrupt_archive(Compression compression) {
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().compressing(compression));

    for (int position = 0; position <= archive.length; position++) {
      IOException lost = new EOFException("connection reset");
      InputStream in = failingAt(archive, position, lost);
      assertThatExceptionOfType(StoreUnavailable.class)
          .as("lost after %d bytes", position)
          .isThrownBy(() -> extract(in))
          .withMessageContaining("failed after %d bytes".formatted(position))
          .withCause(lost);
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void a_timeout_is_no_interrupt() {
    InputStream in = failingAt(new byte[0], 0, new SocketTimeoutException("30 s"));

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> extract(in));
  }

  @Test
  void an_interrupt_of_the_source_is_no_failure_of_the_store() {
    InputStream in = failingAt(new byte[0], 0, new InterruptedIOException("interrupted"));
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> extract(in))
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void an_interrupt_stops_the_extraction_and_is_kept() {
    InputStream in = new ByteArrayInputStream(CONTENT.write(ArchiveWriter.withDefaults()));

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(
            () ->
                ArchiveReader.withDefaults()
                    .extract(in, folder, bytes -> Thread.currentThread().interrupt()))
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void what_a_store_says_itself_reaches_the_caller_as_it_is() {
    StoreUnavailable said = new StoreUnavailable("The server has gone", "Wait for it");
    InputStream in = failingAt(new byte[0], 0, said);

    assertThatThrownBy(() -> extract(in)).isSameAs(said);
  }

  @Test
  void a_listener_that_throws_is_no_corrupt_archive() {
    IllegalStateException thrown = new IllegalStateException("the host has had enough");
    InputStream in = new ByteArrayInputStream(CONTENT.write(ArchiveWriter.withDefaults()));

    assertThatThrownBy(
            () ->
                ArchiveReader.withDefaults()
                    .extract(
                        in,
                        folder,
                        bytes -> {
                          throw thrown;
                        }))
        .isSameAs(thrown);
    assertThat(folder).isEmptyDirectory();
  }

  private void extract(InputStream in) {
    ArchiveReader.withDefaults().extract(in, folder, bytes -> {});
  }

  private static InputStream failingAt(byte[] content, int position, Exception failure) {
    return new InputStream() {
      private int next;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (next == position) {
          if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
          }
          throw (IOException) failure;
        }
        int n = Math.min(length, position - next);
        System.arraycopy(content, next, bytes, offset, n);
        next += n;
        return n;
      }
    };
  }
}
