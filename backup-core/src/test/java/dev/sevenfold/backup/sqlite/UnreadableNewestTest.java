package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.UndoWorld.ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.Interposed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be read: an undo refuses and names it, lists go on, retention keeps. */
class UnreadableNewestTest {

  @TempDir Path folder;
  UndoWorld world;
  Label label;
  Label older;
  Label newest;

  @BeforeEach
  void restore_twice() {
    world = new UndoWorld(folder);
    label = world.backup("first");
    older = world.restoreOver("one", label);
    newest = world.restoreOver("two", label);
  }

  private void assertRefusesToUndo(BackupService service) {
    assertThat(service.undoPoint(ONE)).isEmpty();
    assertUndoIsRefused(service);
  }

  private void assertUndoIsRefused(BackupService service) {
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> service.undo(ONE))
        .withMessageContaining(newest.value())
        .withMessageContaining("by its label");
    assertThat(world.word()).isEqualTo("first");
  }

  @Test
  void a_damaged_one_is_named_and_a_chosen_one_can_be_restored_which_can_be_undone() {
    world.damage(newest);

    assertRefusesToUndo(world.service());

    assertThat(world.service().safetyPoints(ONE))
        .extracting(RestorePoint::label)
        .containsExactly(older);
    assertThat(world.service().unreadableArchives(ONE))
        .extracting(UnreadableArchive::label)
        .containsExactly(newest);
    world.service().restore(ONE, older);
    assertThat(world.word()).isEqualTo("one");
    // What was taken now is newer than what cannot be read.
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("first");
  }

  @Test
  void one_that_was_found_to_be_damaged_is_not_forgotten_about() {
    world.damage(newest);
    assertThatThrownBy(() -> world.service().verify(newest)).hasMessageContaining("damaged");

    assertRefusesToUndo(world.service());
  }

  @Test
  void one_that_went_bad_behind_its_beginning_is_named_too() throws IOException {
    byte[] bytes = Files.readAllBytes(world.file(newest));
    bytes[bytes.length - 200] ^= 1;
    Files.write(world.file(newest), bytes);

    assertUndoIsRefused(world.service());
  }

  @Test
  void one_that_was_damaged_unseen_is_named_when_it_is_used_and_never_another_one_taken() {
    world.damageUnseen(newest);

    assertThat(world.service().undoPoint(ONE)).map(RestorePoint::label).contains(newest);
    assertUndoIsRefused(world.service());

    assertThatThrownBy(() -> world.service().verify(newest)).isInstanceOf(ArchiveCorrupt.class);
    assertRefusesToUndo(world.service());
    world.service().restore(ONE, older);
    assertThat(world.word()).isEqualTo("one");
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("first");
  }

  @Test
  void one_that_an_older_archive_was_copied_over_is_named() throws IOException {
    // What follows the end of an archive makes it longer than the one that was recorded.
    Files.write(
        world.file(newest),
        Arrays.copyOf(
            Files.readAllBytes(world.file(older)), (int) Files.size(world.file(newest)) + 1));

    assertRefusesToUndo(world.service());
  }

  @Test
  void one_that_an_older_archive_was_copied_over_unseen_is_named_when_it_is_used() {
    world.replaceUnseen(newest, older);

    assertUndoIsRefused(world.service());

    assertThatThrownBy(() -> world.service().verify(newest)).isInstanceOf(ArchiveCorrupt.class);
    assertRefusesToUndo(world.service());
  }

  @Test
  void one_that_became_a_link_to_nowhere_is_named() throws IOException {
    Files.delete(world.file(newest));
    Files.createSymbolicLink(world.file(newest), folder.resolve("unmounted"));

    assertRefusesToUndo(world.service());

    assertThat(world.service().unreadableArchives(ONE))
        .extracting(UnreadableArchive::label)
        .containsExactly(newest);
    assertThat(world.service().safetyPoints(ONE))
        .extracting(RestorePoint::label)
        .containsExactly(older);
  }

  @Test
  void one_that_became_a_folder_is_named_and_a_restore_after_it_can_be_undone() throws IOException {
    Files.delete(world.file(newest));
    Files.createDirectory(world.file(newest));

    assertRefusesToUndo(world.service());

    world.service().restore(ONE, older);
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("first");
  }

  @Test
  void an_older_one_that_became_a_link_is_in_nobodys_way() throws IOException {
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(world.file(older), elsewhere);
    Files.createSymbolicLink(world.file(older), elsewhere);

    world.service().undo(ONE);

    assertThat(world.word()).isEqualTo("two");
  }

  @Test
  void one_that_nobody_with_these_keys_has_signed_is_named() {
    BackupService signing = world.signing();
    world.write("first");
    Label signed = signing.backup(ONE).restorePoint().label();
    world.restoreOver("signed", signed, signing);
    newest = world.restoreOver("unsigned", label);

    assertUndoIsRefused(signing);
    world.forgetSummary(newest);
    assertRefusesToUndo(signing);

    // The one that reads all of them knows what is the last.
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("unsigned");
  }

  @Test
  void an_older_one_is_in_nobodys_way() {
    world.damage(older);

    world.service().undo(ONE);

    assertThat(world.word()).isEqualTo("two");
  }

  @Test
  void one_of_before_numbers_is_older_than_what_has_one() {
    world.damage(older);
    world
        .store()
        .record(older, world.store().stat(older).record().withSequence(OptionalLong.empty()));

    world.service().undo(ONE);

    assertThat(world.word()).isEqualTo("two");
  }

  @Test
  void nobody_knows_of_one_without_any_record_until_the_next_restore() {
    world.damage(older);
    world.store().record(older, ArchiveRecord.NONE);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> world.service().undo(ONE))
        .withMessageContaining(older.value());

    world.service().restore(ONE, newest);
    assertThat(world.word()).isEqualTo("two");
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("first");
  }

  @Test
  void one_that_the_store_answers_an_error_for_is_in_no_lists_way_and_undo_waits_for_it() {
    BackupService service = world.builder(failingFor(newest, world.store())).build();

    assertThatThrownBy(() -> service.undo(ONE)).isInstanceOf(StoreUnavailable.class);

    assertThat(world.word()).isEqualTo("first");
    assertThat(service.safetyPoints(ONE))
        .extracting(RestorePoint::label)
        .containsExactly(newest, older);
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("two");
  }

  @Test
  void one_without_a_summary_that_the_store_answers_an_error_for_is_named_and_lists_go_on() {
    world.forgetSummary(newest);
    BackupService service = world.builder(failingFor(newest, world.store())).build();

    assertRefusesToUndo(service);

    assertThat(service.safetyPoints(ONE)).extracting(RestorePoint::label).containsExactly(older);
    assertThat(service.unreadableArchives(ONE))
        .extracting(UnreadableArchive::label)
        .containsExactly(newest);
  }

  @Test
  void a_restore_point_behind_an_error_of_the_store_stops_no_list_and_no_backup() {
    Label second = world.backup("second");
    BackupService service = world.builder(failingFor(label, world.store())).build();

    assertThat(service.restorePoints(ONE))
        .extracting(RestorePoint::label)
        .containsExactly(second, label);
    world.forgetSummary(label);
    assertThat(service.restorePoints(ONE)).extracting(RestorePoint::label).containsExactly(second);
    assertThat(service.backup(ONE).deleted()).isEmpty();
    assertThat(world.service().restorePoints(ONE)).hasSize(3);
  }

  @Test
  void a_store_that_does_not_answer_at_all_is_not_a_list_of_nothing() {
    ArchiveStore store = world.store();
    List.of(label, older, newest).forEach(world::forgetSummary);
    BackupService service =
        world
            .builder(
                answering(
                    store,
                    (method, wanted) ->
                        method.equals("open") || method.equals("stat")
                            ? Optional.of(new StoreUnavailable("It is off", "Turn it on"))
                            : Optional.empty()))
            .build();

    assertThatThrownBy(() -> service.restorePoints(ONE)).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> service.safetyPoints(ONE)).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> service.planRetention(ONE)).isInstanceOf(StoreUnavailable.class);
  }

  private interface Faults {
    Optional<RuntimeException> of(String method, Optional<Label> label);
  }

  private static ArchiveStore failingFor(Label bad, ArchiveStore store) {
    return answering(
        store,
        (method, wanted) ->
            method.equals("open") && wanted.equals(Optional.of(bad))
                ? Optional.of(new StoreUnavailable("The disk has a bad sector", "Try again"))
                : Optional.empty());
  }

  private static ArchiveStore answering(ArchiveStore store, Faults faults) {
    return Interposed.before(
        store,
        ArchiveStore.class,
        call -> {
          Optional<RuntimeException> fault = faults.of(call.name(), call.first(Label.class));
          if (fault.isPresent()) {
            throw fault.get();
          }
          return call.proceed();
        });
  }
}
