package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.files;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A name that another store had when a file was to get it, and that is free again when one looks
 * for the reason. All that the server says is "Failure", like OpenSSH.
 */
class NameInTheWayTest {

  @TempDir Path home;

  @Test
  void is_asked_for_again() throws Exception {
    Refusing refusing = new Refusing(".claim-", 3);
    Path folder = home.resolve("backups");
    byte[] bytes = bytes(1, 1_000);
    try (MinaServer server = MinaServer.in(home).accessing(refusing).start();
        SftpArchiveStore store =
            server.store(folder).password(MinaServer.PASSWORD::toCharArray).build()) {
      store.publish(label(0), content(bytes));

      assertThat(refusing.left).hasNonPositiveValue();
      assertThat(read(store, label(0))).isEqualTo(bytes);
      assertThat(files(folder)).containsExactly(label(0) + ".archive");
    }
  }

  @Test
  void is_asked_for_again_where_the_server_has_no_links() throws Exception {
    Refusing refusing = new Refusing(".claim-", 3);
    Path folder = home.resolve("backups");
    byte[] bytes = bytes(1, 1_000);
    try (MinaServer server = MinaServer.in(home).withoutExtensions().accessing(refusing).start();
        SftpArchiveStore store =
            server.store(folder).password(MinaServer.PASSWORD::toCharArray).build()) {
      store.publish(label(0), content(bytes));

      assertThat(refusing.left).hasNonPositiveValue();
      assertThat(read(store, label(0))).isEqualTo(bytes);
      assertThat(files(folder)).containsExactly(label(0) + ".archive");
    }
  }

  @Test
  void is_not_asked_for_without_end() throws Exception {
    Refusing refusing = new Refusing("tenant_", Integer.MAX_VALUE);
    Path folder = home.resolve("backups");
    try (MinaServer server = MinaServer.in(home).accessing(refusing).start();
        SftpArchiveStore store =
            server.store(folder).password(MinaServer.PASSWORD::toCharArray).build()) {
      assertThatThrownBy(() -> store.publish(label(0), content(bytes(1, 1_000))))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining(label(0).value())
          .hasMessageContaining("Look at the server's log");

      assertThat(files(folder)).isEmpty();
    }
  }

  /** Refuses so many times to bring a name into being, and leaves no trace of why. */
  private static final class Refusing implements SftpFileSystemAccessor {

    private final String prefix;
    private final AtomicInteger left;

    Refusing(String prefix, int times) {
      this.prefix = prefix;
      this.left = new AtomicInteger(times);
    }

    private void refuse(Path name) throws IOException {
      if (name.getFileName().toString().startsWith(prefix) && left.getAndDecrement() > 0) {
        throw new FileSystemException(name.toString(), null, "in the way");
      }
    }

    @Override
    public void createLink(SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic)
        throws IOException {
      refuse(link);
      SftpFileSystemAccessor.super.createLink(subsystem, link, existing, symbolic);
    }

    @Override
    public SeekableByteChannel openFile(
        SftpSubsystemProxy subsystem,
        FileHandle fileHandle,
        Path file,
        String handle,
        Set<? extends OpenOption> options,
        FileAttribute<?>... attributes)
        throws IOException {
      if (options.contains(StandardOpenOption.CREATE_NEW)) {
        refuse(file);
      }
      return SftpFileSystemAccessor.super.openFile(
          subsystem, fileHandle, file, handle, options, attributes);
    }
  }
}
