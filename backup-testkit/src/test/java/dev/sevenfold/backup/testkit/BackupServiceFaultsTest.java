package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The store fails at its Nth call, for every N until the work needs no more calls: noXX */
class BackupServiceFaultsTest {

  @TempDir Path folder;
  private int worlds;

  /** Work that asks things of a store, and what holds after it. */
  private interface Trial {

    /** What there is before the work, over a store that works. */
    default void prepare(FaultyWorld world) throws Exception {
      world.backUp();
    }

    /** The work, over a store that may fail. */
    void work(FaultyWorld world, FaultyArchiveStore store) throws Exception;

    /** What holds after the work, whether it was done or failed with a {@link BackupException}. */
    void check(FaultyWorld world, boolean done) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> a_failing_backup_costs_no_proven_archive() throws Exception {
    return faultsOf(
        new Trial() {
          private List<Label> before = List.of();

          @Override
          public void prepare(FaultyWorld world) {
            before = List.of(world.backUp(), world.backUp());
          }

          @Override
          public void work(FaultyWorld world, FaultyArchiveStore store) {
            world.backUp(store);
          }

          @Override
          public void check(FaultyWorld world, boolean done) {
            List<Label> proven = proven(world.points());
            assertThat(proven).as("as many as are kept").hasSizeGreaterThanOrEqualTo(2);
            assertThat(proven).contains(before.get(1));
            if (done) {
              // The oldest stays where it could not be read: retention deletes only what it knows.
              assertThat(before).doesNotContain(proven.get(0));
            }
            Label next = world.backUp();
            assertThat(proven(world.points())).hasSize(2).startsWith(next);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> a_failing_backup_of_the_system_costs_no_proven_archive() throws Exception {
    return faultsOf(
        new Trial() {
          private List<Label> before = List.of();

          @Override
          public void prepare(FaultyWorld world) {
            before = List.of(backUp(world, world.kept()), backUp(world, world.kept()));
          }

          private Label backUp(FaultyWorld world, FaultyArchiveStore store) {
            return world.with(store, service -> service.backupSystem().point().label());
          }

          @Override
          public void work(FaultyWorld world, FaultyArchiveStore store) {
            backUp(world, store);
          }

          @Override
          public void check(FaultyWorld world, boolean done) {
            List<Label> proven = proven(world);
            assertThat(proven).hasSizeGreaterThanOrEqualTo(2).contains(before.get(1));
            if (done) {
              assertThat(before).doesNotContain(proven.get(0));
            }
            Label next = backUp(world, world.kept());
            assertThat(proven(world)).hasSize(2).startsWith(next);
          }

          private List<Label> proven(FaultyWorld world) {
            return world.with(world.kept(), service -> service.system().points()).stream()
                .filter(RestorePoint::verified)
                .map(RestorePoint::label)
                .toList();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> a_restore_over_a_failing_store_is_done_or_not_done() throws Exception {
    return faultsOf(
        new Trial() {
          @Override
          public void prepare(FaultyWorld world) {
            world.backUp();
            world.write("x");
          }

          @Override
          public void work(FaultyWorld world, FaultyArchiveStore store) {
            world.restore(store);
          }

          @Override
          public void check(FaultyWorld world, boolean done) {
            assertThat(world.bodies()).isIn("a,b,c", "x,x,c");
            if (done) {
              assertThat(world.bodies()).isEqualTo("a,b,c");
            }
            world.restore(world.kept());
            assertThat(world.bodies()).isEqualTo("a,b,c");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> an_undo_after_it_takes_back_the_last_restore_that_was_done()
      throws Exception {
    return faultsOf(
        new Trial() {
          @Override
          public void prepare(FaultyWorld world) {
            world.backUp();
            world.write("w");
            world.restore(world.kept());
            world.write("x");
          }

          @Override
          public void work(FaultyWorld world, FaultyArchiveStore store) {
            world.restore(store);
          }

          @Override
          public void check(FaultyWorld world, boolean done) {
            boolean restored = world.bodies().equals("a,b,c");
            world.undo(world.kept());
            assertThat(world.bodies()).isEqualTo(restored ? "x,x,c" : "w,w,c");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> an_undo_over_a_failing_store_is_done_or_not_done() throws Exception {
    return faultsOf(
        new Trial() {
          @Override
          public void prepare(FaultyWorld world) {
            world.backUp();
            world.write("x");
            world.restore(world.kept());
          }

          @Override
          public void work(FaultyWorld world, FaultyArchiveStore store) {
            world.undo(store);
          }

          @Override
          public void check(FaultyWorld world, boolean done) {
            boolean undone = world.bodies().equals("x,x,c");
            assertThat(undone || world.bodies().equals("a,b,c")).as(world.bodies()).isTrue();
            if (done) {
              assertThat(undone).isTrue();
            }
            world.undo(world.kept());
            assertThat(world.bodies()).isEqualTo(undone ? "a,b,c" : "x,x,c");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> an_archive_that_is_taken_in_is_pinned_or_does_not_count() throws Exception {
    return faultsOf(
        new Trial() {
          @Override
          public void prepare(FaultyWorld world) throws IOException {
            Label label = world.backUp();
            try (InputStream in = world.kept().open(label)) {
              Files.copy(in, file(world));
            }
          }

          private Path file(FaultyWorld world) {
            return world.folder().resolve("archive.tar.gz");
          }

          @Override
          public void work(FaultyWorld world, FaultyArchiveStore store) {
            world.with(store, service -> service.importArchive(FaultyWorld.ONE, file(world)));
          }

          @Override
          public void check(FaultyWorld world, boolean done) {
            List<RestorePoint> proven =
                world.points().stream().filter(RestorePoint::verified).toList();
            assertThat(proven).anyMatch(point -> !point.label().isByDate());
            assertThat(proven)
                .filteredOn(point -> point.label().isByDate())
                .allMatch(RestorePoint::pinned);
            if (done) {
              assertThat(proven).hasSize(2);
            }
            work(world, world.kept());
            assertThat(world.points())
                .anyMatch(point -> point.label().isByDate() && point.pinned() && point.verified());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> a_verification_over_a_failing_store_damages_nothing() throws Exception {
    return faultsOf(
        new Trial() {
          private Label label = Label.parse("tenant_1_20261122010100");

          @Override
          public void prepare(FaultyWorld world) {
            label = world.backUp();
          }

          @Override
          public void work(FaultyWorld world, FaultyArchiveStore store) {
            world.with(store, service -> service.verify(label));
          }

          @Override
          public void check(FaultyWorld world, boolean done) {
            if (done) {
              assertThat(proven(world.points())).containsExactly(label);
            }
            work(world, world.kept());
            assertThat(proven(world.points())).containsExactly(label);
          }
        });
  }

  private static List<Label> proven(List<RestorePoint> points) {
    return points.stream().filter(RestorePoint::verified).map(RestorePoint::label).toList();
  }

  private Stream<DynamicTest> faultsOf(Trial trial) throws Exception {
    return EveryCall.of(
        script -> {
          FaultyWorld world =
              FaultyWorld.in(Files.createDirectory(folder.resolve("world-" + ++worlds)));
          trial.prepare(world);
          FaultyArchiveStore store = script.over(world.kept());
          boolean done = isDone(trial, world, store);
          assertThat(done || store.struck() > 0).as("done, if nothing failed").isTrue();
          trial.check(world, done);
          world.requireNoScratch();
        });
  }

  private static boolean isDone(Trial trial, FaultyWorld world, FaultyArchiveStore store)
      throws Exception {
    try {
      trial.work(world, store);
      return true;
    } catch (BackupException e) {
      assertThat(e.what()).isNotEmpty();
      return false;
    }
  }
}
