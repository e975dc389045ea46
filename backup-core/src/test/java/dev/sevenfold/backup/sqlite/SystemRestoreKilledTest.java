package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.SystemTarget;
import dev.sevenfold.testsupport.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores that are killed at each step: the folder is wholly old or wholly new afterwards. */
class SystemRestoreKilledTest {

  private static final int JVMS = 24;
  private static final String OLD = "2";
  private static final String NEW = "1";

  @TempDir Path folder;
  private Path archive;
  private SystemWorld target;
  private Path model;

  @BeforeEach
  void archive() throws Exception {
    SystemWorld source = SystemWorld.create(folder.resolve("source"), 1);
    archive = SystemWorld.archive(source.source(), folder);
    target = new SystemWorld(folder.resolve("target"));
    model = folder.resolve("model");
    // As a killed application leaves it: its last commit is in the WAL alone.
    SystemWorld old = SystemWorld.create(model, 3);
    Path live = folder.resolve("live");
    Files.createDirectories(live.resolve("db"));
    for (Path database : List.of(old.primary(), old.queue(), old.cache())) {
      try (Session open = Session.scratch(database)) {
        open.execute("UPDATE state SET generation = 2");
        copy(Path.of(database + "-wal"), live.resolve("wal"));
        copy(database, live.resolve("main"));
      }
      copy(live.resolve("main"), database);
      copy(live.resolve("wal"), Path.of(database + "-wal"));
    }
    try (Stream<Path> files = Files.walk(old.uploads())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(file, "generation 2");
      }
    }
  }

  @Test
  void a_restore_that_is_killed_at_any_step_is_reverted_or_completed() throws Exception {
    boolean killed = true;
    int old = 0;
    for (int step = 0; killed; step++) {
      reset();
      MortalDisk disk = new MortalDisk(step);
      killed = restoreUntilKilled(disk);
      requireNoForeignWal();

      target(new MortalDisk(Integer.MAX_VALUE)).recover();

      old += requireWhole("step " + step).equals(OLD) ? 1 : 0;
      requireNextRestoreWorks();
    }
    assertThat(old).isGreaterThan(10);
  }

  @Test
  void a_recovery_that_is_killed_at_any_step_is_taken_up_again() throws Exception {
    int steps = stepsOfARestore();
    Random random = new Random(4);
    for (int round = 0; round < 60; round++) {
      reset();
      int step = random.nextInt(steps);
      restoreUntilKilled(new MortalDisk(step));
      int again = random.nextInt(40);
      try {
        target(new MortalDisk(again)).recover();
      } catch (MortalDisk.Killed e) {
        requireNoForeignWal();
      }

      target(new MortalDisk(Integer.MAX_VALUE)).recover();

      requireWhole("steps " + step + " and " + again);
    }
  }

  @Test
  void a_java_process_that_is_killed_at_any_moment_leaves_old_or_new() throws Exception {
    int steps = stepsOfARestore();
    Random random = new Random(17);
    for (int round = 0; round < JVMS; round++) {
      reset();
      int step = random.nextInt(steps);
      Process child =
          Jvm.of(
                  KilledSystemRestore.class,
                  target.folder().toString(),
                  archive.toString(),
                  Integer.toString(step))
              .start();
      assertThat(child.waitFor()).as("step %s", step).isEqualTo(KilledSystemRestore.KILLED);
      requireNoForeignWal();

      target(new MortalDisk(Integer.MAX_VALUE)).recover();

      requireWhole("step " + step);
      requireNextRestoreWorks();
    }
  }

  @Test
  void the_next_restore_deals_with_a_killed_one_by_itself() throws Exception {
    int steps = stepsOfARestore();
    for (int step = 0; step < steps; step += 3) {
      reset();
      restoreUntilKilled(new MortalDisk(step));

      requireNextRestoreWorks();
    }
  }

  @Test
  void what_an_application_made_between_kill_and_recovery_is_kept() throws Exception {
    int kept = 0;
    int steps = stepsOfARestore();
    for (int step = 0; step < steps; step++) {
      reset();
      restoreUntilKilled(new MortalDisk(step));
      if (DurableFiles.exists(target.primary())) {
        continue;
      }
      SystemWorld.execute(
          target.primary(), "CREATE TABLE state (generation)", "INSERT INTO state VALUES (99)");

      List<String> done = target(new MortalDisk(Integer.MAX_VALUE)).recover();

      kept++;
      assertThat(requireWhole("step " + step)).isEqualTo(OLD);
      assertThat(done).singleElement().asString().contains(".sevenfold-set-aside-");
      try (Stream<Path> aside = Files.list(target.folder())) {
        Path stranger =
            aside
                .filter(file -> file.toString().contains(".sevenfold-set-aside-"))
                .findAny()
                .orElseThrow()
                .resolve("production.sqlite3");
        assertThat(SystemWorld.query(stranger, "SELECT * FROM state")).isEqualTo("99");
      }
    }
    assertThat(kept).isPositive();
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

  private SystemTarget target(DurableFiles disk) {
    return SqliteSystemTarget.builder(target.folder())
        .check(places -> target.generation().equals(NEW))
        .discardReplaced()
        .disk(() -> disk)
        .build();
  }

  /** Wholly old, with the cache, or wholly new, without; and nothing else. */
  private String requireWhole(String when) throws IOException, SQLException {
    try (Stream<Path> files = Files.list(target.folder())) {
      assertThat(files).as(when).noneMatch(file -> file.toString().contains(".sevenfold-restore"));
    }
    String generation = target.generation();
    assertThat(generation).as(when).isIn(OLD, NEW);
    assertThat(Files.exists(target.cache())).as(when).isEqualTo(generation.equals(OLD));
    if (generation.equals(OLD)) {
      assertThat(SystemWorld.query(target.cache(), "SELECT * FROM state")).as(when).isEqualTo(OLD);
    }
    return generation;
  }

  /** At no moment is the WAL of one database beside another one. */
  private void requireNoForeignWal() throws IOException {
    for (Path database : List.of(target.primary(), target.queue())) {
      Path wal = Path.of(database + "-wal");
      if (Files.exists(wal) && Files.exists(database)) {
        Path own = model.resolve(target.folder().relativize(database));
        assertThat(database).hasSameBinaryContentAs(own);
        assertThat(wal).hasSameBinaryContentAs(Path.of(own + "-wal"));
      }
    }
  }

  private void requireNextRestoreWorks() throws IOException, SQLException {
    SystemWorld.restore(target(new MortalDisk(Integer.MAX_VALUE)), archive);
    assertThat(requireWhole("next restore")).isEqualTo(NEW);
  }

  private void reset() throws IOException {
    new DurableFiles().deleteAll(target.folder());
    try (Stream<Path> files = Files.walk(model)) {
      for (Path file : files.toList()) {
        Path to = target.folder().resolve(model.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }
}
