package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.scratch.DatabaseLocks;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.SystemRestore;
import dev.sevenfold.backup.system.OpenFiles;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemRestoreRefusedTest {

  @TempDir Path folder;
  private SystemWorld source;
  private Path archive;
  private SystemWorld target;

  @BeforeEach
  void archive() throws Exception {
    source = SystemWorld.create(folder.resolve("source"), 1);
    archive = SystemWorld.archive(source.source(), folder);
    target = SystemWorld.create(folder.resolve("target"), 2);
  }

  @Test
  void a_database_that_another_process_has_open_is_refused_by_name() throws Exception {
    try (OpenDatabase open = OpenDatabase.in(target.queue())) {
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> SystemWorld.restore(target().build(), archive))
          .withMessageContaining("queue.sqlite3")
          .withMessageContaining(Long.toString(open.pid()));
    }
    assertThat(target.generation()).isEqualTo("2");
  }

  @Test
  void an_open_database_is_also_noticed_by_its_locks_alone() throws Exception {
    Path links = Files.createDirectory(folder.resolve("links"));
    try (OpenDatabase open = OpenDatabase.in(target.queue())) {
      List<Path> both = List.of(target.primary(), target.queue());
      try (DatabaseLocks locks =
          DatabaseLocks.hold(both, database -> links, Duration.ofMillis(50))) {
        assertThat(locks.busy()).singleElement().asString().contains("queue.sqlite3");
      }
      assertThat(OpenFiles.find(both)).singleElement().asString().contains("" + open.pid());
    }
  }

  @Test
  void an_interrupted_check_brings_back_what_was_there() throws Exception {
    SqliteSystemTarget interrupted =
        target()
            .check(
                places -> {
                  throw new InterruptedException();
                })
            .build();
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> SystemWorld.restore(interrupted, archive))
        .withMessageContaining("a check of the host was interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(target.generation()).isEqualTo("2");
  }

  @Test
  void nobody_can_open_a_database_while_it_is_being_replaced() throws Exception {
    Path links = Files.createDirectory(folder.resolve("links"));
    List<Path> one = List.of(target.primary());
    try (DatabaseLocks locks = DatabaseLocks.hold(one, database -> links, Duration.ZERO)) {
      assertThat(locks.busy()).isEmpty();
      assertThatThrownBy(
              () ->
                  SystemWorld.execute(
                      target.primary(), "PRAGMA busy_timeout = 0", "SELECT * FROM state"))
          .hasMessageContaining("locked");
    }
    assertThat(SystemWorld.query(target.primary(), "SELECT * FROM state")).isEqualTo("2");
  }

  @Test
  void a_database_that_this_process_has_open_is_refused() throws Exception {
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + target.primary());
        Statement statement = open.createStatement()) {
      statement.executeQuery("SELECT * FROM state").close();

      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> SystemWorld.restore(target().build(), archive))
          .withMessageContaining("this one");
    }
  }

  @Test
  void an_open_database_is_replaced_if_the_host_insists() throws Exception {
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + target.primary());
        Statement statement = open.createStatement()) {
      statement.executeQuery("SELECT * FROM state").close();

      SystemWorld.restore(target().evenIfOpen().build(), archive);

      statement.execute("UPDATE state SET generation = 5");
    }
    assertThat(target.generation()).isEqualTo("1");
  }

  @Test
  void a_second_restore_into_the_folder_is_refused() throws Exception {
    try (SystemRestore first = target().build().prepare(SystemWorld.manifest(archive))) {
      SystemWorld.extract(archive, first.places());

      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> SystemWorld.restore(target().build(), archive))
          .withMessageContaining("Another restore");
      assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> target().build().recover());

      first.apply(Progress.none());
    }
    assertThat(target.generation()).isEqualTo("1");
  }

  @Test
  void a_damaged_database_in_the_archive_changes_nothing() throws Exception {
    byte[] garbage = new byte[3_000];
    new Random(3).nextBytes(garbage);
    try (RandomAccessFile file = new RandomAccessFile(source.queue().toFile(), "rw")) {
      file.seek(4_096);
      file.write(garbage);
    }
    Path damaged = SystemWorld.archive(source.source(), folder);

    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> SystemWorld.restore(target().build(), damaged))
        .withMessageContaining("queue");

    assertThat(target.generation()).isEqualTo("2");
    assertThat(target.folder().resolve(".sevenfold-restore")).doesNotExist();
  }

  @Test
  void a_link_in_a_place_is_a_conflict() throws Exception {
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(target.uploads(), elsewhere);
    Files.createSymbolicLink(target.uploads(), elsewhere);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> SystemWorld.restore(target().build(), archive))
        .withMessageContaining("is a link to " + elsewhere);
  }

  @Test
  void a_system_with_a_tree_on_another_file_system_is_restored_with_the_tree_placed_elsewhere()
      throws Exception {
    new DurableFiles().deleteAll(target.uploads());
    try (SmallDisk disk = SmallDisk.mount(target.uploads(), 8)) {
      Path onDisk = Files.writeString(target.uploads().resolve("on-the-disk"), "stays");

      SystemWorld.restore(target().place("uploads", "uploads.restored").build(), archive);

      Path restored = target.folder().resolve("uploads.restored");
      assertThat(restored.resolve("a0/b/file"))
          .hasSameBinaryContentAs(source.uploads().resolve("a0/b/file"));
      assertThat(onDisk).hasContent("stays");
      assertThat(disk).isNotNull();
    }
  }

  @Test
  void a_disk_without_room_is_a_conflict_and_one_that_fills_up_leaves_the_old_state()
      throws Exception {
    SystemWorld.execute(source.primary(), "INSERT INTO padding VALUES (randomblob(5000000))");
    Path large = SystemWorld.archive(source.source(), folder);
    Path mount = folder.resolve("small");
    try (SmallDisk disk = SmallDisk.mount(mount, 8)) {
      SystemWorld world = SystemWorld.create(mount, 2);
      try (SystemRestore restore =
          SqliteSystemTarget.builder(mount).build().prepare(SystemWorld.manifest(large))) {
        EntryPlaces extracted = restore.places();
        Files.write(mount.resolve("filling"), new byte[4 << 20]);
        assertThatExceptionOfType(BackupException.class)
            .isThrownBy(() -> SystemWorld.extract(large, extracted));
      }
      assertThat(world.generation()).isEqualTo("2");
      assertThat(mount.resolve(".sevenfold-restore")).doesNotExist();
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> SystemWorld.restore(SqliteSystemTarget.builder(mount).build(), large))
          .withMessageContaining("bytes free");
      assertThat(disk).isNotNull();
    }
  }

  @Test
  void a_snapshot_onto_a_full_disk_says_so() throws Exception {
    SystemWorld.execute(source.primary(), "INSERT INTO padding VALUES (randomblob(9000000))");
    Path mount = folder.resolve("small");
    try (SmallDisk disk = SmallDisk.mount(mount, 8)) {
      assertThatExceptionOfType(SourceUnavailable.class)
          .isThrownBy(() -> source.source().snapshot(mount, Progress.none()))
          .withMessageContaining("primary")
          .withMessageContaining("Free space");
      assertThat(disk).isNotNull();
    }
    assertThat(source.generation()).isEqualTo("1");
  }

  @Test
  void hostile_places_are_conflicts() throws Exception {
    ArchiveManifest honest = SystemWorld.manifest(archive);
    for (List<SystemPlace> places :
        List.of(
            List.of(
                new SystemPlace(Role.DATABASE, "primary", "a"),
                new SystemPlace(Role.DATABASE, "queue", "a-wal")),
            List.of(
                new SystemPlace(Role.DATABASE, "primary", "a"),
                new SystemPlace(Role.TREE, "uploads", "a/b")),
            List.of(new SystemPlace(Role.REBUILT, "primary", "a")),
            List.of(new SystemPlace(Role.DATABASE, "absent", "a")),
            List.of(new SystemPlace(Role.TREE, "uploads", ".sevenfold-restore/old")))) {
      assertThat(target().build().prepare(with(honest, places)).plan().conflicts())
          .as("%s", places)
          .isNotEmpty();
    }
  }

  @Test
  void an_archive_without_places_is_laid_out_by_the_names_of_its_parts() throws Exception {
    ArchiveManifest bare = with(SystemWorld.manifest(archive), List.of());

    try (SystemRestore restore = target().build().prepare(bare)) {
      SystemWorld.extract(archive, restore.places());
      restore.apply(Progress.none());
    }

    assertThat(SystemWorld.query(target.folder().resolve("primary.sqlite3"), "SELECT * FROM state"))
        .isEqualTo("1");
    assertThat(target.uploads().resolve("a0/b/file")).hasContent("generation 1");
  }

  @Test
  void a_path_for_a_part_that_is_not_there_is_a_conflict() throws Exception {
    assertThat(
            target()
                .place("primry", "x.sqlite3")
                .build()
                .prepare(SystemWorld.manifest(archive))
                .plan()
                .conflicts())
        .singleElement()
        .asString()
        .contains("primry");
  }

  @Test
  void applying_what_was_not_extracted_changes_nothing() throws Exception {
    try (SystemRestore restore = target().build().prepare(SystemWorld.manifest(archive))) {
      EntryPlaces extracted = restore.places();
      SystemWorld.extract(archive, extracted);
      Files.delete(extracted.of("trees/uploads/a2/b/file"));

      assertThatExceptionOfType(BackupException.class)
          .isThrownBy(() -> restore.apply(Progress.none()))
          .withMessageContaining("a2/b/file");
    }
    assertThat(target.generation()).isEqualTo("2");
  }

  private SqliteSystemTarget.Builder target() {
    return SqliteSystemTarget.builder(target.folder()).busyTimeout(Duration.ofMillis(50));
  }

  private static ArchiveManifest with(ArchiveManifest manifest, List<SystemPlace> places) {
    return new ArchiveManifest(
        manifest.kind(),
        manifest.purpose(),
        manifest.tenant(),
        manifest.capturedAt(),
        manifest.source(),
        manifest.libraryVersion(),
        manifest.tables(),
        manifest.entries(),
        manifest.missing(),
        places,
        List.of(),
        List.of(),
        OptionalLong.empty(),
        Optional.empty());
  }
}
