package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.label;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A record that another store removes while this one writes it, on a server that cannot replace a
 * file in one step.
 */
class RecordRemovedMeanwhileTest {

  private static final ArchiveRecord PINNED = ArchiveRecord.NONE.withPinned(true);

  @TempDir Path home;

  @Test
  void is_written_again() throws Exception {
    Path folder = home.resolve("backups");
    Removing removing = new Removing(".marks.json");
    try (MinaServer server = MinaServer.in(home).withoutExtensions().accessing(removing).start();
        SftpArchiveStore store =
            server.store(folder).password(MinaServer.PASSWORD::toCharArray).build()) {
      store.publish(label(0), content(new byte[1]));
      removing.left.set(3);

      store.record(label(0), PINNED);

      assertThat(removing.left).hasNonPositiveValue();
      assertThat(store.stat(label(0)).record()).isEqualTo(PINNED);
    }
  }

  @Test
  void is_nobodys_if_the_archive_went_with_it() throws Exception {
    Path folder = home.resolve("backups");
    Removing removing = new Removing(".marks.json", ".archive");
    try (MinaServer server = MinaServer.in(home).withoutExtensions().accessing(removing).start();
        SftpArchiveStore store =
            server.store(folder).password(MinaServer.PASSWORD::toCharArray).build()) {
      store.publish(label(0), content(new byte[1]));
      removing.left.set(1);

      assertThatThrownBy(() -> store.record(label(0), PINNED)).isInstanceOf(ArchiveNotFound.class);

      assertThat(StoreFiles.file(folder, label(0), ".marks.json")).doesNotExist();
    }
  }

  /** Removes so many times what is about to get its mode, and the others of its name. */
  private static final class Removing implements SftpFileSystemAccessor {

    private final Set<String> suffixes;
    private final AtomicInteger left = new AtomicInteger();

    Removing(String... suffixes) {
      this.suffixes = Set.of(suffixes);
    }

    @Override
    public void setFilePermissions(
        SftpSubsystemProxy subsystem,
        Path file,
        Set<PosixFilePermission> permissions,
        LinkOption... options)
        throws IOException {
      String name = file.getFileName().toString();
      if (name.endsWith(".marks.json") && left.getAndDecrement() > 0) {
        for (String suffix : suffixes) {
          Files.delete(file.resolveSibling(name.replace(".marks.json", suffix)));
        }
      }
      SftpFileSystemAccessor.super.setFilePermissions(subsystem, file, permissions, options);
    }
  }
}
