package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.io.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveWriterTest {

  private static final String FILE = "files/report.pdf";
  private static final Content CONTENT = Content.tenant().with(FILE, "as it was");

  @ParameterizedTest
  @ValueSource(strings = {"", "as it wa", "as it is!", "as it was, and more"})
  void an_entry_that_has_changed_since_the_manifest_was_made_is_reported(String now) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> write(out, instead(FILE, now.getBytes(UTF_8))))
        .withMessageContaining("\"files/report.pdf\" changed while it was being archived")
        .withMessageContaining("9 bytes with the SHA-256 " + sha256("as it was"))
        .withMessageContaining(
            now.length() > 9
                ? "now has more than 9 bytes"
                : "now has " + now.length() + " bytes with the SHA-256 " + sha256(now));
    assertNoArchive(out);
  }

  @Test
  void an_entry_that_grows_without_end_does_not_hang_the_backup() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            return length;
          }
        };

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(
            () ->
                write(
                    new ByteArrayOutputStream(),
                    name -> name.equals(FILE) ? endless : CONTENT.open(name)));
  }

  @Test
  void an_entry_that_cannot_be_opened_is_reported_with_its_name_and_cause() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Content without = Content.tenant();

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> write(out, without))
        .withMessageContaining("\"files/report.pdf\" cannot be read")
        .withCauseInstanceOf(IOException.class);
    assertNoArchive(out);
  }

  @ParameterizedTest
  @EnumSource
  void a_failing_output_reaches_the_caller_as_it_is_wherever_it_fails(Compression compression) {
    byte[] random = new byte[700_000];
    new Random(7).nextBytes(random);
    Content content = Content.tenant().with(FILE, random);
    int length = content.write(ArchiveWriter.withDefaults().compressing(compression)).length;

    for (int room = 0; room < length; room += length / 50) {
      IOException full = new IOException("No space left on device");
      OutputStream out = new Limited(room, full);
      assertThatThrownBy(
              () ->
                  ArchiveWriter.withDefaults()
                      .compressing(compression)
                      .write(content.manifest(), content, out, bytes -> {}))
          .isSameAs(full);
    }
    await().until(() -> ParallelGzipOutputStreamTest.threads() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void whatever_stops_it_no_reader_takes_the_rest_for_an_archive(Compression compression) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    IllegalStateException stop = new IllegalStateException("the host has had enough");

    assertThatThrownBy(
            () ->
                ArchiveWriter.withDefaults()
                    .compressing(compression)
                    .write(
                        CONTENT.manifest(),
                        CONTENT,
                        out,
                        bytes -> {
                          throw stop;
                        }))
        .isSameAs(stop);
    assertNoArchive(out);
    await().until(() -> ParallelGzipOutputStreamTest.threads() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void an_interrupt_stops_it_and_is_kept(Compression compression) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(
            () ->
                ArchiveWriter.withDefaults()
                    .compressing(compression)
                    .write(
                        CONTENT.manifest(),
                        CONTENT,
                        out,
                        bytes -> Thread.currentThread().interrupt()))
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertNoArchive(out);
    await().until(() -> ParallelGzipOutputStreamTest.threads() == 0);
  }

  @Test
  void streams_of_entries_are_opened_one_after_the_other_and_closed() throws IOException {
    List<String> events = new ArrayList<>();
    EntryContents contents =
        name -> {
          events.add("open " + name);
          return new ByteArrayInputStream(CONTENT.get(name)) {
            @Override
            public void close() {
              events.add("close " + name);
            }
          };
        };

    write(new ByteArrayOutputStream(), contents);

    assertThat(events)
        .containsExactly(
            "open tenant.sqlite3", "close tenant.sqlite3", "open " + FILE, "close " + FILE);
  }

  @Test
  void the_tar_tells_nothing_about_the_machine() throws IOException {
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults());

    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(Compression.GZIP.decompress(new ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        entries.add(e);
      }
    }

    assertThat(entries)
        .extracting(TarArchiveEntry::getName)
        .containsExactly("manifest.json", "tenant.sqlite3", FILE);
    assertThat(entries).extracting(TarArchiveEntry::getMode).containsExactly(0644, 0600, 0600);
    assertThat(entries)
        .allSatisfy(
            entry -> {
              assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo("2026-11-22T01:02:03Z");
              assertThat(entry.getUserName()).isEmpty();
              assertThat(entry.getGroupName()).isEmpty();
              assertThat(entry.getLongUserId()).isZero();
              assertThat(entry.getLongGroupId()).isZero();
            });
  }

  private static EntryContents instead(String name, byte[] content) {
    return asked -> asked.equals(name) ? new ByteArrayInputStream(content) : CONTENT.open(asked);
  }

  private static void write(OutputStream out, EntryContents contents) {
    try {
      ArchiveWriter.withDefaults().write(CONTENT.manifest(), contents, out, bytes -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertNoArchive(ByteArrayOutputStream out) {
    assertThatThrownBy(
            () ->
                ArchiveReader.withDefaults()
                    .verify(new ByteArrayInputStream(out.toByteArray()), bytes -> {}))
        .isInstanceOf(ArchiveCorrupt.class);
  }

  private static String sha256(String text) {
    return Sha256.hexOf(text.getBytes(UTF_8));
  }

  /** A disk that is full after a while, and stays so. */
  private static final class Limited extends OutputStream {
    private final IOException full;
    private int room;

    private Limited(int room, IOException full) {
      this.room = room;
      this.full = full;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[1], 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      room -= length;
      if (room < 0) {
        throw full;
      }
    }
  }
}
