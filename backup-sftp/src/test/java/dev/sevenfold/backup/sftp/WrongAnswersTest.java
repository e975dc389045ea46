package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.labels;
import static dev.sevenfold.backup.sftp.Samples.read;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that answer otherwise than they were asked. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WrongAnswersTest {

  @TempDir Path home;

  private SftpArchiveStore store(MinaServer server) {
    return server
        .store(home.resolve("backups"))
        .password(MinaServer.PASSWORD::toCharArray)
        .operationTimeout(Duration.ofSeconds(2))
        .attempts(1, Duration.ofSeconds(1))
        .build();
  }

  @Test
  void an_archive_of_which_the_server_gives_less_than_asked_for_is_read_whole() throws Exception {
    byte[] bytes = bytes(1, 300_000);
    try (MinaServer server =
            MinaServer.in(home).withoutExtensions().accessing(new Sparing()).start();
        SftpArchiveStore store = store(server)) {
      store.publish(label(0), content(bytes));

      assertThat(read(store, label(0))).isEqualTo(bytes);
    }
  }

  @Test
  void an_archive_that_became_shorter_does_not_end_in_silence() throws Exception {
    try (MinaServer server = MinaServer.in(home).start();
        SftpArchiveStore store = store(server)) {
      store.publish(label(0), content(bytes(1, 9_000_000)));
      try (InputStream in = store.open(label(0))) {
        assertThat(in.read()).isNotNegative();
        shorten(StoreFiles.file(home.resolve("backups"), label(0), ".archive"));

        assertThatThrownBy(in::readAllBytes)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("it should have 9000000");
      }
    }
  }

  private static void shorten(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(5_000_000);
    }
  }

  @Test
  void a_folder_that_cannot_be_listed_is_no_empty_store() throws Exception {
    Path folder = Files.createDirectory(home.resolve("backups"));
    try (MinaServer server = MinaServer.in(home).start();
        SftpArchiveStore store = store(server)) {
      store.publish(label(0), content(bytes(1, 100)));
      Files.move(folder, home.resolve("elsewhere"));
      Files.writeString(folder, "a file by now");

      assertThatThrownBy(() -> labels(store)).isInstanceOf(StoreUnavailable.class);
      assertThatThrownBy(() -> store.list(ArchiveOwner.of(label(0))))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("is not a folder");
    }
  }

  /** What a login script prints, packets that are too long or too short, one that was not due. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Welcome to backup.example\n",
        "\u007f\u0000\u0000\u0000\u0002\u0000\u0000\u0000\u0003",
        "\u0000\u0000\u0000\u0001\u0002",
        "\u0000\u0000\u0000\u0005\u0002\u0000\u0000\u0000c",
        "\u0000\u0000\u0000\u0005\u0002\u0000\u0000\u0000\u0002",
        "\u0000\u0000\u0000\u0009\u0002\u0000\u0000\u0000\u0003\u0000\u0000\u0000c"
      })
  void what_does_not_speak_sftp_is_given_up(String answer) throws Exception {
    try (MinaServer server = MinaServer.in(home).answering(answer.getBytes(US_ASCII)).start();
        SftpArchiveStore store = store(server)) {
      assertThatThrownBy(() -> labels(store)).isInstanceOf(StoreUnavailable.class);
    }
  }

  /** Gives at most 5000 bytes at a time. */
  private static final class Sparing implements SftpFileSystemAccessor {

    @Override
    public SeekableByteChannel openFile(
        SftpSubsystemProxy subsystem,
        FileHandle fileHandle,
        Path file,
        String handle,
        Set<? extends OpenOption> options,
        FileAttribute<?>... attributes)
        throws IOException {
      SeekableByteChannel whole =
          SftpFileSystemAccessor.super.openFile(
              subsystem, fileHandle, file, handle, options, attributes);
      return (SeekableByteChannel)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {SeekableByteChannel.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("read")) {
                  ByteBuffer buffer = (ByteBuffer) arguments[0];
                  buffer.limit(Math.min(buffer.limit(), buffer.position() + 5_000));
                }
                return method.invoke(whole, arguments);
              });
    }
  }

  @Test
  void a_server_that_says_nothing_is_given_up_in_time() throws Exception {
    try (MinaServer server = MinaServer.in(home).answering(new byte[0]).start();
        SftpArchiveStore store = store(server)) {
      assertThatThrownBy(() -> labels(store))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("did not answer for 2 s");
    }
  }
}
