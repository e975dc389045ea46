package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.NotesWorld.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.journal.RestoreJournal;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.sqlite.KilledAtRestore.Place;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.Interposed;
import dev.sevenfold.testsupport.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A restore that was killed, wherever: an undo knows by itself whether there is one to undo. */
class UndoAfterKillTest {

  @TempDir Path folder;
  private NotesWorld world;
  private Label label;
  private final Recoveries listener = new Recoveries();
  private final List<String> recovered = listener.said;

  @BeforeEach
  void create() {
    world = NotesWorld.create(folder);
    label = world.label();
  }

  @ParameterizedTest
  @EnumSource
  void undo_takes_back_the_last_restore_that_was_done(Place place) throws Exception {
    kill(place);
    assertThat(world.body()).isEqualTo(place.isDone() ? "first" : "third");

    try (BackupService service = world.service(listener)) {
      assertThat(service.undoPoint(TENANT))
          .get()
          .extracting(RestorePoint::verified)
          .isEqualTo(true);
      assertThat(service.safetyPoints(TENANT)).allMatch(RestorePoint::verified);
      service.undo(TENANT);
    }

    assertThat(world.body()).isEqualTo(place.isDone() ? "third" : "second");
    assertThat(recovered)
        .singleElement()
        .asString()
        .startsWith(place.isDone() ? "Completed" : "Reverted")
        .contains("tenant 1");
    requireNothingIsLeft();
  }

  @Test
  void a_service_that_runs_on_finds_out_at_the_undo_itself() throws Exception {
    for (Place place : List.of(Place.AFTER_THE_SAFETY_ARCHIVE, Place.RIGHT_AFTER_THE_COMMIT)) {
      try (BackupService running = world.service()) {
        kill(place);

        running.undo(TENANT);

        assertThat(world.body()).isEqualTo(place.isDone() ? "third" : "second");
        world.write("third");
      }
    }
    requireNothingIsLeft();
  }

  @Test
  void a_store_that_is_down_at_the_start_is_told_later() throws Exception {
    kill(Place.RIGHT_AFTER_THE_COMMIT);
    AtomicBoolean down = new AtomicBoolean(true);

    try (BackupService service = world.service(failing(world.store(), down))) {
      assertThat(world.otherTables()).as("the database needs no store").isEmpty();
      assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> service.undo(TENANT));
      assertThatExceptionOfType(StoreUnavailable.class)
          .isThrownBy(() -> service.restore(TENANT, label));
      assertThat(world.body()).isEqualTo("first");
      down.set(false);
      service.undo(TENANT);
    }

    assertThat(world.body()).isEqualTo("third");
    requireNothingIsLeft();
  }

  @Test
  void a_backup_after_it_is_made_and_settles_it_too() throws Exception {
    kill(Place.BEFORE_RECORDING);

    try (BackupService service = world.service()) {
      service.backup(TENANT);
      requireNothingIsLeft();
      service.undo(TENANT);
    }

    assertThat(world.body()).isEqualTo("third");
  }

  @Test
  void a_newest_safety_archive_that_lost_its_mark_is_the_one_case_that_is_refused() {
    try (BackupService service = world.service()) {
      RestorePoint undo = service.undoPoint(TENANT).orElseThrow();
      world
          .store()
          .record(undo.label(), world.store().stat(undo.label()).record().withoutVerification());

      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> service.undo(TENANT))
          .withMessageContaining("not known what the last restore of tenant 1")
          .withMessageContaining(undo.label().value());
      assertThat(service.undoPoint(TENANT)).isEmpty();
      service.verify(undo.label());
      service.undo(TENANT);
    }
    assertThat(world.body()).isEqualTo("second");
  }

  private void kill(Place place) throws IOException, InterruptedException {
    Process child =
        Jvm.of(KilledAtRestore.class, folder.toString(), label.toString(), place.name()).start();
    assertThat(child.waitFor()).isEqualTo(KilledAtRestore.KILLED);
  }

  /** A store that cannot be listed as long as it is down. */
  private static ArchiveStore failing(ArchiveStore store, AtomicBoolean down) {
    return Interposed.before(
        store,
        ArchiveStore.class,
        call -> {
          if (down.get() && call.is("list")) {
            throw new StoreUnavailable("down", "wait");
          }
          return call.proceed();
        });
  }

  private void requireNothingIsLeft() throws IOException {
    assertThat(world.otherTables()).isEmpty();
    assertThat(world.lab().damage()).isEmpty();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .noneMatch(name -> name.contains(RestoreJournal.SUFFIX));
    }
  }
}
