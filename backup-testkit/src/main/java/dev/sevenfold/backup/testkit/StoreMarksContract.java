package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.assertAbsent;
import static dev.sevenfold.backup.testkit.Archives.assertHolds;
import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.store.StoredArchive;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Marks live and die with their archive, and never touch its bytes. */
@SuppressWarnings("MemberName") // Tests are sentences.
interface StoreMarksContract extends StoreSubject {

  @Test
  default void the_last_marks_win() throws Exception {
    try (ArchiveStore store = newStore()) {
      Instant provenAt = Instant.parse("2026-11-22T12:34:56.789Z");
      store.publish(backup("1", 0), content(bytes(1, 100)));

      for (Marks marks :
          List.of(
              Marks.NONE.withPinned(true),
              Marks.NONE.withProvenAt(provenAt),
              Marks.NONE.withProvenAt(provenAt).withPinned(true),
              Marks.NONE.withSequence(OptionalLong.of(1)),
              Marks.NONE
                  .withProvenAt(provenAt)
                  .withPinned(true)
                  .withSequence(OptionalLong.of(Long.MAX_VALUE)),
              Marks.NONE)) {
        StoredArchive marked = store.mark(backup("1", 0), marks);

        assertThat(marked).isEqualTo(new StoredArchive(backup("1", 0), 100, marks));
        assertThat(store.stat(backup("1", 0))).isEqualTo(marked);
        assertThat(reopen(store).list(ArchiveOwner.anyone()).complete()).containsExactly(marked);
      }
      assertHolds(store, backup("1", 0), bytes(1, 100));
    }
  }

  @Test
  default void marks_of_one_archive_are_not_those_of_another() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.publish(backup("1", 0).next(), content(bytes(2, 100)));
      store.publish(backup("10", 0), content(bytes(3, 100)));

      store.mark(backup("1", 0), Marks.NONE.withPinned(true));

      assertThat(store.stat(backup("1", 0)).marks().pinned()).isTrue();
      assertThat(store.stat(backup("1", 0).next()).marks()).isEqualTo(Marks.NONE);
      assertThat(store.stat(backup("10", 0)).marks()).isEqualTo(Marks.NONE);
    }
  }

  @Test
  default void what_is_not_there_cannot_be_marked() throws Exception {
    try (ArchiveStore store = newStore()) {
      assertThatThrownBy(() -> store.mark(backup("1", 0), Marks.NONE.withPinned(true)))
          .isInstanceOf(ArchiveNotFound.class);

      assertAbsent(store, backup("1", 0));
      store.publish(backup("1", 0), content(bytes(1, 100)));
      assertThat(store.stat(backup("1", 0)).marks()).isEqualTo(Marks.NONE);
    }
  }

  @Test
  default void marks_set_at_a_time_are_never_mixed() throws Exception {
    try (ArchiveStore store = newStore();
        Together threads = new Together()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      Marks one = Marks.NONE.withPinned(true);
      Marks two = Marks.NONE.withProvenAt(Archives.NOON);
      ArchiveStore view = reopen(store);
      Callable<Marks> marker = () -> repeatedly(store, one);
      Callable<Marks> rival = () -> repeatedly(view, two);

      threads.run(List.of(marker, rival));

      assertThat(store.stat(backup("1", 0)).marks()).isIn(one, two);
    }
  }

  private static Marks repeatedly(ArchiveStore store, Marks marks) {
    for (int i = 0; i < 10; i++) {
      store.mark(backup("1", 0), marks);
      assertThat(store.stat(backup("1", 0)).marks()).isNotEqualTo(Marks.NONE);
    }
    return marks;
  }

  @Test
  default void a_deleted_archive_is_gone() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.publish(backup("1", 1), content(bytes(2, 100)));

      store.delete(backup("1", 0));

      assertAbsent(store, backup("1", 0));
      assertAbsent(reopen(store), backup("1", 0));
      assertHolds(store, backup("1", 1), bytes(2, 100));
    }
  }

  @Test
  default void deleting_what_is_not_there_does_nothing() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.delete(backup("1", 0));
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.delete(backup("1", 0));
      store.delete(backup("1", 0));

      assertAbsent(store, backup("1", 0));
    }
  }

  @Test
  default void marks_do_not_outlive_their_archive() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.mark(backup("1", 0), Marks.NONE.withProvenAt(Archives.NOON).withPinned(true));
      store.delete(backup("1", 0));

      StoredArchive published = store.publish(backup("1", 0), content(bytes(2, 50)));

      assertThat(published.marks()).isEqualTo(Marks.NONE);
      assertThat(store.stat(backup("1", 0))).isEqualTo(published);
      assertHolds(store, backup("1", 0), bytes(2, 50));
    }
  }
}
