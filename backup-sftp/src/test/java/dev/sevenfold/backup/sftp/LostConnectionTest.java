package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.assertWholeOrAbsent;
import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.files;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.labels;
import static dev.sevenfold.backup.sftp.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections break: at each step of a call, over and over, and for good. */
class LostConnectionTest {

  @TempDir Path temp;

  private final List<Duration> pauses = new ArrayList<>();
  private Path folder;
  private OpenSsh server;
  private CuttingProxy line;

  @BeforeEach
  void startServer() throws IOException {
    folder = temp.resolve("backups");
    server = OpenSsh.start(temp.resolve("server"));
    line = CuttingProxy.to(server.port());
  }

  @AfterEach
  void stopServer() throws IOException {
    line.close();
    server.close();
  }

  private SftpArchiveStoreBuilder store() throws IOException {
    return OpenSsh.storeAt(line.port(), folder)
        .hostKey(Files.readString(server.file("host_ed25519.pub")))
        .privateKey(server.file("id_ed25519"))
        .operationTimeout(Duration.ofSeconds(20))
        .pausingBy(pauses::add);
  }

  /** From the first byte of the connection to the last one of the call, more often at the end. */
  private static List<Long> points(long from, long to) {
    List<Long> points = new ArrayList<>();
    for (long point = from; point < to - 2_400; point += (to - from) / 6) {
      points.add(point);
    }
    for (long point = Math.max(from, to - 2_400); point < to; point += 120) {
      points.add(point);
    }
    return points;
  }

  @Test
  void a_publish_that_is_cut_anywhere_on_the_way_there_is_whole_or_absent() throws Exception {
    cutEverywhere(line::sent, line::cutAfterSent);
  }

  @Test
  void a_publish_that_is_cut_anywhere_on_the_way_back_is_whole_or_absent() throws Exception {
    cutEverywhere(line::received, line::cutAfterReceived);
  }

  private void cutEverywhere(LongSupplier count, LongConsumer cut) throws Exception {
    byte[] bytes = bytes(1, 40_000);
    int number = 0;
    long before;
    long length;
    try (SftpArchiveStore store = store().build()) {
      store.publish(label(number++), content(bytes)); // the first one marks the folder, too
      before = count.getAsLong();
      store.publish(label(number++), content(bytes));
      length = count.getAsLong() - before;
    }
    int published = 0;
    int failed = 0;
    for (long point : points(0, length)) {
      int n = number++;
      try (SftpArchiveStore store = store().build()) {
        labels(store);
        cut.accept(count.getAsLong() + point);
        boolean reported = publishes(store, n, bytes);
        boolean there = assertWholeOrAbsent(store, label(n), bytes);
        assertThat(there || !reported).as("what was reported, cut at byte %d", point).isTrue();
        if (reported) {
          published++;
        } else {
          failed++;
        }
      }
    }

    assertThat(published).as("cut so late that the rest was made good").isPositive();
    assertThat(failed).as("cut in the middle of the content").isPositive();
  }

  private static boolean publishes(SftpArchiveStore store, int n, byte[] bytes) {
    try {
      store.publish(label(n), content(bytes));
      return true;
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  @Test
  void marks_that_are_cut_anywhere_are_the_old_or_the_new_ones() throws Exception {
    byte[] bytes = bytes(1, 1_000);
    ArchiveRecord pinned = ArchiveRecord.NONE.withPinned(true);
    try (SftpArchiveStore store = store().build()) {
      store.publish(label(0), content(bytes));
      store.record(label(0), pinned);
      for (int point = 30; point < 1_500; point += 120) {
        line.cutAfterReceived(line.received() + point);
        ArchiveRecord wanted = pinned.withSequence(OptionalLong.of(point));
        ArchiveRecord before = store.stat(label(0)).record();
        try {
          store.record(label(0), wanted);
        } catch (StoreUnavailable e) {
          // It may have taken effect.
        }

        assertThat(store.stat(label(0)).record()).as("cut at %d", point).isIn(before, wanted);
        assertThat(read(store, label(0))).isEqualTo(bytes);
      }
    }
  }

  @Test
  void calls_that_change_nothing_twice_are_made_good() throws Exception {
    byte[] bytes = bytes(1, 1_000);
    try (SftpArchiveStore store = store().build()) {
      store.publish(label(0), content(bytes));

      line.cut();
      assertThat(labels(store)).containsExactly(label(0));
      line.cut();
      assertThat(store.stat(label(0)).sizeBytes()).isEqualTo(1_000);
      line.cut();
      assertThat(read(store, label(0))).isEqualTo(bytes);
      line.cut();
      store.record(label(0), ArchiveRecord.NONE.withPinned(true));
      line.cut();
      store.publish(label(1), content(bytes));
      line.cut();
      store.delete(label(1));

      assertThat(labels(store)).containsExactly(label(0));
      assertThat(store.stat(label(0)).record().pinned()).isTrue();
    }
  }

  @Test
  void one_connection_serves_all_calls() throws Exception {
    try (SftpArchiveStore store = store().build()) {
      for (int i = 0; i < 5; i++) {
        store.publish(label(i), content(bytes(i, 1_000)));
        read(store, label(i));
      }

      assertThat(line.connections()).isEqualTo(1);
    }
  }

  @Test
  void pauses_grow_and_end_with_an_error_that_says_what_to_do() throws Exception {
    try (SftpArchiveStore store = store().attempts(4, Duration.ofSeconds(2)).build()) {
      server.stop();

      assertThatThrownBy(() -> labels(store))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("4 times")
          .hasMessageContaining("then try again");
      assertThat(pauses)
          .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
    }
  }

  @Test
  void a_server_that_comes_back_is_used_again() throws Exception {
    try (SftpArchiveStore store = store().attempts(1, Duration.ofSeconds(1)).build()) {
      store.publish(label(0), content(bytes(1, 1_000)));
      server.stop();
      assertThatThrownBy(() -> labels(store)).isInstanceOf(StoreUnavailable.class);

      server.start();

      assertThat(labels(store)).containsExactly(label(0));
    }
  }

  @Test
  void an_interrupt_ends_the_attempts() throws Exception {
    Retries.Pause interrupted =
        duration -> {
          throw new InterruptedException("while pausing");
        };
    try (SftpArchiveStore store = store().pausingBy(interrupted).build()) {
      server.stop();

      assertThatThrownBy(() -> labels(store)).isInstanceOf(OperationFailed.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void a_killed_upload_leaves_nothing_behind_once_the_server_is_there_again() throws Exception {
    byte[] bytes = bytes(1, 5_000_000);
    try (SftpArchiveStore store = store().build()) {
      assertThatThrownBy(
              () ->
                  store.publish(
                      label(0),
                      out -> {
                        out.write(bytes, 0, 3_000_000);
                        server.killSessions();
                        out.write(bytes, 3_000_000, 2_000_000);
                      }))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("could not be published")
          .hasMessageContaining("lost");
      assertThatThrownBy(() -> store.stat(label(0))).isInstanceOf(ArchiveNotFound.class);

      store.publish(label(1), content(bytes));

      assertThat(files(folder)).containsExactly(label(1).value() + ".archive");
      assertThat(read(store, label(1))).isEqualTo(bytes);
    }
  }

  @Test
  void a_killed_download_throws_and_can_be_taken_up_where_it_ended() throws Exception {
    byte[] bytes = bytes(1, 9_000_000);
    try (SftpArchiveStore store = store().build()) {
      store.publish(label(0), content(bytes));
      int got = 0;
      try (InputStream in = store.open(label(0))) {
        got += in.readNBytes(bytes, 0, 1_000_000);
        server.killSessions();
        while (true) {
          int part = in.read(bytes, got, bytes.length - got);
          assertThat(part).as("no early end in silence").isPositive();
          got += part;
        }
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("lost");
      }

      try (InputStream in = store.open(label(0), got)) {
        in.readNBytes(bytes, got, bytes.length - got);
      }

      assertThat(bytes).isEqualTo(bytes(1, 9_000_000));
    }
  }
}
