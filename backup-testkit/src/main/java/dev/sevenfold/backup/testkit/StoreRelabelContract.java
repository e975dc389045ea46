package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.assertAbsent;
import static dev.sevenfold.backup.testkit.Archives.assertHolds;
import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static dev.sevenfold.backup.testkit.Archives.labels;
import static dev.sevenfold.backup.testkit.Archives.safety;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** An archive gets another label, and nothing else about it changes. */
@SuppressWarnings("MemberName") // Tests are sentences.
interface StoreRelabelContract extends StoreSubject {

  @Test
  default void a_relabelled_archive_keeps_its_bytes_and_marks() throws Exception {
    try (ArchiveStore store = newStore()) {
      Label day = TenantLabeler.utc().relabel(TenantId.of("1"), Archives.NOON);
      Marks marks =
          Marks.NONE.withProvenAt(Archives.NOON).withPinned(true).withSequence(OptionalLong.of(42));
      store.publish(backup("1", 0), content(bytes(1, 5_000)));
      store.mark(backup("1", 0), marks);

      StoredArchive relabelled = store.relabel(backup("1", 0), day);

      assertThat(relabelled).isEqualTo(new StoredArchive(day, 5_000, marks));
      assertThat(store.stat(day)).isEqualTo(relabelled);
      assertHolds(store, day, bytes(1, 5_000));
      assertAbsent(store, backup("1", 0));
    }
  }

  @Test
  default void a_relabelled_archive_belongs_to_the_owner_that_its_label_names() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(safety("1"), content(bytes(1, 100)));

      store.relabel(safety("1"), backup("10", 0));

      assertThat(labels(store, ArchiveOwner.tenant(TenantId.of("1")))).isEmpty();
      assertThat(labels(store, ArchiveOwner.tenant(TenantId.of("10"))))
          .containsExactly(backup("10", 0));
    }
  }

  @Test
  default void a_label_in_use_is_not_taken_over() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.publish(backup("1", 1), content(bytes(2, 200)));
      store.mark(backup("1", 0), Marks.NONE.withPinned(true));
      store.mark(backup("1", 1), Marks.NONE.withProvenAt(Archives.NOON));
      List<StoredArchive> before = store.list(ArchiveOwner.anyone());

      assertThatThrownBy(() -> store.relabel(backup("1", 0), backup("1", 1)))
          .isInstanceOf(LabelTaken.class);
      assertThatThrownBy(() -> store.relabel(backup("1", 0), backup("1", 0)))
          .isInstanceOf(LabelTaken.class);

      assertThat(store.list(ArchiveOwner.anyone())).isEqualTo(before);
      assertHolds(store, backup("1", 0), bytes(1, 100));
      assertHolds(store, backup("1", 1), bytes(2, 200));
    }
  }

  @Test
  default void what_is_not_there_cannot_be_relabelled() throws Exception {
    try (ArchiveStore store = newStore()) {
      assertThatThrownBy(() -> store.relabel(backup("1", 0), backup("1", 1)))
          .isInstanceOf(ArchiveNotFound.class);

      assertAbsent(store, backup("1", 0));
      assertAbsent(store, backup("1", 1));
    }
  }

  @Test
  default void the_old_label_starts_anew() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.mark(backup("1", 0), Marks.NONE.withProvenAt(Archives.NOON).withPinned(true));
      store.relabel(backup("1", 0), backup("1", 1));

      store.publish(backup("1", 0), content(bytes(2, 200)));

      assertThat(store.stat(backup("1", 0)).marks()).isEqualTo(Marks.NONE);
      assertHolds(store, backup("1", 0), bytes(2, 200));
      assertHolds(store, backup("1", 1), bytes(1, 100));
    }
  }

  @Test
  default void an_unmarked_archive_brings_no_marks_to_its_new_label() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 1), content(bytes(1, 100)));
      store.mark(backup("1", 1), Marks.NONE.withProvenAt(Archives.NOON).withPinned(true));
      store.delete(backup("1", 1));
      store.publish(backup("1", 0), content(bytes(2, 100)));

      store.relabel(backup("1", 0), backup("1", 1));

      assertThat(store.stat(backup("1", 1)).marks()).isEqualTo(Marks.NONE);
    }
  }

  @Test
  default void one_of_many_that_relabel_to_the_same_label_wins() throws Exception {
    try (ArchiveStore store = newStore();
        Together threads = new Together()) {
      Label wanted = backup("1", 100);
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int seed = i;
        store.publish(backup("1", seed), content(bytes(seed, 1_000 + seed)));
        ArchiveStore view = reopen(store);
        tasks.add(
            () -> {
              try {
                view.relabel(backup("1", seed), wanted);
                return seed;
              } catch (LabelTaken e) {
                return -1;
              }
            });
      }

      List<Integer> winners = threads.run(tasks).stream().filter(seed -> seed >= 0).toList();

      assertThat(winners).hasSize(1);
      assertHolds(store, wanted, bytes(winners.get(0), 1_000 + winners.get(0)));
      for (int seed = 0; seed < 5; seed++) {
        if (seed != winners.get(0)) {
          assertHolds(store, backup("1", seed), bytes(seed, 1_000 + seed));
        }
      }
    }
  }

  @Test
  default void one_of_many_that_relabel_the_same_archive_wins() throws Exception {
    try (ArchiveStore store = newStore();
        Together threads = new Together()) {
      store.publish(backup("1", 0), content(bytes(1, 1_000)));
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        Label wanted = backup("1", i);
        ArchiveStore view = reopen(store);
        tasks.add(
            () -> {
              try {
                view.relabel(backup("1", 0), wanted);
                return true;
              } catch (ArchiveNotFound e) {
                return false;
              }
            });
      }

      assertThat(threads.run(tasks)).containsOnlyOnce(true);

      assertThat(labels(store)).hasSize(1).doesNotContain(backup("1", 0));
      assertHolds(store, labels(store).get(0), bytes(1, 1_000));
    }
  }
}
