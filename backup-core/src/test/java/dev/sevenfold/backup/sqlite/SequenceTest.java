package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.UndoWorld.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every publication of an owner has a number, which is what is newer, whatever a clock says. */
class SequenceTest {

  @TempDir Path folder;
  UndoWorld world;

  @BeforeEach
  void create() {
    world = new UndoWorld(folder);
  }

  /** What stands in the archive itself. */
  private OptionalLong inManifest(Label label) {
    return manifest(world.store(), label).sequence();
  }

  private static ArchiveManifest manifest(ArchiveStore store, Label label) {
    try (InputStream in = store.open(label)) {
      return ArchiveReader.withDefaults().readHead(in).manifest();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private OptionalLong noted(Label label) {
    return world.store().stat(label).record().sequence();
  }

  private static OptionalLong number(long sequence) {
    return OptionalLong.of(sequence);
  }

  @Test
  void counts_backups_and_safety_archives_of_one_tenant_whatever_the_clock_says() {
    Label first = world.backup("first");
    world.clock.set("2029-01-01T00:00:00Z");
    Label safety = world.restoreOver("second", first);
    world.clock.set("2001-01-01T00:00:00Z");
    Label third = world.backup("third");

    assertThat(List.of(first, safety, third))
        .extracting(this::inManifest)
        .containsExactly(number(1), number(2), number(3));
    assertThat(List.of(first, safety, third))
        .extracting(this::noted)
        .containsExactly(number(1), number(2), number(3));
    Label other = world.service().backup(TenantId.of(2)).restorePoint().label();
    assertThat(inManifest(other)).isEqualTo(number(1));
  }

  @Test
  void what_was_taken_in_has_a_new_number_in_its_record_and_nobody_counts_from_its_own() {
    for (int i = 0; i < 5; i++) {
      world.backup("word " + i);
    }
    Label kept = world.backup("kept");
    Path file = copy(kept);
    UndoWorld elsewhere = new UndoWorld(newFolder());
    elsewhere.backup("one");

    RestorePoint taken = elsewhere.service().importArchive(ONE, file, Lab.BY_CONSENT);

    assertThat(taken.sequence()).isEqualTo(number(2));
    assertThat(manifest(elsewhere.store(), taken.label()).sequence()).isEqualTo(number(6));
    assertThat(manifest(elsewhere.store(), elsewhere.backup("two")).sequence())
        .isEqualTo(number(3));
  }

  @Test
  void what_was_taken_in_and_lost_its_record_counts_as_older_than_all() {
    world.backup("first");
    Label kept = world.backup("kept");
    RestorePoint taken = world.service().importArchive(ONE, copy(kept));
    world.store().record(taken.label(), ArchiveRecord.NONE);

    assertThat(world.service().restorePoint(taken.label()).sequence()).isEmpty();
    assertThat(inManifest(world.backup("next"))).isEqualTo(number(3));
  }

  private Path copy(Label label) {
    Path file = folder.resolve("kept.tar.gz");
    try {
      return Files.copy(world.file(label), file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path newFolder() {
    try {
      return Files.createDirectory(folder.resolve("elsewhere"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void one_that_cannot_be_read_keeps_its_number_to_itself() {
    world.backup("first");
    Label second = world.backup("second");
    world.damage(second);

    assertThat(inManifest(world.backup("third"))).isEqualTo(number(3));

    // Nobody knows what the number was: it is given one, and what comes next is newer.
    world.store().record(second, ArchiveRecord.NONE);
    assertThat(inManifest(world.backup("fourth"))).isEqualTo(number(5));
    assertThat(noted(second)).isEqualTo(number(4));
    assertThat(inManifest(world.backup("fifth"))).isEqualTo(number(6));
  }

  @Test
  void a_number_that_leaves_no_room_for_more_stops_no_backup() {
    Label first = world.backup("first");
    world.store().record(first, ArchiveRecord.NONE.withSequence(number(Long.MAX_VALUE)));

    assertThat(inManifest(world.backup("second"))).isEqualTo(number(Long.MAX_VALUE));
    assertThat(world.service().restorePoints(ONE)).hasSize(2);
  }

  @Test
  void two_services_at_work_on_one_tenant_never_give_one_number_twice() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Label>> published = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        published.add(
            threads.submit(
                () -> {
                  try (BackupService service = world.service()) {
                    return service.backup(ONE).restorePoint().label();
                  }
                }));
      }
      List<Long> numbers = new ArrayList<>();
      for (Future<Label> label : published) {
        numbers.add(inManifest(label.get()).orElseThrow());
      }
      assertThat(numbers).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_mirror_counts_what_any_place_has_and_notes_it_everywhere() {
    ArchiveStore here = new InMemoryArchiveStore();
    ArchiveStore there = new InMemoryArchiveStore();
    BackupService service = world.builder(MirroredArchiveStore.of(here, there)).build();
    Label first = service.backup(ONE).restorePoint().label();
    Label second = service.backup(ONE).restorePoint().label();
    here.delete(second);

    Label third = service.backup(ONE).restorePoint().label();

    assertThat(manifest(here, third).sequence()).isEqualTo(number(3));
    assertThat(there.stat(first).record()).isEqualTo(here.stat(first).record());
    assertThat(there.stat(third).record().sequence()).isEqualTo(number(3));
    // A place that missed the note.
    here.record(first, here.stat(first).record().withSequence(OptionalLong.empty()));
    MirroredArchiveStore mirror = MirroredArchiveStore.of(here, there);
    assertThat(mirror.stat(first).record().sequence()).isEqualTo(number(1));
    mirror.catchUp();
    assertThat(here.stat(first).record().sequence()).isEqualTo(number(1));
  }
}
