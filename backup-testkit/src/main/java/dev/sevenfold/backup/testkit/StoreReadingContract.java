package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.assertHolds;
import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static dev.sevenfold.backup.testkit.Archives.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.store.ArchiveStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Archives are read as streams, from any byte on, by many at a time. */
@SuppressWarnings("MemberName") // Tests are sentences.
interface StoreReadingContract extends StoreSubject {

  @Test
  default void reads_from_any_offset() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] bytes = bytes(1, 100_000);
      store.publish(backup("1", 0), content(bytes));

      for (int offset : List.of(0, 1, 4_095, 32_768, 65_537, 99_999)) {
        assertThat(read(store, backup("1", 0), offset))
            .as("from offset %d", offset)
            .isEqualTo(Arrays.copyOfRange(bytes, offset, bytes.length));
      }
    }
  }

  @Test
  default void reading_from_the_end_gives_nothing() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.publish(backup("1", 1), out -> {});

      assertThat(read(store, backup("1", 0), 100)).isEmpty();
      assertThat(read(store, backup("1", 1), 0)).isEmpty();
    }
  }

  @Test
  default void refuses_to_read_from_outside_the_archive() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));

      assertThatThrownBy(() -> store.open(backup("1", 0), 101))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.open(backup("1", 0), Long.MAX_VALUE))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.open(backup("1", 0), -1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  default void an_archive_that_is_not_there_is_not_found() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));

      assertThatThrownBy(() -> store.open(backup("1", 1))).isInstanceOf(ArchiveNotFound.class);
      assertThatThrownBy(() -> store.open(backup("1", 1), 5)).isInstanceOf(ArchiveNotFound.class);
      assertThatThrownBy(() -> store.stat(backup("1", 1))).isInstanceOf(ArchiveNotFound.class);
    }
  }

  @Test
  default void readers_do_not_disturb_each_other() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] one = bytes(1, 150_000);
      byte[] two = bytes(2, 150_000);
      store.publish(backup("1", 0), content(one));
      store.publish(backup("1", 1), content(two));

      try (InputStream first = store.open(backup("1", 0));
          InputStream second = store.open(backup("1", 0), 70_000);
          InputStream other = store.open(backup("1", 1))) {
        assertThat(first.readNBytes(50_000)).isEqualTo(Arrays.copyOfRange(one, 0, 50_000));
        assertThat(second.readNBytes(50_000)).isEqualTo(Arrays.copyOfRange(one, 70_000, 120_000));
        assertThat(other.readAllBytes()).isEqualTo(two);
        assertThat(first.readAllBytes()).isEqualTo(Arrays.copyOfRange(one, 50_000, 150_000));
        assertThat(second.readAllBytes()).isEqualTo(Arrays.copyOfRange(one, 120_000, 150_000));
      }
    }
  }

  @Test
  default void a_reader_may_stop_half_way() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] bytes = bytes(1, 500_000);
      store.publish(backup("1", 0), content(bytes));

      for (int i = 0; i < 20; i++) {
        InputStream in = store.open(backup("1", 0));
        assertThat(in.read()).isEqualTo(bytes[0] & 0xFF);
        in.close();
        in.close();
      }

      assertHolds(store, backup("1", 0), bytes);
    }
  }

  @Test
  default void a_reader_of_a_deleted_archive_is_never_cut_off_in_silence() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] bytes = bytes(1, 2_000_000);
      store.publish(backup("1", 0), content(bytes));
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      boolean failed = false;
      try (InputStream in = store.open(backup("1", 0))) {
        read.write(in.readNBytes(1_000));
        store.delete(backup("1", 0));
        in.transferTo(read);
      } catch (IOException e) {
        failed = true;
      }

      assertThat(failed || Arrays.equals(read.toByteArray(), bytes))
          .as("read %d bytes of %d, failed: %s", read.size(), bytes.length, failed)
          .isTrue();
    }
  }
}
