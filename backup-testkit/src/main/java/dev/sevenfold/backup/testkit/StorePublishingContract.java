package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.assertAbsent;
import static dev.sevenfold.backup.testkit.Archives.assertHolds;
import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static dev.sevenfold.backup.testkit.Archives.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is published is kept, byte for byte, and never replaced. */
@SuppressWarnings("MemberName") // Tests are sentences.
interface StorePublishingContract extends StoreSubject {

  /** The chunks of an archive that is larger than any buffer on its way. */
  private static void writeLarge(OutputStream out) throws IOException {
    Random random = new Random(20);
    byte[] chunk = new byte[10_007];
    for (int written = 0; written < 20 << 20; written += chunk.length) {
      random.nextBytes(chunk);
      out.write(chunk);
    }
  }

  @Test
  default void gives_back_what_was_published() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] bytes = bytes(1, 100_000);

      store.publish(backup("1", 0), content(bytes));

      assertHolds(store, backup("1", 0), bytes);
    }
  }

  @Test
  default void a_new_archive_is_neither_proven_nor_pinned() throws Exception {
    try (ArchiveStore store = newStore()) {
      StoredArchive published = store.publish(backup("1", 0), content(bytes(1, 1234)));

      assertThat(published).isEqualTo(new StoredArchive(backup("1", 0), 1234, ArchiveRecord.NONE));
      assertThat(store.stat(backup("1", 0))).isEqualTo(published);
    }
  }

  @Test
  default void a_new_archive_has_the_record_that_it_was_published_with() throws Exception {
    try (ArchiveStore store = newStore()) {
      for (int n = 0; n < 2; n++) {
        ArchiveRecord record = Archives.record("1", n).withPinned(n == 1);

        StoredArchive published =
            store.publish(backup("1", n), record, content(bytes(n, 1_000 + n)));

        assertThat(published).isEqualTo(new StoredArchive(backup("1", n), 1_000 + n, record));
        assertThat(store.stat(backup("1", n))).isEqualTo(published);
        assertThat(reopen(store).list(ArchiveOwner.anyone()).complete()).contains(published);
      }
    }
  }

  @Test
  default void nobody_sees_an_archive_without_its_record() throws Exception {
    try (ArchiveStore store = newStore();
        Together threads = new Together()) {
      ArchiveStore view = reopen(store);
      AtomicBoolean done = new AtomicBoolean();
      Future<Integer> looking =
          threads.start(
              () -> {
                List<StoredArchive> seen;
                boolean last;
                do {
                  last = done.get();
                  seen = view.list(ArchiveOwner.anyone()).complete();
                  assertThat(seen).allMatch(archive -> archive.record().summary().isPresent());
                } while (!last);
                return seen.size();
              });
      try {
        for (int n = 0; n < 10; n++) {
          store.publish(backup("1", n), Archives.record("1", n), content(bytes(n, 1_000)));
        }
      } finally {
        done.set(true);
      }

      assertThat(Together.result(looking)).isEqualTo(10);
    }
  }

  @Test
  default void keeps_an_empty_archive() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), out -> {});

      assertHolds(store, backup("1", 0), new byte[0]);
    }
  }

  @Test
  default void streams_an_archive_of_20_mebibytes() throws Exception {
    MessageDigest written = MessageDigest.getInstance("SHA-256");
    MessageDigest read = MessageDigest.getInstance("SHA-256");
    writeLarge(new DigestOutputStream(OutputStream.nullOutputStream(), written));
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), StorePublishingContract::writeLarge);

      try (var in = store.open(backup("1", 0))) {
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), read));
      }
      assertThat(HexFormat.of().formatHex(read.digest()))
          .isEqualTo(HexFormat.of().formatHex(written.digest()));
    }
  }

  @Test
  default void takes_single_bytes_and_parts_of_arrays() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] bytes = bytes(1, 3_000);

      store.publish(
          backup("1", 0),
          out -> {
            out.write(bytes[0] & 0xFF);
            out.write(bytes, 1, 0);
            out.flush();
            out.write(bytes, 1, 1_999);
            for (int i = 2_000; i < bytes.length; i++) {
              out.write(bytes[i]);
            }
          });

      assertHolds(store, backup("1", 0), bytes);
    }
  }

  @Test
  default void content_may_close_its_stream() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] bytes = bytes(1, 10_000);

      store.publish(
          backup("1", 0),
          out -> {
            out.write(bytes);
            out.close();
          });

      assertHolds(store, backup("1", 0), bytes);
    }
  }

  @Test
  default void what_is_written_after_the_end_changes_nothing() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] bytes = bytes(1, 1_000);
      List<OutputStream> leaked = new ArrayList<>();
      store.publish(
          backup("1", 0),
          out -> {
            out.write(bytes);
            leaked.add(out);
          });

      try {
        leaked.get(0).write(bytes);
        leaked.get(0).flush();
      } catch (IOException e) {
        assertThat(e).as("refusing is as good as ignoring").isNotNull();
      }

      assertHolds(store, backup("1", 0), bytes);
    }
  }

  @Test
  default void asks_for_the_content_once() throws Exception {
    try (ArchiveStore store = newStore()) {
      AtomicInteger calls = new AtomicInteger();

      store.publish(backup("1", 0), out -> out.write(calls.incrementAndGet()));

      assertThat(calls).hasValue(1);
    }
  }

  @Test
  default void refuses_a_label_that_is_taken_and_keeps_the_first() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] first = bytes(1, 500);
      store.publish(backup("1", 0), content(first));

      assertThatThrownBy(() -> store.publish(backup("1", 0), content(bytes(2, 900))))
          .isInstanceOf(LabelTaken.class);

      assertHolds(store, backup("1", 0), first);
    }
  }

  @Test
  default void one_of_many_publishers_of_a_label_wins() throws Exception {
    try (ArchiveStore store = newStore();
        Together threads = new Together()) {
      for (int round = 0; round < 5; round++) {
        Label label = backup("1", round);
        List<Callable<Integer>> publishers = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
          publishers.add(publisher(reopen(store), label, seed));
        }

        List<Integer> winners =
            threads.run(publishers).stream().filter(winner -> winner >= 0).toList();

        assertThat(winners).as("winners of round %d", round).hasSize(1);
        assertHolds(store, label, bytes(winners.get(0), 50_000 + winners.get(0)));
      }
    }
  }

  /** Publishes bytes of a seed; gives the seed if that succeeds, -1 if the label is taken. */
  private static Callable<Integer> publisher(ArchiveStore store, Label label, int seed) {
    return () -> {
      try {
        store.publish(label, content(bytes(seed, 50_000 + seed)));
        return seed;
      } catch (LabelTaken e) {
        return -1;
      }
    };
  }

  @Test
  default void keeps_what_many_publishers_publish_at_a_time() throws Exception {
    try (ArchiveStore store = newStore();
        Together threads = new Together()) {
      List<Callable<StoredArchive>> publishers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int seed = i;
        publishers.add(() -> store.publish(backup("1", seed), content(bytes(seed, 30_000))));
      }

      threads.run(publishers);

      for (int seed = 0; seed < 8; seed++) {
        assertHolds(store, backup("1", seed), bytes(seed, 30_000));
      }
    }
  }

  @Test
  default void another_view_sees_what_was_published() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] bytes = bytes(1, 5_000);
      ArchiveStore other = reopen(store);
      assertThat(labels(other)).isEmpty();

      store.publish(backup("1", 0), content(bytes));

      assertHolds(other, backup("1", 0), bytes);
      assertThatThrownBy(() -> other.publish(backup("1", 0), content(bytes)))
          .isInstanceOf(LabelTaken.class);
    }
  }

  @Test
  default void an_interrupted_publisher_publishes_all_or_nothing() throws Exception {
    try (ArchiveStore store = newStore()) {
      byte[] bytes = bytes(1, 200_000);
      boolean published = true;
      boolean stillInterrupted;
      try {
        store.publish(
            backup("1", 0),
            out -> {
              out.write(bytes, 0, 100_000);
              Thread.currentThread().interrupt();
              out.write(bytes, 100_000, 100_000);
            });
      } catch (OperationFailed e) {
        published = false;
      } finally {
        stillInterrupted = Thread.interrupted();
      }

      assertThat(stillInterrupted).as("the interrupt status is kept").isTrue();
      if (published) {
        assertHolds(store, backup("1", 0), bytes);
      } else {
        assertAbsent(store, backup("1", 0));
      }
    }
  }
}
