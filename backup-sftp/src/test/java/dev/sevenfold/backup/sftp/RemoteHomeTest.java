package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.labels;
import static dev.sevenfold.backup.sftp.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that are named as a shell would take them. */
class RemoteHomeTest {

  @TempDir Path home;

  @Test
  void a_tilde_is_the_home_of_the_account_on_the_server() throws IOException {
    Path there = Files.createDirectory(home.resolve("there"));
    byte[] bytes = bytes(1, 10_000);
    try (OpenSsh server =
        OpenSsh.start(home.resolve("server"), "Subsystem sftp internal-sftp -d " + there)) {
      try (SftpArchiveStore store = at(server, "~/backups/")) {
        store.publish(label(0), content(bytes));
        assertThat(there.resolve("backups")).isDirectory();
      }
      try (SftpArchiveStore store = at(server, "backups")) {
        assertThat(read(store, label(0))).isEqualTo(bytes);
      }
      try (SftpArchiveStore store = at(server, "~")) {
        store.publish(label(1), content(bytes));
        assertThat(labels(store)).containsExactly(label(1));
        assertThat(read(store, label(1))).isEqualTo(bytes);
      }
    }
    assertThat(there.resolve("~")).doesNotExist();
  }

  private static SftpArchiveStore at(OpenSsh server, String folder) throws IOException {
    return SftpArchiveStore.builder("127.0.0.1", System.getProperty("user.name"), folder)
        .port(server.port())
        .knownHosts(server.knownHosts())
        .privateKey(server.file("id_ed25519"))
        .build();
  }

  @Test
  void the_home_of_another_account_is_refused_with_what_to_write() {
    assertThatThrownBy(() -> SftpArchiveStore.builder("backup.example", "app", "~other/backups"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("~other/backups")
        .hasMessageContaining("write its whole path, or \"./~other/backups\"");
  }
}
