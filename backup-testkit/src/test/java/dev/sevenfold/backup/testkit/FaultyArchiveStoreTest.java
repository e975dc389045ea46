package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.assertAbsent;
import static dev.sevenfold.backup.testkit.Archives.assertHolds;
import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static dev.sevenfold.backup.testkit.Archives.labels;
import static dev.sevenfold.backup.testkit.Archives.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.testkit.FaultyArchiveStore.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FaultyArchiveStoreTest implements ArchiveStoreContract {

  private static final byte[] BYTES = bytes(1, 10_000);

  private final FaultyArchiveStore store = FaultyArchiveStore.around(new InMemoryArchiveStore());

  /** Without faults it is a store like any other. */
  @Override
  public ArchiveStore newStore() {
    return FaultyArchiveStore.around(new InMemoryArchiveStore());
  }

  @Test
  void fails_the_call_that_was_scripted_and_no_other() {
    store.on(Operation.PUBLISH, 2, Fault.before());

    store.publish(backup("1", 1), content(BYTES));
    assertThatThrownBy(() -> store.publish(backup("1", 2), content(BYTES)))
        .isInstanceOf(StoreUnavailable.class);
    store.publish(backup("1", 3), content(BYTES));

    assertThat(labels(store)).containsExactly(backup("1", 1), backup("1", 3));
    assertThat(store.calls(Operation.PUBLISH)).isEqualTo(3);
  }

  @Test
  void a_lost_answer_leaves_the_effect() {
    store.next(Operation.PUBLISH, Fault.after()).next(Operation.DELETE, Fault.after());

    assertThatThrownBy(() -> store.publish(backup("1", 1), content(BYTES)))
        .isInstanceOf(StoreUnavailable.class);
    assertThat(labels(store)).containsExactly(backup("1", 1));
    assertThatThrownBy(() -> store.delete(backup("1", 1))).isInstanceOf(StoreUnavailable.class);
    assertThat(labels(store)).isEmpty();
  }

  @Test
  void a_lost_answer_is_lost_whatever_it_was() {
    store.next(Operation.STAT, Fault.after());

    assertThatThrownBy(() -> store.stat(backup("1", 1)))
        .isInstanceOf(StoreUnavailable.class)
        .satisfies(e -> assertThat(e.getSuppressed()[0]).isInstanceOf(ArchiveNotFound.class));
  }

  @Test
  void breaks_an_upload_off_half_way() {
    store.next(Operation.PUBLISH, Fault.afterBytes(4_000));

    assertThatThrownBy(() -> store.publish(backup("1", 1), content(BYTES)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("4000 bytes");

    assertAbsent(store, backup("1", 1));
  }

  @Test
  void breaks_an_upload_off_even_if_the_content_hides_it() {
    store.next(Operation.PUBLISH, Fault.afterBytes(4_000));

    assertThatThrownBy(
            () ->
                store.publish(
                    backup("1", 1),
                    out -> {
                      try {
                        out.write(BYTES);
                      } catch (IOException e) {
                        assertThat(e).isNotNull();
                      }
                    }))
        .isInstanceOf(StoreUnavailable.class);

    assertAbsent(store, backup("1", 1));
  }

  @Test
  void an_upload_shorter_than_the_fault_succeeds() throws IOException {
    store.next(Operation.PUBLISH, Fault.afterBytes(10_000));

    store.publish(backup("1", 1), content(BYTES));

    assertHolds(store, backup("1", 1), BYTES);
  }

  @Test
  void does_not_take_a_failure_of_the_content_for_its_own() {
    store.next(Operation.PUBLISH, Fault.afterBytes(4_000));

    assertThatThrownBy(
            () ->
                store.publish(
                    backup("1", 1),
                    out -> {
                      throw new IOException("scratch file gone");
                    }))
        .isInstanceOf(OperationFailed.class);
  }

  @Test
  void breaks_a_download_off_half_way() throws IOException {
    store.publish(backup("1", 1), content(BYTES));
    store.next(Operation.OPEN, Fault.afterBytes(4_000));

    try (InputStream in = store.open(backup("1", 1))) {
      assertThat(in.readNBytes(4_000)).isEqualTo(Arrays.copyOf(BYTES, 4_000));
      assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void cuts_a_download_short_in_silence() throws IOException {
    store.publish(backup("1", 1), content(BYTES));
    store.next(Operation.OPEN, Fault.cutShortAfter(4_000));

    assertThat(read(store, backup("1", 1))).isEqualTo(Arrays.copyOf(BYTES, 4_000));
    assertThat(read(store, backup("1", 1))).isEqualTo(BYTES);
  }

  @Test
  void corrupts_one_byte_of_a_download_wherever_reading_begins() throws IOException {
    store.publish(backup("1", 1), content(BYTES));
    byte[] corrupt = BYTES.clone();
    corrupt[8_765] ^= (byte) 0xFF;
    store.always(Operation.OPEN, Fault.corruptByteAt(8_765));

    assertThat(read(store, backup("1", 1))).isEqualTo(corrupt);
    assertThat(read(store, backup("1", 1), 8_000))
        .isEqualTo(Arrays.copyOfRange(corrupt, 8_000, 10_000));
    try (InputStream in = store.open(backup("1", 1))) {
      in.skipNBytes(8_765);
      assertThat(in.read()).isEqualTo(corrupt[8_765] & 0xFF);
    }
    assertThat(read(store.heal(), backup("1", 1))).isEqualTo(BYTES);
  }

  @Test
  void counts_the_faults_that_struck_and_no_others() throws IOException {
    store.next(Operation.PUBLISH, Fault.afterBytes(10_000)).always(Operation.DELETE, Fault.after());
    store.publish(backup("1", 1), content(BYTES));
    store.next(Operation.OPEN, Fault.cutShortAfter(20_000));
    assertThat(read(store, backup("1", 1))).isEqualTo(BYTES);
    store.next(Operation.OPEN, Fault.corruptByteAt(8_000));
    try (InputStream in = store.open(backup("1", 1))) {
      in.skipNBytes(8_001);
      assertThat(in.read()).isEqualTo(BYTES[8_001] & 0xFF);
    }
    store.next(Operation.OPEN, Fault.cutShortAfter(4_000));
    store.next(Operation.PUBLISH, Fault.afterBytes(4_000));

    assertThat(store.struck()).as("a byte that was skipped is not corrupted").isZero();
    assertThat(read(store, backup("1", 1))).hasSize(4_000);
    assertThat(store.struck()).isEqualTo(1);
    assertThatThrownBy(() -> store.publish(backup("1", 2), content(BYTES)))
        .isInstanceOf(StoreUnavailable.class);
    assertThat(store.struck()).isEqualTo(2);
    assertThatThrownBy(() -> store.delete(backup("1", 1))).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> store.delete(backup("1", 1))).isInstanceOf(StoreUnavailable.class);
    assertThat(store.struck()).isEqualTo(4);
  }

  @Test
  void throws_what_it_is_told_to() {
    IllegalStateException failure = new IllegalStateException("as told");
    store.always(Operation.LIST, Fault.before(() -> failure));

    assertThatThrownBy(() -> labels(store)).isSameAs(failure);
  }

  @Test
  void refuses_a_script_that_could_never_happen() {
    assertThatThrownBy(() -> store.next(Operation.LIST, Fault.afterBytes(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.next(Operation.PUBLISH, Fault.cutShortAfter(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.on(Operation.LIST, 0, Fault.before()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Fault.afterBytes(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
