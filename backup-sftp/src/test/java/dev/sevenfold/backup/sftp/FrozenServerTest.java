package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.labels;
import static dev.sevenfold.backup.sftp.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops without a word: the connection stands, and nothing comes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FrozenServerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  @TempDir Path temp;

  private OpenSsh server;

  @BeforeEach
  void startServer() throws IOException {
    server = OpenSsh.start(temp.resolve("server"));
  }

  @AfterEach
  void stopServer() throws IOException {
    server.thaw();
    server.close();
  }

  private SftpArchiveStoreBuilder store() throws IOException {
    return server.store(temp.resolve("backups")).attempts(1, Duration.ofSeconds(1));
  }

  @Test
  void a_request_ends_with_its_timeout() throws Exception {
    try (SftpArchiveStore store = store().operationTimeout(PATIENCE).build()) {
      store.publish(label(0), content(bytes(1, 100)));
      server.freeze();

      assertThatThrownBy(() -> labels(store))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("did not answer for 1 s");

      server.thaw();
      assertThat(labels(store)).containsExactly(label(0));
    }
  }

  @Test
  void connecting_ends_with_its_timeout() throws Exception {
    try (SftpArchiveStore store = store().connectTimeout(PATIENCE).build()) {
      server.freeze();

      assertThatThrownBy(() -> labels(store))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("did not answer for 1 s");
    }
  }

  @Test
  void an_upload_ends_with_the_timeout_of_its_requests() throws Exception {
    byte[] bytes = bytes(1, 1_000_000);
    try (SftpArchiveStore store = store().operationTimeout(PATIENCE).build()) {
      assertThatThrownBy(
              () ->
                  store.publish(
                      label(0),
                      out -> {
                        out.write(bytes);
                        server.freeze();
                        for (int i = 0; i < 100; i++) {
                          out.write(bytes);
                        }
                      }))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("for 1 s");

      server.thaw();
      assertThat(labels(store)).isEmpty();
    }
  }

  @Test
  void a_download_ends_with_the_timeout_of_its_requests() throws Exception {
    try (SftpArchiveStore store = store().operationTimeout(PATIENCE).build()) {
      store.publish(label(0), content(bytes(1, 20_000_000)));
      try (InputStream in = store.open(label(0))) {
        assertThat(in.readNBytes(1_000_000)).hasSize(1_000_000);
        server.freeze();

        assertThatThrownBy(in::readAllBytes)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("did not answer for 1 s");
      }
      server.thaw();
      assertThat(read(store, label(0))).isEqualTo(bytes(1, 20_000_000));
    }
  }

  @Test
  void keep_alives_find_out_sooner_than_a_patient_timeout() throws Exception {
    try (SftpArchiveStore store =
        store()
            .operationTimeout(Duration.ofMinutes(30))
            .keepAlive(Duration.ofMillis(300))
            .build()) {
      store.publish(label(0), content(bytes(1, 100)));
      server.freeze();

      assertThatThrownBy(() -> labels(store))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("lost");
    }
  }
}
