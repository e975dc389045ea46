package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.files;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.labels;
import static dev.sevenfold.backup.sftp.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thread that is interrupted, and one that has seen enough, on the connection that all calls
 * share.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InterruptTest {

  @TempDir Path temp;

  private Path folder;
  private OpenSsh server;
  private CuttingProxy line;
  private SftpArchiveStore store;

  @BeforeEach
  void startServer() throws IOException {
    folder = temp.resolve("backups");
    server = OpenSsh.start(temp.resolve("server"));
    line = CuttingProxy.to(server.port());
    store =
        OpenSsh.storeAt(line.port(), folder)
            .hostKey(Files.readString(server.file("host_ed25519.pub")))
            .privateKey(server.file("id_ed25519"))
            .operationTimeout(Duration.ofSeconds(20))
            .build();
  }

  @AfterEach
  void stopServer() throws IOException {
    server.thaw();
    store.close();
    line.close();
    server.close();
  }

  @Test
  void an_interrupt_while_a_request_is_under_way_is_kept_and_costs_no_answer() throws Exception {
    store.publish(label(0), content(bytes(1, 100)));
    server.freeze();
    long sent = line.sent();
    FutureTask<Boolean> listing =
        new FutureTask<>(
            () -> {
              List<Label> labels = labels(store);
              return labels.equals(List.of(label(0))) && Thread.currentThread().isInterrupted();
            });
    Thread thread = new Thread(listing, "listing");
    thread.start();
    while (line.sent() == sent || thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    thread.interrupt();
    server.thaw();

    assertThat(listing.get()).as("listed, and still interrupted").isTrue();
    assertThat(labels(store)).containsExactly(label(0));
    assertThat(line.connections()).isEqualTo(1);
  }

  @Test
  void an_upload_ends_leaves_nothing_behind_and_is_nobody_elses_end() throws Exception {
    byte[] bytes = bytes(1, 1_000_000);
    store.publish(
        label(0),
        other -> {
          other.write(bytes, 0, 500_000);
          assertThatThrownBy(
                  () ->
                      store.publish(
                          label(1),
                          out -> {
                            out.write(bytes);
                            Thread.currentThread().interrupt();
                            out.write(bytes);
                          }))
              .isInstanceOf(OperationFailed.class)
              .hasMessageContaining("its thread was interrupted");
          assertThat(Thread.interrupted()).isTrue();
          other.write(bytes, 500_000, 500_000);
        });

    assertThat(read(store, label(0))).isEqualTo(bytes);
    assertThat(files(folder)).containsExactly(label(0) + ".archive");
    assertThat(line.connections()).isEqualTo(1);
  }

  @Test
  void a_download_ends() throws Exception {
    store.publish(label(0), content(bytes(1, 9_000_000)));
    try (InputStream in = store.open(label(0))) {
      assertThat(in.read()).isNotNegative();
      Thread.currentThread().interrupt();

      assertThatThrownBy(in::readAllBytes).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(labels(store)).containsExactly(label(0));
    assertThat(line.connections()).isEqualTo(1);
  }

  @Test
  void a_thread_that_is_interrupted_already_connects_and_lists() throws Exception {
    Thread.currentThread().interrupt();

    assertThat(labels(store)).isEmpty();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void who_reads_no_more_than_the_head_of_many_archives_leaves_the_connection_to_others()
      throws Exception {
    byte[] bytes = bytes(1, 2_000_000);
    store.publish(label(0), content(bytes));
    for (int i = 0; i < 200; i++) {
      try (InputStream in = store.open(label(0))) {
        in.readNBytes(300_000);
      }
    }

    assertThat(read(store, label(0))).isEqualTo(bytes);
    assertThat(line.connections()).isEqualTo(1);
  }
}
