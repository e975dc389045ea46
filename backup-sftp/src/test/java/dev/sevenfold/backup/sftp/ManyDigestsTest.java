package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.label;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an owner had deleted in years is more than a server takes with one request. */
class ManyDigestsTest {

  private static final int MANY = 9_999;
  private static final ArchiveOwner OWNER = ArchiveOwner.of(label(0));

  @TempDir Path home;

  private static ArchiveDigest digest(int n) {
    return new ArchiveDigest("%064x".formatted(n));
  }

  private void deleteOne(SftpArchiveStore store, Path folder) throws Exception {
    ArchiveRecord record =
        ArchiveRecord.NONE.withSummary(
            new ArchiveRecord.Summary(
                OWNER,
                Instant.parse("2026-11-22T01:01:00Z"),
                OptionalLong.empty(),
                digest(MANY),
                Lack.NOTHING,
                1,
                Compression.ZSTD));
    store.publish(label(0), record, content(new byte[1]));
    Files.writeString(
        folder.resolve("tenant_1/.sevenfold-deleted"),
        IntStream.range(0, MANY).mapToObj(n -> digest(n) + "\n").collect(Collectors.joining()));

    store.delete(label(0));

    assertThat(store.remembers(OWNER, digest(0))).isTrue();
    assertThat(store.remembers(OWNER, digest(MANY - 1))).isTrue();
    assertThat(store.remembers(OWNER, digest(MANY))).isTrue();
    assertThat(Samples.filesOf(folder)).containsExactly(".sevenfold-store.json");
  }

  @Test
  void are_remembered_on_openssh() throws Exception {
    Path folder = home.resolve("backups");
    try (OpenSsh server = OpenSsh.start(home.resolve("server"));
        SftpArchiveStore store = server.store(folder).build()) {
      deleteOne(store, folder);
    }
  }

  @Test
  void are_remembered_where_a_server_replaces_no_files() throws Exception {
    Path folder = home.resolve("backups");
    try (MinaServer server = MinaServer.in(home).withoutExtensions().start();
        SftpArchiveStore store =
            server.store(folder).password(MinaServer.PASSWORD::toCharArray).build()) {
      deleteOne(store, folder);
    }
  }
}
