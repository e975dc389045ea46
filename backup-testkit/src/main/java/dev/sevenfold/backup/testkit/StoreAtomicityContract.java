package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.assertAbsent;
import static dev.sevenfold.backup.testkit.Archives.assertHolds;
import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static dev.sevenfold.backup.testkit.Archives.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** An archive is there whole, or not at all. */
@SuppressWarnings("MemberName") // Tests are sentences.
interface StoreAtomicityContract extends StoreSubject {

  /** Where content may give up: before the first byte, on the way, after the last one. */
  List<Integer> POINTS = List.of(0, 1, 8_191, 8_192, 100_000, 200_000);

  @Test
  default void nothing_is_published_when_content_throws() throws Exception {
    try (ArchiveStore store = newStore()) {
      for (int point : POINTS) {
        IllegalStateException thrown = new IllegalStateException("after " + point + " bytes");

        Throwable caught =
            catchThrowable(
                () ->
                    store.publish(
                        backup("1", 0),
                        out -> {
                          out.write(bytes(1, point));
                          throw thrown;
                        }));

        assertThat(caught).isSameAs(thrown);
        assertAbsent(store, backup("1", 0));
      }
    }
  }

  @Test
  default void nothing_is_published_when_content_cannot_be_read() throws Exception {
    try (ArchiveStore store = newStore()) {
      for (int point : POINTS) {
        IOException thrown = new IOException("scratch file gone after " + point + " bytes");

        assertThatThrownBy(
                () ->
                    store.publish(
                        backup("1", 0),
                        out -> {
                          out.write(bytes(1, point));
                          throw thrown;
                        }))
            .isInstanceOf(OperationFailed.class)
            .hasCause(thrown);

        assertAbsent(store, backup("1", 0));
      }
    }
  }

  @Test
  default void nothing_is_published_when_content_dies_of_an_error() throws Exception {
    try (ArchiveStore store = newStore()) {
      StackOverflowError thrown = new StackOverflowError("as if");

      Throwable caught =
          catchThrowable(
              () ->
                  store.publish(
                      backup("1", 0),
                      out -> {
                        out.write(bytes(1, 10_000));
                        throw thrown;
                      }));

      assertThat(caught).isSameAs(thrown);
      assertAbsent(store, backup("1", 0));
    }
  }

  @Test
  default void a_label_is_free_again_after_a_failed_upload() throws Exception {
    try (ArchiveStore store = newStore()) {
      assertThatThrownBy(
              () ->
                  store.publish(
                      backup("1", 0),
                      out -> {
                        out.write(bytes(1, 300_000));
                        throw new IllegalStateException("half way");
                      }))
          .isInstanceOf(IllegalStateException.class);

      store.publish(backup("1", 0), content(bytes(2, 7_000)));

      assertHolds(store, backup("1", 0), bytes(2, 7_000));
    }
  }

  @Test
  default void the_publisher_itself_does_not_see_half_an_archive() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(
          backup("1", 0),
          out -> {
            assertAbsent(store, backup("1", 0));
            out.write(bytes(1, 100_000));
            out.flush();
            assertAbsent(store, backup("1", 0));
          });

      assertHolds(store, backup("1", 0), bytes(1, 100_000));
    }
  }

  @Test
  default void nobody_sees_half_an_archive_nor_waits_for_it() throws Exception {
    try (ArchiveStore store = newStore();
        Together threads = new Together()) {
      Label other = backup("2", 0);
      CountDownLatch halfWay = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      Future<StoredArchive> upload =
          threads.start(() -> store.publish(backup("1", 0), slowly(halfWay, goOn)));
      try {
        Together.await(halfWay);

        threads.promptly(
            () -> {
              assertAbsent(store, backup("1", 0));
              assertAbsent(reopen(store), backup("1", 0));
              store.publish(other, content(bytes(2, 1_000)));
              assertHolds(store, other, bytes(2, 1_000));
              store.delete(other);
              return labels(store);
            });
      } finally {
        goOn.countDown();
      }

      Together.result(upload);
      assertHolds(store, backup("1", 0), bytes(1, 200_000));
    }
  }

  /** Half the content, then a pause until the test says go on. */
  private static ArchiveStore.Content slowly(CountDownLatch halfWay, CountDownLatch goOn) {
    return out -> {
      out.write(bytes(1, 200_000), 0, 100_000);
      out.flush();
      halfWay.countDown();
      Together.await(goOn);
      out.write(bytes(1, 200_000), 100_000, 100_000);
    };
  }
}
