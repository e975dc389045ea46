package dev.sevenfold.backup.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose disk is full on the way. */
class FullDiskTest {

  private static final int MEGABYTE = 1 << 20;

  @TempDir Path home;
  private Path disk;

  @BeforeEach
  void mount_a_disk_of_8_megabytes() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "Only root can mount a small disk");
    disk = Files.createDirectory(home.resolve("disk"));
    OpenSsh.run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
  }

  @AfterEach
  void unmount() throws IOException {
    OpenSsh.run("umount", "-l", disk.toString());
  }

  @Test
  void says_so_leaves_nothing_behind_and_works_again_when_there_is_room() throws IOException {
    try (OpenSsh server = OpenSsh.start(home.resolve("server"));
        ArchiveStore store = server.store(disk.resolve("backups")).build()) {
      // Each time: whether the space is asked for in time must not be a matter of luck.
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> publish(store, "system_20261124000000", 20))
            .isInstanceOf(StoreUnavailable.class)
            .hasMessageContaining("the disk is full")
            .hasMessageContaining("Make room there");
        assertThat(StoreFiles.names(disk.resolve("backups"))).isEmpty();
      }

      publish(store, "system_20261124000000", 2);

      assertThat(store.stat(Label.parse("system_20261124000000")).sizeBytes())
          .isEqualTo(2L * MEGABYTE);
    }
  }

  @Test
  void lets_archives_go_so_that_there_is_room_again() throws IOException {
    try (OpenSsh server = OpenSsh.start(home.resolve("server"));
        ArchiveStore store = server.store(disk.resolve("backups")).build()) {
      Label old = Label.parse("system_20261123000000");
      publish(store, old.value(), 2);
      fillTheDisk();

      store.delete(old);

      assertThat(StoreFiles.names(disk.resolve("backups"))).isEmpty();
      publish(store, "system_20261124000000", 1);
    }
  }

  private void fillTheDisk() throws IOException {
    try (OutputStream out = Files.newOutputStream(disk.resolve("of somebody else"))) {
      while (true) {
        out.write(new byte[1_000]);
      }
    } catch (IOException e) {
      assertThat(disk.toFile().getUsableSpace()).isZero();
    }
  }

  private static void publish(ArchiveStore store, String label, int megabytes) {
    store.publish(
        Label.parse(label),
        out -> {
          for (int i = 0; i < megabytes; i++) {
            out.write(new byte[MEGABYTE]);
          }
        });
  }
}
