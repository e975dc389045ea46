package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.SystemSnapshot;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store, a scratch folder, keys and databases of ours below a tree that is backed up. */
class OwnPlacesTest {

  private static final int RUNS = 5;
  private static final String COUNT = "SELECT count(*) FROM sevenfold_job_schedule";

  @TempDir Path temporary;
  private Path folder;
  private SystemWorld world;
  private Path app;

  @BeforeEach
  void create() throws Exception {
    folder = temporary.toRealPath();
    app = folder.resolve("app");
    world = SystemWorld.create(app, 1);
  }

  private SystemBackups.Builder backups(Path store) {
    return backups(DirectoryArchiveStore.at(store));
  }

  /** Of a system whose one tree is the whole folder of the application. */
  private SystemBackups.Builder backups(ArchiveStore store) {
    return SystemBackups.builder(store)
        .source(world.parts().tree("app", app).build())
        .scratch(folder.resolve("scratch"));
  }

  private SqliteSystemTarget.Builder target() {
    return SqliteSystemTarget.builder(app);
  }

  private RestoredSystem restore(SystemBackups backups, boolean discard) {
    SqliteSystemTarget.Builder target = target();
    return backups.restore(
        backups.latest().label(), (discard ? target.discardReplaced() : target).build());
  }

  private static Map<String, String> content(Path folder) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(
            folder.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return content;
  }

  private static List<String> entries(SystemSnapshot snapshot) {
    return snapshot.entries().stream().map(Entry::name).toList();
  }

  private SystemSnapshot snapshot(SqliteSystemSource.Builder parts, OwnPlace... own)
      throws IOException {
    Path scratch = Files.createTempDirectory(folder, "snapshot");
    return parts.build().snapshot(scratch, List.of(own), Progress.none());
  }

  // ---- backups

  @Test
  void a_store_in_the_tree_does_not_grow_by_itself() throws Exception {
    List<Long> sizes = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    try (SystemBackups backups = backups(app.resolve("var/backups")).build()) {
      for (int run = 0; run < RUNS; run++) {
        SystemBackupReport report = backups.backup();
        sizes.add(report.bytes());
        warnings = report.warnings();
      }
    }

    assertThat(sizes).hasSize(RUNS).containsOnly(sizes.get(0));
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("tree app", "left out", "the store", "var/backups");
  }

  @Test
  void a_file_of_the_host_in_the_folder_of_the_store_is_backed_up_and_comes_back()
      throws Exception {
    Path store = Files.createDirectories(app.resolve("backups"));
    Path notes = Files.writeString(store.resolve("README.txt"), "ask Ada for the key");
    Path more = store.resolve("system/README.txt");
    Path others = store.resolve("tenant_7/upload");
    for (Path file : List.of(more, others)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "of the host");
    }
    try (SystemBackups backups = backups(store).build()) {
      backups.backup();
      for (Path file : List.of(notes, more, others)) {
        Files.delete(file);
      }

      restore(backups, true);

      assertThat(notes).hasContent("ask Ada for the key");
      assertThat(more).hasContent("of the host");
      assertThat(others).hasContent("of the host");
      assertThat(backups.points()).hasSize(1);
    }
  }

  @Test
  void a_store_that_is_the_tree_itself_leaves_the_tree_in_the_backup() throws Exception {
    List<Long> sizes = new ArrayList<>();
    try (SystemBackups backups = backups(app).build()) {
      for (int run = 0; run < RUNS; run++) {
        sizes.add(backups.backup().bytes());
      }
      Files.writeString(world.uploads().resolve("a0/b/file"), "spoilt");

      restore(backups, true);

      assertThat(sizes).containsOnly(sizes.get(0));
      assertThat(world.generation()).isEqualTo("1");
      assertThat(backups.points()).hasSize(RUNS);
      backups.verify(backups.latest().label());
    }
  }

  @Test
  void a_tree_inside_the_folder_of_the_store_is_backed_up() throws Exception {
    try (SystemBackups backups = backups(folder).scratch(folder).build()) {
      SystemBackupReport report = backups.backup();

      assertThat(report.warnings()).isEmpty();
      assertThat(report.files()).isEqualTo(2 + 5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"store", "tree", "both"})
  void links_hide_nothing(String linked) throws Exception {
    Path store = Files.createDirectories(app.resolve("var/backups"));
    Path storeLink = Files.createSymbolicLink(folder.resolve("to-store"), store);
    Path treeLink = Files.createSymbolicLink(folder.resolve("to-app"), app);
    Path tree = linked.equals("store") ? app : treeLink;
    SystemBackups.Builder parts =
        SystemBackups.builder(DirectoryArchiveStore.at(linked.equals("tree") ? store : storeLink))
            .scratch(folder.resolve("scratch"))
            .source(world.parts().tree("app", tree).build());
    try (SystemBackups backups = parts.build()) {
      long first = backups.backup().bytes();
      Map<String, String> before = content(store);

      assertThat(backups.backup().bytes()).isEqualTo(first);

      restore(backups, true);
      assertThat(content(store)).containsAllEntriesOf(before);
      assertThat(backups.points()).hasSize(2);
    }
  }

  @Test
  void a_link_in_the_tree_that_leads_to_the_store_stays() throws Exception {
    Path store = Files.createDirectories(folder.resolve("disk/backups"));
    Files.createDirectories(app.resolve("var"));
    Files.createSymbolicLink(app.resolve("var/disk"), store.getParent());
    try (SystemBackups backups = backups(app.resolve("var/disk/backups")).build()) {
      backups.backup();

      restore(backups, true);

      assertThat(backups.points()).hasSize(1);
      assertThat(app.resolve("var/disk")).isSymbolicLink();
    }
  }

  @Test
  void every_place_of_a_mirror_is_known() throws Exception {
    ArchiveStore mirror =
        MirroredArchiveStore.of(
            DirectoryArchiveStore.at(app.resolve("one")),
            DirectoryArchiveStore.at(app.resolve("uploads/two")));
    try (SystemBackups backups = backups(mirror).build()) {
      long first = backups.backup().bytes();

      assertThat(backups.backup().bytes()).isEqualTo(first);

      restore(backups, true);
      assertThat(mirror.list(ArchiveOwner.system()).complete()).hasSize(2);
      assertThat(content(app.resolve("uploads/two"))).isEqualTo(content(app.resolve("one")));
      assertThat(app.resolve("uploads/a0/b/file")).hasContent("generation 1");
    }
  }

  @Test
  void a_scratch_folder_in_the_tree_is_left_out_but_for_what_the_host_has_there() throws Exception {
    Path scratch = Files.createDirectories(app.resolve("tmp"));
    Files.writeString(scratch.resolve("pid"), "17");
    Files.createDirectories(scratch.resolve("sevenfold-1-2-3/archive"));
    Files.writeString(scratch.resolve("sevenfold-1-2-3/archive/of-somebody"), "secret");
    SystemSnapshot snapshot =
        snapshot(
            world.parts().tree("app", app),
            OwnPlace.namedIn("the scratch folder", scratch, name -> name.startsWith("sevenfold-")));

    assertThat(entries(snapshot))
        .contains("trees/app/tmp/pid")
        .noneMatch(n -> n.contains("secret"));
    assertThat(entries(snapshot)).noneMatch(name -> name.contains("sevenfold-1"));
    assertThat(snapshot.warnings()).singleElement().asString().contains("the scratch folder");
  }

  @Test
  void a_scratch_folder_in_the_tree_is_left_alone_by_a_restore() throws Exception {
    Path scratch = app.resolve("tmp");
    try (SystemBackups backups = backups(folder.resolve("store")).scratch(scratch).build()) {
      backups.backup();
      Path inUse = Files.createDirectories(scratch.resolve("sevenfold-1-2-3"));
      Files.writeString(inUse.resolve("half"), "another command's work");

      RestoredSystem restored = restore(backups, true);

      assertThat(inUse.resolve("half")).hasContent("another command's work");
      assertThat(restored.notes()).singleElement().asString().contains("the scratch folder");
    }
  }

  @Test
  void a_key_is_left_out_by_each_of_its_names_and_stays() throws Exception {
    Path key = Files.writeString(app.resolve("signing.key"), "the key of now");
    Files.createLink(world.uploads().resolve("second-name"), key);
    Path missing = app.resolve("not-yet.key");
    try (SystemBackups backups =
        backups(folder.resolve("store"))
            .own(OwnPlace.of("a key", key))
            .own(OwnPlace.of("a key", missing))
            .build()) {
      SystemBackupReport report = backups.backup();

      assertThat(report.warnings())
          .singleElement()
          .asString()
          .contains("a key", "signing.key", "second-name");
      restore(backups, true);
      assertThat(key).hasContent("the key of now");
      assertThat(report.files()).isEqualTo(2 + 5);
    }
  }

  @Test
  void what_restores_have_replaced_is_left_out_with_a_word_and_stays() throws Exception {
    Path replaced =
        Files.createDirectories(world.uploads().resolve(".sevenfold-replaced-20261122010100"));
    Files.writeString(replaced.resolve("old"), "the only copy");
    try (SystemBackups backups = backups(folder.resolve("store")).build()) {
      assertThat(backups.backup().warnings())
          .singleElement()
          .asString()
          .contains("what restores have replaced", replaced.getFileName().toString());

      restore(backups, true);
      restore(backups, false);

      assertThat(replaced.resolve("old")).hasContent("the only copy");
    }
  }

  // ---- databases of ours

  /** As the scheduler keeps its jobs: with a write-ahead log. */
  private static void schedule(Path jobs) throws Exception {
    SystemWorld.execute(
        jobs,
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE sevenfold_job_schedule (label TEXT)",
        "INSERT INTO sevenfold_job_schedule VALUES ('SystemBackupJob')");
  }

  @Test
  void a_database_of_ours_that_is_in_use_is_copied_as_a_database() throws Exception {
    Path jobs = app.resolve("sevenfold-jobs.sqlite3");
    schedule(jobs);
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + jobs);
        Statement used = open.createStatement();
        SystemBackups backups =
            backups(folder.resolve("store"))
                .own(OwnPlace.database("the schedules", jobs))
                .own(OwnPlace.database("the links", jobs))
                .build()) {
      used.execute("INSERT INTO sevenfold_job_schedule VALUES ('DrillJob')");
      SystemBackupReport report = backups.backup();

      assertThat(report.warnings()).isEmpty();
      assertThat(report.files()).isEqualTo(3 + 5);
      // A machine that has nothing of it gets it.
      Path bare = folder.resolve("bare");
      backups.restore(report.point().label(), SqliteSystemTarget.builder(bare).build());
      assertThat(
              SystemWorld.query(bare.resolve("sevenfold-jobs.sqlite3"), "PRAGMA integrity_check"))
          .isEqualTo("ok");
      assertThat(SystemWorld.query(bare.resolve("sevenfold-jobs.sqlite3"), COUNT)).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_restore_in_place_leaves_the_schedules_of_now(boolean discard) throws Exception {
    Path jobs = app.resolve("sevenfold-jobs.sqlite3");
    schedule(jobs);
    try (SystemBackups backups =
        backups(folder.resolve("store")).own(OwnPlace.database("the schedules", jobs)).build()) {
      backups.backup();
      SystemWorld.execute(jobs, "CREATE TABLE since (a)", "INSERT INTO since VALUES (7)");
      Files.writeString(world.uploads().resolve("a0/b/file"), "spoilt");

      RestoredSystem restored = restore(backups, discard);

      assertThat(SystemWorld.query(jobs, "SELECT a FROM since")).isEqualTo("7");
      assertThat(world.generation()).isEqualTo("1");
      assertThat(restored.notes()).anyMatch(note -> note.contains("sevenfold-jobs.sqlite3"));
    }
  }

  @Test
  void a_database_of_ours_goes_where_its_tree_goes() throws Exception {
    Path store = Files.createDirectories(folder.resolve("elsewhere/media"));
    Path jobs = store.resolve("jobs/sevenfold jobs.sqlite3");
    Files.createDirectories(store.resolve("jobs"));
    schedule(jobs);

    SystemSnapshot snapshot =
        snapshot(world.parts().tree("media", store), OwnPlace.database("the schedules", jobs));

    assertThat(snapshot.places())
        .last()
        .hasToString(
            "SystemPlace[role=DATABASE, name=sevenfold_jobs, path=media/jobs/sevenfold"
                + " jobs.sqlite3]");
  }

  @Test
  void an_empty_database_of_ours_and_one_that_the_host_has_named_are_no_parts_of_their_own()
      throws Exception {
    Path jobs = Files.createFile(app.resolve("jobs.sqlite3"));

    SystemSnapshot snapshot =
        snapshot(
            world.parts().tree("app", app),
            OwnPlace.database("the schedules", jobs),
            OwnPlace.database("the links", world.queue()));

    assertThat(entries(snapshot))
        .filteredOn(name -> name.startsWith("databases/"))
        .containsExactly("databases/primary.sqlite3", "databases/queue.sqlite3");
    assertThat(entries(snapshot)).doesNotContain("trees/app/jobs.sqlite3");
  }

  // ---- restores

  /** What becomes of the files that a restore replaces. */
  private enum Replaced {
    KEPT,
    DISCARDED
  }

  @ParameterizedTest
  @EnumSource
  void a_restore_leaves_the_store_with_all_that_is_in_it(Replaced replaced) throws Exception {
    Path store = app.resolve("var/backups");
    try (SystemBackups backups = backups(store).build()) {
      for (int run = 0; run < 3; run++) {
        backups.backup();
      }
      Map<String, String> before = content(store);
      Files.writeString(world.uploads().resolve("a0/b/file"), "spoilt");
      Files.writeString(app.resolve("var/new"), "since then");

      RestoredSystem restored =
          backups.restore(
              backups.points().get(2).label(),
              (replaced == Replaced.KEPT ? target() : target().discardReplaced()).build());

      assertThat(content(store)).isEqualTo(before);
      assertThat(backups.points()).hasSize(3);
      backups.points().forEach(point -> backups.verify(point.label()));
      assertThat(world.generation()).isEqualTo("1");
      assertThat(app.resolve("var/new")).doesNotExist();
      assertThat(restored.notes()).singleElement().asString().contains("the store", "var/backups");
      assertThat(!restored.replaced().isEmpty()).isEqualTo(replaced == Replaced.KEPT);
    }
  }

  @Test
  void an_archive_that_holds_files_of_the_store_does_not_put_them_over_those_of_now()
      throws Exception {
    Path store = app.resolve("backups");
    try (SystemBackups backups = backups(store).build()) {
      backups.backup();
      // As it was made before the places were known.
      Path old = SystemWorld.archive(world.parts().tree("app", app).build(), folder);
      backups.backup();
      Files.delete(first(store));
      Map<String, String> before = content(store);

      List<OwnPlace> own = DirectoryArchiveStore.at(store).ownPlaces();
      RestoredSystem restored = SystemWorld.restore(target().discardReplaced().build(), old, own);

      assertThat(content(store)).isEqualTo(before);
      assertThat(restored.notes())
          .hasSize(2)
          .anyMatch(note -> note.contains("Not taken out of the archive"));
      assertThat(world.generation()).isEqualTo("1");
    }
  }

  private static Path first(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files
          .filter(file -> file.toString().endsWith(".gz"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void a_file_of_the_archive_where_the_store_is_now_stays_out() throws Exception {
    Path store = app.resolve("backups");
    Files.writeString(store, "was a file then");
    Path old = SystemWorld.archive(world.parts().tree("app", app).build(), folder);
    Files.delete(store);
    try (SystemBackups backups = backups(store).build()) {
      backups.backup();

      RestoredSystem restored =
          SystemWorld.restore(target().build(), old, DirectoryArchiveStore.at(store).ownPlaces());

      assertThat(backups.points()).hasSize(1);
      assertThat(restored.notes()).anyMatch(note -> note.contains("(1): " + store));
    }
  }

  @Test
  void a_restore_that_is_killed_at_any_step_leaves_the_store_where_it_is() throws Exception {
    Path store = app.resolve("var/backups");
    try (SystemBackups backups = backups(store).build()) {
      backups.backup();
      Map<String, String> before = content(store);
      int steps = killed(backups, Integer.MAX_VALUE);
      Random random = new Random(5);
      for (int step = 0; step < steps; step++) {
        Files.writeString(world.uploads().resolve("a0/b/file"), "generation 1");
        killed(backups, step);
        assertThat(content(store)).as("killed at step %s", step).isEqualTo(before);
        try {
          target()
              .discardReplaced()
              .disk(() -> new MortalDisk(random.nextInt(30)))
              .build()
              .recover();
        } catch (MortalDisk.Killed e) {
          assertThat(content(store)).as("recovery after step %s", step).isEqualTo(before);
        }

        target().discardReplaced().build().recover();

        assertThat(content(store)).as("recovered from step %s", step).isEqualTo(before);
        assertThat(world.generation()).as("step %s", step).isEqualTo("1");
      }
      assertThat(steps).isGreaterThan(20);
    }
  }

  private int killed(SystemBackups backups, int step) {
    MortalDisk disk = new MortalDisk(step);
    try {
      backups.restore(
          backups.latest().label(), target().discardReplaced().disk(() -> disk).build());
    } catch (MortalDisk.Killed e) {
      assertThat(step).isNotNegative();
    }
    return disk.steps();
  }
}
