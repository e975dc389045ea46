package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that goes while its folder is listed: servers like this one say "no such file" in the
 * place of the rest of the folder.
 */
class VanishingFileTest {

  @TempDir Path home;

  @Test
  void takes_nothing_else_along() throws Exception {
    Vanishing vanishing = new Vanishing();
    try (MinaServer server = MinaServer.in(home).accessing(vanishing).start();
        SftpArchiveStore store = store(server)) {
      for (int n = 0; n < 5; n++) {
        store.publish(label(n), content(new byte[1]));
      }
      vanishing.left.set(3);

      assertThat(labels(store)).containsExactly(label(0), label(1), label(2), label(3), label(4));
      assertThat(vanishing.left).hasNonPositiveValue();
    }
  }

  @Test
  void is_never_the_end_of_a_listing() throws Exception {
    Vanishing vanishing = new Vanishing();
    try (MinaServer server = MinaServer.in(home).accessing(vanishing).start();
        SftpArchiveStore store = store(server)) {
      store.publish(label(2), content(new byte[1]));
      vanishing.left.set(Integer.MAX_VALUE);

      assertThatThrownBy(() -> labels(store)).isInstanceOf(StoreUnavailable.class);
    }
  }

  private SftpArchiveStore store(MinaServer server) {
    return server.store(home.resolve("backups")).password(MinaServer.PASSWORD::toCharArray).build();
  }

  /** Has lost so many times what it is asked about. */
  private static final class Vanishing implements SftpFileSystemAccessor {

    private final AtomicInteger left = new AtomicInteger();

    @Override
    public NavigableMap<String, Object> resolveReportedFileAttributes(
        SftpSubsystemProxy subsystem,
        Path file,
        int flags,
        NavigableMap<String, Object> attributes,
        LinkOption... options)
        throws IOException {
      if (file.endsWith(label(2) + ".archive") && left.getAndDecrement() > 0) {
        throw new NoSuchFileException(file.toString());
      }
      return SftpFileSystemAccessor.super.resolveReportedFileAttributes(
          subsystem, file, flags, attributes, options);
    }
  }
}
