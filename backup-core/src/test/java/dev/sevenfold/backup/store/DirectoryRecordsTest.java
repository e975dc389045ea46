package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryRecordsTest {

  private static final Label LABEL = Label.parse("tenant_1_20261122010100");
  private static final Label OTHER = Label.parse("tenant_1_2026-11-22");
  private static final ArchiveRecord UNREADABLE = ArchiveRecord.NONE.withPinned(true);

  @TempDir Path folder;

  private ArchiveStore store;

  @BeforeEach
  void publish() {
    store = DirectoryArchiveStore.at(folder);
    store.publish(LABEL, out -> out.write(1));
  }

  private Path recordFile(Label label) {
    return StoreFiles.file(folder, label, ".marks.json");
  }

  @Test
  void are_written_as_one_line_of_json() {
    store.record(
        LABEL,
        ArchiveRecord.NONE
            .withVerifiedAt(Instant.parse("2026-11-22T01:02:03.004Z"))
            .withPinned(true));
    assertThat(recordFile(LABEL))
        .hasContent("{\"provenAt\":\"2026-11-22T01:02:03.004Z\",\"pinned\":true}\n");

    store.record(LABEL, ArchiveRecord.NONE);
    assertThat(recordFile(LABEL)).hasContent("{\"pinned\":false}\n");

    store.record(LABEL, ArchiveRecord.NONE.withSequence(OptionalLong.of(42)));
    assertThat(recordFile(LABEL)).hasContent("{\"pinned\":false,\"sequence\":42}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0000\u0000\u0000",
        "null",
        "[]",
        "{}",
        "{\"pinned\":tru",
        "{\"pinned\":true",
        "{\"pinned\":\"true\"}",
        "{\"pinned\":1}",
        "{\"pinned\":null}",
        "{\"provenAt\":\"2026-11-22T01:02:03Z\"}",
        "{\"provenAt\":\"yesterday\",\"pinned\":false}",
        "{\"provenAt\":17,\"pinned\":false}",
        "{\"pinned\":false}{\"pinned\":false}",
        "{\"pinned\":false} rubbish",
        "{\"pinned\":false,\"sequence\":0}",
        "{\"pinned\":false,\"sequence\":\"7\"}",
        "{\"pinned\":false,\"sequence\":9223372036854775808}",
      })
  void that_cannot_be_read_pin_the_archive_and_prove_nothing(String text) throws IOException {
    store.publish(OTHER, out -> out.write(2));
    Files.writeString(recordFile(LABEL), text);

    assertThat(store.stat(LABEL).record()).isEqualTo(UNREADABLE);
    assertThat(store.list(ArchiveOwner.anyone()).complete())
        .containsExactly(
            new StoredArchive(OTHER, 1, ArchiveRecord.NONE),
            new StoredArchive(LABEL, 1, UNREADABLE));
  }

  @Test
  void that_cannot_be_read_can_be_replaced() throws IOException {
    Files.writeString(recordFile(LABEL), "rubbish");
    assertThat(store.stat(LABEL).record()).isEqualTo(UNREADABLE);

    store.record(LABEL, ArchiveRecord.NONE);

    assertThat(store.stat(LABEL).record()).isEqualTo(ArchiveRecord.NONE);
  }

  @Test
  void that_are_too_long_are_not_read() throws IOException {
    Files.writeString(recordFile(LABEL), " ".repeat(5_000) + "{\"pinned\":false}");

    assertThat(store.stat(LABEL).record()).isEqualTo(UNREADABLE);
  }

  @Test
  void that_are_a_folder_or_a_link_do_not_break_the_list() throws IOException {
    store.publish(OTHER, out -> out.write(2));
    Files.createDirectory(recordFile(LABEL));
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "{\"pinned\":false}");
    Files.createSymbolicLink(recordFile(OTHER), elsewhere);

    assertThat(store.list(ArchiveOwner.anyone()).complete())
        .extracting(StoredArchive::record)
        .containsExactly(UNREADABLE, UNREADABLE);
  }

  @Test
  void of_a_later_version_are_read_as_far_as_they_are_known() throws IOException {
    Files.writeString(
        recordFile(LABEL), "{\"by\":{\"name\":[1,2]},\"pinned\":false,\"note\":\"x\"}");

    assertThat(store.stat(LABEL).record()).isEqualTo(ArchiveRecord.NONE);
  }

  @Test
  void without_an_archive_do_not_mark_the_next_one_of_the_label() throws IOException {
    Files.writeString(recordFile(OTHER), "{\"provenAt\":\"2026-11-22T01:02:03Z\",\"pinned\":true}");

    store.publish(OTHER, out -> out.write(2));

    assertThat(store.list(ArchiveOwner.anyone()).complete())
        .extracting(StoredArchive::record)
        .containsExactly(ArchiveRecord.NONE, ArchiveRecord.NONE);
  }

  @Test
  void go_with_their_archive() throws IOException {
    store.record(LABEL, ArchiveRecord.NONE.withPinned(true));
    assertThat(recordFile(LABEL)).exists();

    store.delete(LABEL);
    assertThat(StoreFiles.names(folder)).isEmpty();
  }
}
