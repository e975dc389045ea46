package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.NOON;
import static dev.sevenfold.backup.testkit.Archives.assertAbsent;
import static dev.sevenfold.backup.testkit.Archives.assertHolds;
import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static dev.sevenfold.backup.testkit.Archives.labels;
import static dev.sevenfold.backup.testkit.Archives.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.store.ArchiveCopy;
import dev.sevenfold.backup.store.ArchiveCopy.State;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.testkit.FaultyArchiveStore.Operation;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is where, and what is copied when. */
class MirrorPlacesTest {

  private final FaultyArchiveStore first = FaultyArchiveStore.around(new InMemoryArchiveStore());
  private final FaultyArchiveStore second = FaultyArchiveStore.around(new InMemoryArchiveStore());
  private final MirroredArchiveStore mirror = MirroredArchiveStore.of(first, second);

  private void publish(String tenant, int n) {
    mirror.publish(backup(tenant, n), content(bytes(n, 1_000)));
  }

  private void publishWhileSecondIsDown(int n) {
    second.always(Operation.STAT, Fault.before()).always(Operation.LIST, Fault.before());
    second.always(Operation.PUBLISH, Fault.before());
    assertThatThrownBy(() -> publish("1", n)).isInstanceOf(StoreUnavailable.class);
    second.heal();
  }

  private List<State> states(int n) {
    return mirror.copies(backup("1", n)).stream().map(ArchiveCopy::state).toList();
  }

  @Test
  void tells_where_each_copy_is() {
    publish("1", 0);
    publishWhileSecondIsDown(1);

    assertThat(states(0)).containsExactly(State.PRESENT, State.PRESENT);
    assertThat(states(1)).containsExactly(State.PRESENT, State.MISSING);
    second.always(Operation.STAT, Fault.before());
    assertThat(states(1)).containsExactly(State.PRESENT, State.UNREACHABLE);
  }

  @Test
  void an_archive_of_another_tenant_leaves_the_backlog_to_its_owner() {
    publishWhileSecondIsDown(0);

    publish("2", 1);

    assertThat(labels(second)).containsExactly(backup("2", 1));
  }

  @Test
  void the_backlog_of_an_outage_keeps_its_marks() {
    publishWhileSecondIsDown(0);
    mirror.record(backup("1", 0), ArchiveRecord.NONE.withPinned(true));

    publish("1", 1);

    assertThat(second.stat(backup("1", 0)).record().pinned()).isTrue();
  }

  @Test
  void the_next_archive_does_not_bring_back_what_the_second_place_let_go() {
    publish("1", 0);
    publish("1", 1);
    second.delete(backup("1", 0));

    publish("1", 2);

    assertThat(labels(second)).containsExactly(backup("1", 1), backup("1", 2));
  }

  @Test
  void nothing_brings_back_what_the_first_place_let_go() {
    publish("1", 0);
    publish("1", 1);
    first.delete(backup("1", 0));

    publish("1", 2);
    mirror.catchUp();

    assertThat(labels(first)).containsExactly(backup("1", 1), backup("1", 2));
    assertThat(labels(mirror)).containsExactly(backup("1", 0), backup("1", 1), backup("1", 2));
  }

  @Test
  void a_deletion_that_reached_the_first_place_alone_is_not_undone() {
    publish("1", 0);
    second.always(Operation.DELETE, Fault.before());
    assertThatThrownBy(() -> mirror.delete(backup("1", 0)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("Repeat the call");
    second.heal();

    mirror.catchUp();
    assertAbsent(first, backup("1", 0));
    mirror.delete(backup("1", 0));

    assertAbsent(mirror, backup("1", 0));
  }

  @Test
  void what_the_first_place_cannot_delete_the_others_keep() throws IOException {
    publish("1", 0);
    first.always(Operation.DELETE, Fault.before());

    assertThatThrownBy(() -> mirror.delete(backup("1", 0))).isInstanceOf(StoreUnavailable.class);

    assertHolds(second, backup("1", 0), bytes(0, 1_000));
  }

  @Test
  void catching_up_fills_a_new_place_and_says_with_what() throws IOException {
    publish("1", 0);
    publish("2", 1);
    mirror.record(backup("2", 1), ArchiveRecord.NONE.withVerifiedAt(NOON));
    InMemoryArchiveStore third = new InMemoryArchiveStore();
    MirroredArchiveStore wider = MirroredArchiveStore.of(first, second, third);

    List<ArchiveCopy> copied = wider.catchUp();

    assertThat(copied)
        .containsExactly(
            new ArchiveCopy(backup("1", 0), "memory", State.PRESENT),
            new ArchiveCopy(backup("2", 1), "memory", State.PRESENT));
    assertThat(third.list(ArchiveOwner.anyone()).complete())
        .isEqualTo(first.list(ArchiveOwner.anyone()).complete());
    assertThat(wider.catchUp()).isEmpty();
  }

  @Test
  void an_archive_that_cannot_be_read_keeps_no_other_from_being_copied() {
    publishWhileSecondIsDown(0);
    publishWhileSecondIsDown(1);
    publishWhileSecondIsDown(2);
    first.next(Operation.OPEN, Fault.cutShortAfter(500));

    assertThatThrownBy(mirror::catchUp)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("500 bytes were read of 1000")
        .hasMessageContaining("2 archives were copied");

    assertThat(labels(second)).containsExactly(backup("1", 1), backup("1", 2));
    mirror.catchUp();
    assertThat(labels(second)).hasSize(3);
  }

  @Test
  void what_the_first_place_gives_back_wrongly_is_not_copied() {
    first.next(Operation.OPEN, Fault.corruptByteAt(700));

    assertThatThrownBy(() -> publish("1", 0))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("other bytes were read than were written")
        .hasCauseInstanceOf(ArchiveCorrupt.class);

    assertThat(labels(second)).isEmpty();
  }

  @Test
  void a_copy_that_comes_back_wrongly_is_removed_and_made_again_with_the_next_archive()
      throws IOException {
    second.next(Operation.OPEN, Fault.corruptByteAt(700));

    assertThatThrownBy(() -> publish("1", 0))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("came back with other bytes than were sent")
        .hasMessageContaining("is kept in faulty memory");

    assertThat(labels(first)).containsExactly(backup("1", 0));
    assertThat(labels(second)).isEmpty();
    publish("1", 1);
    assertHolds(second, backup("1", 0), bytes(0, 1_000));
  }

  @Test
  void a_copy_that_ends_early_or_cannot_be_read_back_is_removed() {
    second
        .next(Operation.OPEN, Fault.cutShortAfter(500))
        .on(Operation.OPEN, 2, Fault.afterBytes(500))
        .on(Operation.OPEN, 3, Fault.before());

    for (int i = 0; i < 3; i++) {
      int n = i;
      assertThatThrownBy(() -> publish("tenant" + n, n)).isInstanceOf(StoreUnavailable.class);
      assertThat(labels(second)).isEmpty();
    }

    assertThat(mirror.catchUp()).hasSize(3);
    assertThat(labels(second)).hasSize(3);
  }

  @Test
  void a_copy_that_cannot_be_read_back_for_want_of_a_key_is_kept() {
    second.always(Operation.OPEN, Fault.before(() -> new OperationFailed("No key", "Give one")));

    publish("1", 0);

    assertThat(labels(second)).containsExactly(backup("1", 0));
  }

  @Test
  void reads_from_the_second_place_what_the_first_does_not_give() throws IOException {
    publish("1", 0);
    publish("1", 1);
    first.delete(backup("1", 0));
    first.always(Operation.OPEN, Fault.before()).always(Operation.STAT, Fault.before());

    assertThat(read(mirror, backup("1", 0))).isEqualTo(bytes(0, 1_000));
    assertThat(read(mirror, backup("1", 1), 900)).hasSize(100);
    assertThat(mirror.stat(backup("1", 1)).sizeBytes()).isEqualTo(1_000);
    assertThatThrownBy(() -> mirror.stat(backup("1", 2))).isInstanceOf(StoreUnavailable.class);
    first.heal();
    assertThatThrownBy(() -> mirror.stat(backup("1", 2))).isInstanceOf(ArchiveNotFound.class);
  }

  @Test
  void a_list_is_whole_or_fails_and_names_the_place() {
    publish("1", 0);
    second.always(Operation.LIST, Fault.before());

    assertThatThrownBy(() -> labels(mirror))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("faulty memory: The connection was lost");
  }

  @Test
  void what_answers_is_listed_and_what_does_not_is_named() {
    publish("1", 0);
    publishWhileSecondIsDown(1);
    first.delete(backup("1", 0));
    second.always(Operation.LIST, Fault.before());

    Listing reachable = mirror.list(ArchiveOwner.anyone());

    assertThat(reachable.archives())
        .extracting(StoredArchive::label)
        .containsExactly(backup("1", 1));
    assertThat(reachable.silent())
        .extracting(Listing.Silent::replica, Listing.Silent::first)
        .containsExactly(tuple("faulty memory", false));
    assertThat(reachable.silence().orElseThrow()).hasMessageContaining("The connection was lost");
    second.heal();
    assertThat(mirror.list(ArchiveOwner.anyone()).silence()).isEmpty();
    assertThat(mirror.list(ArchiveOwner.anyone()).archives()).hasSize(2);
  }

  @Test
  void where_no_place_answers_nothing_is_listed() {
    first.always(Operation.LIST, Fault.before());
    second.always(Operation.LIST, Fault.before());

    assertThatThrownBy(() -> mirror.list(ArchiveOwner.anyone()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("No replica answers");
  }

  @Test
  void a_pin_that_one_place_missed_counts_and_is_made_up_for() {
    publish("1", 0);
    for (FaultyArchiveStore down : List.of(first, second)) {
      mirror.record(backup("1", 0), ArchiveRecord.NONE);
      down.always(Operation.RECORD, Fault.before());
      mirror.record(backup("1", 0), ArchiveRecord.NONE.withPinned(true));
      down.heal();
      assertThat(down.stat(backup("1", 0)).record().pinned()).isFalse();

      assertThat(mirror.stat(backup("1", 0)).record().pinned()).isTrue();
      assertThat(mirror.list(ArchiveOwner.anyone()).complete().get(0).record().pinned()).isTrue();
      mirror.catchUp();
      assertThat(down.stat(backup("1", 0)).record().pinned()).isTrue();
    }
  }

  @Test
  void the_next_archive_brings_marks_that_a_place_missed() {
    publish("1", 0);
    second.always(Operation.RECORD, Fault.before());
    mirror.record(backup("1", 0), ArchiveRecord.NONE.withVerifiedAt(NOON).withPinned(true));
    second.heal();

    publish("1", 1);

    assertThat(second.stat(backup("1", 0)).record())
        .isEqualTo(ArchiveRecord.NONE.withVerifiedAt(NOON).withPinned(true));
  }

  @Test
  void a_pin_is_only_taken_away_while_all_places_answer() {
    publish("1", 0);
    mirror.record(backup("1", 0), ArchiveRecord.NONE.withPinned(true));
    second.always(Operation.STAT, Fault.before()).always(Operation.RECORD, Fault.before());

    assertThatThrownBy(() -> mirror.record(backup("1", 0), ArchiveRecord.NONE))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("stays pinned");
    assertThat(first.stat(backup("1", 0)).record().pinned()).isTrue();
    second.heal();
    mirror.record(backup("1", 0), ArchiveRecord.NONE);

    assertThat(mirror.stat(backup("1", 0)).record().pinned()).isFalse();
  }

  @Test
  void a_label_that_only_the_second_place_uses_is_taken() throws IOException {
    publish("1", 0);
    first.delete(backup("1", 0));

    assertThatThrownBy(() -> publish("1", 0)).isInstanceOf(LabelTaken.class);

    assertHolds(mirror, backup("1", 0), bytes(0, 1_000));
    assertAbsent(first, backup("1", 0));
  }

  @Test
  void an_archive_that_was_deleted_while_it_was_copied_stays_deleted() {
    InMemoryArchiveStore place = new InMemoryArchiveStore();
    MirroredArchiveStore[] self = new MirroredArchiveStore[1];
    self[0] =
        MirroredArchiveStore.of(
            place,
            new DelegatingStore() {
              @Override
              public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
                self[0].delete(label); // somebody else, at the worst moment
                return super.publish(label, record, content);
              }
            });

    self[0].publish(backup("1", 0), content(bytes(1, 1_000)));

    assertAbsent(self[0], backup("1", 0));
  }

  @Test
  void one_store_is_not_two_places() {
    assertThatThrownBy(() -> MirroredArchiveStore.of(first, second, first))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("faulty memory");
  }
}
