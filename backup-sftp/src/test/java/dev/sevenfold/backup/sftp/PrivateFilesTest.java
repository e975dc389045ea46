package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.labels;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives are for their owner alone, also on servers that set no permissions. */
class PrivateFilesTest {

  @TempDir Path home;
  private Path folder;

  @BeforeEach
  void name_the_folder() {
    folder = home.resolve("backups");
  }

  private String publishing(SftpArchiveStoreBuilder builder) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try (SftpArchiveStore store = builder.build()) {
      store.publish(label(0), content(bytes(1, 100_000)));
      store.publish(label(1), content(bytes(2, 100_000)));
      store.delete(label(0));
      assertThat(labels(store)).containsExactly(label(1));
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  private String publishingTo(Careless disk) throws IOException {
    try (MinaServer server = MinaServer.in(home).accessing(disk).start()) {
      return publishing(server.store(folder).password(MinaServer.PASSWORD::toCharArray));
    }
  }

  private List<String> modes() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(PrivateFilesTest::mode)
          .distinct()
          .sorted()
          .toList();
    }
  }

  private static String mode(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void are_created_so_where_the_server_changes_no_permissions() throws IOException {
    String sftp = "Subsystem sftp internal-sftp -u 0 -P setstat,fsetstat";
    try (OpenSsh server = OpenSsh.start(home.resolve("server"), sftp)) {
      assertThat(publishing(server.store(folder))).doesNotContain("may be able to read");
    }
    assertThat(modes()).containsExactly("rw-------");
    assertThat(mode(folder)).isEqualTo("rwx------");
  }

  @Test
  void are_made_so_where_the_server_creates_them_otherwise() throws IOException {
    String log = publishingTo(new Careless(true));

    assertThat(log).doesNotContain("may be able to read");
    assertThat(modes()).containsExactly("rw-------");
  }

  @Test
  void are_warned_of_once_where_the_server_does_neither() throws IOException {
    String log = publishingTo(new Careless(false));

    assertThat(log).containsOnlyOnce("may be able to read the files of " + folder);
    assertThat(log).contains("internal-sftp -u 077");
    assertThat(modes()).containsExactly("rw-r--r--");
  }

  /** Gives new files to everybody, as a disk does that knows no permissions. */
  private static final class Careless implements SftpFileSystemAccessor {

    private final boolean changeable;

    Careless(boolean changeable) {
      this.changeable = changeable;
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
      boolean made = Files.notExists(file);
      SeekableByteChannel opened =
          SftpFileSystemAccessor.super.openFile(subsystem, fileHandle, file, handle, options);
      if (made) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
      return opened;
    }

    @Override
    public void setFilePermissions(
        SftpSubsystemProxy subsystem,
        Path file,
        Set<PosixFilePermission> permissions,
        LinkOption... options)
        throws IOException {
      if (!changeable) {
        throw new AccessDeniedException(file.toString());
      }
      SftpFileSystemAccessor.super.setFilePermissions(subsystem, file, permissions, options);
    }
  }
}
