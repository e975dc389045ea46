package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import dev.sevenfold.testsupport.Interposed;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
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

    store.record(LABEL, ArchiveRecord.NONE.withTrusted(true));
    assertThat(recordFile(LABEL)).hasContent("{\"pinned\":false,\"trusted\":true}\n");
    assertThat(store.stat(LABEL).record()).isEqualTo(ArchiveRecord.NONE.withTrusted(true));
  }

  @Test
  void hold_what_the_archive_says_of_itself() throws IOException {
    store.record(LABEL, Records.of("7", 42));

    assertThat(recordFile(LABEL))
        .hasContent(
            "{\"pinned\":false,\"sequence\":42,\"archive\":{\"fileBytes\":1,\"tenant\":\"7\","
                + "\"capturedAt\":\"2026-11-22T01:01:00.123Z\",\"sequence\":42,"
                + "\"digest\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\","
                + "\"lack\":\"some\",\"bytes\":4711,\"compression\":\"zstd\"}}\n");
    assertThat(store.stat(LABEL).record()).isEqualTo(Records.of("7", 42));
  }

  @Test
  void of_the_longest_tenant_id_are_as_short_as_earlier_versions_read() throws IOException {
    // In a label each of these takes three bytes of a file name, and in JSON six.
    TenantId tenant = TenantId.of("\u0001".repeat(55));
    Label label = TenantLabeler.utc().backup(tenant, Instant.parse("2026-11-22T01:01:00Z"));
    ArchiveRecord record =
        Records.of(tenant.value(), Long.MAX_VALUE)
            .withVerifiedAt(Instant.parse("2026-11-22T01:02:03.004005006Z"));
    store.publish(label, record, out -> out.write(1));

    assertThat(Files.size(recordFile(label))).isLessThan(1024);
    assertThat(store.stat(label).record()).isEqualTo(record);
  }

  @Test
  void say_nothing_of_another_file_that_was_put_in_the_place_of_theirs() throws IOException {
    Instant at = Instant.parse("2026-11-22T01:02:03Z");
    ArchiveRecord record = Records.of("1", 42).withVerifiedAt(at).withPinned(true);
    store.record(LABEL, record);

    Files.write(StoreFiles.file(folder, LABEL, ".archive"), new byte[2]);

    assertThat(store.stat(LABEL).record()).isEqualTo(record.withoutSummary());
    assertThat(store.list(ArchiveOwner.anyone()).complete())
        .containsExactly(new StoredArchive(LABEL, 2, record.withoutSummary()));
    Files.write(StoreFiles.file(folder, LABEL, ".archive"), new byte[1]);
    assertThat(store.stat(LABEL).record()).isEqualTo(record);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"7\"",
        "{}",
        "{\"fileBytes\":1}",
        "{\"fileBytes\":1,\"capturedAt\":\"2026-11-22T01:01:00Z\",\"digest\":\"00\",\"lack\":\"some\",\"bytes\":1,\"compression\":\"zstd\"}",
        "{DIGEST,\"lack\":\"some\",\"bytes\":1,\"compression\":\"brotli\"}",
        "{DIGEST,\"lack\":\"soul\",\"bytes\":1,\"compression\":\"zstd\"}",
        "{DIGEST,\"lack\":\"some\",\"bytes\":1.5,\"compression\":\"zstd\"}",
        "{DIGEST,\"lack\":\"some\",\"bytes\":[1],\"compression\":\"zstd\"}",
        "{DIGEST,\"lack\":\"some\",\"bytes\":1,\"compression\":\"zstd\",\"tenant\":\"\"}",
        "{DIGEST,\"lack\":\"some\",\"bytes\":1,\"compression\":\"zstd\",\"sequence\":0}",
      })
  void whose_summary_is_not_understood_say_the_rest(String summary) throws IOException {
    String digest =
        "\"fileBytes\":1,\"capturedAt\":\"2026-11-22T01:01:00Z\",\"digest\":\""
            + "0".repeat(64)
            + "\"";
    Files.writeString(
        recordFile(LABEL),
        "{\"pinned\":false,\"sequence\":9,\"archive\":" + summary.replace("DIGEST", digest) + "}");

    assertThat(store.stat(LABEL).record())
        .isEqualTo(ArchiveRecord.NONE.withSequence(OptionalLong.of(9)));
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
        "{\"pinned\":false,\"trusted\":\"no\"}",
        "{\"pinned\":false,\"trusted\":\"no\"}",
        "{\"pinned\":false,\"sequence\":\"7\"}",
        "{\"pinned\":false,\"sequence\":9223372036854775808}",
      })
  void that_cannot_be_read_pin_the_archive_and_verify_nothing(String text) throws IOException {
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
  void without_an_archive_are_not_those_of_the_next_one_of_the_label() throws IOException {
    Files.writeString(recordFile(OTHER), "{\"provenAt\":\"2026-11-22T01:02:03Z\",\"pinned\":true}");

    store.publish(OTHER, out -> out.write(2));

    assertThat(store.list(ArchiveOwner.anyone()).complete())
        .extracting(StoredArchive::record)
        .containsExactly(ArchiveRecord.NONE, ArchiveRecord.NONE);
  }

  @Test
  void of_a_publication_that_was_killed_are_replaced_by_those_of_the_next() throws IOException {
    store.publish(OTHER, Records.of("1", 1).withPinned(true), out -> out.write(2));
    Files.delete(StoreFiles.file(folder, OTHER, ".archive"));

    store.publish(OTHER, Records.of("1", 2), out -> out.write(2));

    assertThat(store.stat(OTHER).record()).isEqualTo(Records.of("1", 2));
  }

  @Test
  void are_taken_back_where_somebody_puts_a_file_there_at_the_last_moment() {
    Folder local = new LocalFolder(folder, Clock.systemUTC(), Clock.systemUTC());
    Folder crowded =
        Interposed.before(
            local,
            Folder.class,
            call -> {
              if (call.is("linkNew")) {
                Files.write(StoreFiles.file(folder, OTHER, ".archive"), new byte[1]);
              }
              return call.proceed();
            });
    ArchiveStore late =
        new FolderArchiveStore(crowded, Duration.ofSeconds(2), Duration.ofHours(1)) {};

    assertThatThrownBy(
            () -> late.publish(OTHER, Records.of("1", 1).withPinned(true), out -> out.write(2)))
        .isInstanceOf(LabelTaken.class);

    assertThat(store.stat(OTHER)).isEqualTo(new StoredArchive(OTHER, 1, ArchiveRecord.NONE));
  }

  @Test
  void go_with_their_archive() throws IOException {
    store.record(LABEL, ArchiveRecord.NONE.withPinned(true));
    assertThat(recordFile(LABEL)).exists();

    store.delete(LABEL);
    assertThat(StoreFiles.names(folder)).isEmpty();
  }
}
