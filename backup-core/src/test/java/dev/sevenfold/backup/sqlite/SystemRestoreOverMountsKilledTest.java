package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.source.SystemTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores into a folder with mounts in it, killed: all mounts are old or all are new afterwards.
 * What is mounted is only said to be: {@link MortalDisk} refuses what mounts refuse.
 */
class SystemRestoreOverMountsKilledTest {

  private static final String OLD = "2";
  private static final String NEW = "1";

  @TempDir Path folder;
  private Path archive;
  private SystemWorld target;
  private Path model;
  private Set<Path> mounts;

  @BeforeEach
  void archive() throws Exception {
    SystemWorld source = SystemWorld.create(folder.resolve("source"), 1);
    archive = SystemWorld.archive(source.source(), folder);
    target = new SystemWorld(folder.resolve("target"));
    model = folder.resolve("model");
    SystemWorld.create(model, 2);
    mountAll();
  }

  @Test
  void a_restore_that_is_killed_is_reverted_or_completed_on_all_mounts() throws Exception {
    boolean killed = true;
    int old = 0;
    int completed = 0;
    // Each fifth, for time: of 125, all kinds of steps are among them.
    for (int step = 0; killed; step += 5) {
      reset();
      killed = restoreUntilKilled(new MortalDisk(step));

      target(new MortalDisk(Integer.MAX_VALUE)).recover();

      String generation = requireWhole("step " + step);
      old += generation.equals(OLD) ? 1 : 0;
      completed += killed && generation.equals(NEW) ? 1 : 0;
    }
    assertThat(old).isGreaterThan(5);
    assertThat(completed).isPositive();
  }

  @Test
  void a_recovery_that_is_killed_is_taken_up_again_and_the_next_restore_works() throws Exception {
    int steps = stepsOfARestore();
    Random random = new Random(5);
    for (int round = 0; round < 10; round++) {
      reset();
      int step = random.nextInt(steps);
      restoreUntilKilled(new MortalDisk(step));
      int again = random.nextInt(60);
      try {
        target(new MortalDisk(again)).recover();
      } catch (MortalDisk.Killed e) {
        assertThat(target.folder().resolve(".sevenfold-restore")).exists();
      }
      if (round % 5 == 0) {
        assertThat(restoreUntilKilled(new MortalDisk(Integer.MAX_VALUE))).isFalse();
      } else {
        target(new MortalDisk(Integer.MAX_VALUE)).recover();
      }

      requireWhole("steps " + step + " and " + again);
    }
  }

  @Test
  void what_is_not_mounted_at_the_recovery_is_not_taken_for_gone() throws Exception {
    killInTheMiddle();
    MortalDisk unmounted = new MortalDisk(Integer.MAX_VALUE);
    mounts = Set.of(target.uploads());
    Path journal = target.folder().resolve(".sevenfold-restore/journal");
    byte[] before = Files.readAllBytes(journal);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> target(unmounted).recover())
        .withMessageContaining(DurableFiles.folderOf(target.queue()) + " is not mounted")
        .withMessageContaining("Do not start the system");

    assertThat(journal).hasBinaryContent(before);
    assertThat(target.folder().resolve(".sevenfold-restore")).exists();
    mountAll();
    target(new MortalDisk(Integer.MAX_VALUE)).recover();
    assertThat(requireWhole("mounted again")).isEqualTo(OLD);
  }

  @Test
  void what_was_staged_on_a_disk_that_is_not_mounted_is_removed_when_it_is() throws Exception {
    reset();
    Path staged = target.uploads().resolve(".sevenfold-restore/staged");
    Set<Path> all = mounts;
    for (int step = 0; !Files.exists(staged); step++) {
      mounts = all;
      target(new MortalDisk(Integer.MAX_VALUE)).recover();
      restoreUntilKilled(new MortalDisk(step));
      mounts = Set.of();
    }

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> restoreUntilKilled(new MortalDisk(Integer.MAX_VALUE)))
        .withMessageContaining(target.uploads() + " is not mounted");

    assertThat(staged).exists();
    mounts = all;
    target(new MortalDisk(Integer.MAX_VALUE)).recover();
    assertThat(requireWhole("mounted again")).isEqualTo(OLD);
  }

  @Test
  void another_disk_in_the_place_of_the_one_that_was_worked_on_is_noticed() throws Exception {
    killInTheMiddle();
    Path work = target.uploads().resolve(".sevenfold-restore");
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(work, elsewhere);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> target(new MortalDisk(Integer.MAX_VALUE)).recover())
        .withMessageContaining("what is mounted on " + target.uploads() + " is not what was");

    Files.move(elsewhere, work);
    target(new MortalDisk(Integer.MAX_VALUE)).recover();
    assertThat(requireWhole("the right one")).isEqualTo(OLD);
  }

  @Test
  void a_disk_that_is_gone_for_good_can_be_given_up() throws Exception {
    killInTheMiddle();
    new DurableFiles().deleteAll(target.uploads());
    Files.createDirectory(target.uploads());

    Files.delete(target.folder().resolve(".sevenfold-restore/mounts"));
    target(new MortalDisk(Integer.MAX_VALUE)).recover();

    assertThat(SystemWorld.query(target.primary(), "SELECT * FROM state")).isEqualTo(OLD);
    assertThat(SystemWorld.query(target.queue(), "SELECT * FROM state")).isEqualTo(OLD);
    assertThat(target.uploads()).isEmptyDirectory();
  }

  /** A restore that is killed while files are half in their places. */
  private void killInTheMiddle() throws Exception {
    int steps = stepsOfARestore();
    for (int step = 0; step < steps; step += 11) {
      reset();
      restoreUntilKilled(new MortalDisk(step));
      if (!Files.exists(target.queue())) {
        return;
      }
    }
    throw new AssertionError("No kill left the queue's database away");
  }

  private int stepsOfARestore() throws Exception {
    reset();
    MortalDisk disk = new MortalDisk(Integer.MAX_VALUE);
    assertThat(restoreUntilKilled(disk)).isFalse();
    return disk.steps();
  }

  private boolean restoreUntilKilled(MortalDisk disk) throws IOException {
    try {
      SystemWorld.restore(target(disk), archive);
      return false;
    } catch (MortalDisk.Killed e) {
      return true;
    }
  }

  private SystemTarget target(MortalDisk disk) {
    return SqliteSystemTarget.builder(target.folder())
        .check(places -> target.generation().equals(NEW))
        .discardReplaced()
        .disk(() -> disk.withMounts(mounts))
        .build();
  }

  /** Wholly old or wholly new, and nothing of ours is left anywhere. */
  private String requireWhole(String when) throws Exception {
    try (Stream<Path> files = Files.walk(target.folder())) {
      assertThat(files).as(when).noneMatch(file -> file.toString().contains(".sevenfold-"));
    }
    String generation = target.generation();
    assertThat(generation).as(when).isIn(OLD, NEW);
    assertThat(Files.exists(target.cache())).as(when).isEqualTo(generation.equals(OLD));
    return generation;
  }

  private void mountAll() {
    Path uploads = target.uploads();
    mounts = Set.of(DurableFiles.folderOf(target.queue()), uploads, uploads.resolve("a3/b"));
  }

  private void reset() throws IOException {
    new DurableFiles().deleteAll(target.folder());
    List<Path> all;
    try (Stream<Path> files = Files.walk(model)) {
      all = files.toList();
    }
    for (Path file : all) {
      Files.copy(file, target.folder().resolve(model.relativize(file).toString()));
    }
  }
}
