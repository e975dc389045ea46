package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.PosixModes;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.SystemRestore;
import dev.sevenfold.backup.source.SystemSnapshot;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores into a folder in which something is mounted: really, or as {@link MortalDisk} says. */
class SystemRestoreOverMountsTest {

  private static final String GENERATION = "SELECT generation FROM state";
  private static final int MODE = 0750;

  @TempDir Path folder;
  private SystemWorld source;
  private Path archive;
  private SystemWorld target;

  @BeforeEach
  void archive() throws Exception {
    source = SystemWorld.create(folder.resolve("source"), 1);
    PosixModes.set(source.uploads(), MODE);
    archive = SystemWorld.archive(source.source(), folder);
    target = SystemWorld.create(folder.resolve("target"), 2);
  }

  @Test
  void a_tree_on_a_disk_of_its_own_comes_back_on_it() throws Exception {
    new DurableFiles().deleteAll(target.uploads());
    try (SmallDisk disk = SmallDisk.mount(target.uploads(), 8)) {
      Files.createDirectory(target.uploads().resolve("lost+found"));
      Files.createDirectories(target.uploads().resolve("a0/b"));
      Files.writeString(target.uploads().resolve("a0/b/file"), "generation 2");
      Object mounted = Files.getAttribute(target.uploads(), "unix:dev");

      RestoredSystem restored = SystemWorld.restore(target().owner("1", "1").build(), archive);

      assertThat(disk).isNotNull();
      assertThat(target.generation()).isEqualTo("1");
      assertThat(Files.getAttribute(target.uploads(), "unix:dev")).isEqualTo(mounted);
      assertThat(Files.getAttribute(target.uploads().resolve("a0"), "unix:dev")).isEqualTo(mounted);
      assertThat(PosixModes.of(target.uploads())).hasValue(MODE);
      assertThat(Files.getAttribute(target.uploads(), "unix:uid")).isEqualTo(1);
      assertThat(Files.getAttribute(target.uploads().resolve("a0"), "unix:uid")).isEqualTo(1);
      assertThat(names(target.uploads()))
          .contains("lost+found")
          .doesNotContain(".sevenfold-restore");
      assertThat(restored.replaced()).hasSize(2);
      Path replaced = restored.replaced().get(1);
      assertThat(replaced.getParent()).isEqualTo(target.uploads());
      assertThat(replaced.resolve("a0/b/file")).hasContent("generation 2");
    }
  }

  @Test
  void what_was_replaced_on_a_disk_of_its_own_is_in_no_backup_and_stays_in_the_next_restore()
      throws Exception {
    RestoredSystem restored = SystemWorld.restore(mounted(target.uploads()).build(), archive);
    Path replaced = restored.replaced().get(1);
    SystemSnapshot snapshot =
        target.source().snapshot(Files.createDirectory(folder.resolve("s")), Progress.none());
    Path second = SystemWorld.archive(snapshot, folder);

    assertThat(SystemWorld.manifest(second).members())
        .isEqualTo(SystemWorld.manifest(archive).members());
    SystemWorld.restore(mounted(target.uploads()).discardReplaced().build(), second);

    assertThat(target.generation()).isEqualTo("1");
    assertThat(replaced.resolve("a1/b/file")).hasContent("generation 2");
    assertThat(names(target.uploads())).hasSize(6);
  }

  @Test
  void a_bind_mount_of_the_same_file_system_is_a_mount_too() throws Exception {
    Path there = Files.createDirectory(folder.resolve("there, with a space"));
    try (SmallDisk disk = SmallDisk.bind(there, target.uploads())) {
      SystemWorld.restore(target().discardReplaced().build(), archive);

      assertThat(disk).isNotNull();
      assertThat(target.generation()).isEqualTo("1");
      assertThat(names(there)).containsExactlyInAnyOrder("a0", "a1", "a2", "a3", "a4");
    }
  }

  @Test
  void a_database_on_a_disk_of_its_own_comes_back_on_it() throws Exception {
    Path db = DurableFiles.folderOf(target.queue());
    new DurableFiles().deleteAll(db);
    try (SmallDisk disk = SmallDisk.mount(db, 8)) {
      SystemWorld.execute(target.queue(), "PRAGMA journal_mode = WAL", "CREATE TABLE state (x)");

      SystemWorld.restore(target().discardReplaced().build(), archive);

      assertThat(disk).isNotNull();
      assertThat(target.generation()).isEqualTo("1");
      assertThat(names(db)).containsExactly("queue.sqlite3");
    }
    assertThat(names(db)).isEmpty();
  }

  @Test
  void a_database_in_use_on_a_disk_of_its_own_is_refused() throws Exception {
    Path db = DurableFiles.folderOf(target.queue());
    new DurableFiles().deleteAll(db);
    try (SmallDisk disk = SmallDisk.mount(db, 8)) {
      SystemWorld.execute(target.queue(), "PRAGMA journal_mode = WAL", "CREATE TABLE state (x)");
      try (OpenDatabase open = OpenDatabase.in(target.queue())) {
        assertThatExceptionOfType(RestoreRefused.class)
            .isThrownBy(() -> SystemWorld.restore(target().build(), archive))
            .withMessageContaining(Long.toString(open.pid()));
      }
      assertThat(disk).isNotNull();
    }
  }

  @Test
  void a_mount_inside_of_a_tree_stays_where_it_is_and_gets_what_belongs_there() throws Exception {
    Path inside = target.uploads().resolve("a3/b");
    new DurableFiles().deleteAll(inside);
    try (SmallDisk disk = SmallDisk.mount(inside, 8)) {
      Files.writeString(inside.resolve("on-the-disk"), "old");

      RestoredSystem restored = SystemWorld.restore(target().build(), archive);

      assertThat(disk).isNotNull();
      assertThat(inside.resolve("file")).hasContent("generation 1");
      assertThat(inside.resolve("on-the-disk")).doesNotExist();
      assertThat(restored.replaced().get(1).resolve("on-the-disk")).hasContent("old");
      new DurableFiles().deleteAll(restored.replaced().get(1));
      assertThat(target.generation()).isEqualTo("1");
    }
    assertThat(names(inside)).isEmpty();
  }

  @Test
  void the_store_on_a_mount_in_a_tree_stays_and_files_beside_it_are_set_aside() throws Exception {
    Path store = Files.createDirectory(target.uploads().resolve("backups"));
    OwnPlace own = OwnPlace.namedIn("the store", store, name -> name.endsWith(".tar.gz"));
    Path kept = Files.writeString(store.resolve("kept.tar.gz"), "stays");
    try (SmallDisk disk = SmallDisk.bind(store, store)) {
      disk.makeReadOnly();
      SystemWorld.restore(target().build(), archive, List.of(own));
      assertThat(SystemWorld.query(target.primary(), GENERATION)).isEqualTo("1");
      assertThat(names(store)).containsExactly("kept.tar.gz");
    }
    Files.writeString(store.resolve("of the host"), "set aside");

    RestoredSystem restored = SystemWorld.restore(mounted(store).build(), archive, List.of(own));

    assertThat(kept).hasContent("stays");
    assertThat(restored.replaced().get(1).resolve("of the host")).hasContent("set aside");
  }

  @Test
  void each_disk_needs_room_for_its_own_part_alone() throws Exception {
    Files.write(source.uploads().resolve("a0/b/large"), new byte[3 << 20]);
    Path large = SystemWorld.archive(source.source(), folder);
    Path small = folder.resolve("small");
    try (SmallDisk system = SmallDisk.mount(small, 2)) {
      assertThat(system).isNotNull();
      try (SmallDisk uploads = SmallDisk.mount(small.resolve("uploads"), 2)) {
        assertThatExceptionOfType(RestoreRefused.class)
            .isThrownBy(() -> SystemWorld.restore(SqliteSystemTarget.builder(small).build(), large))
            .withMessageContaining(small.resolve("uploads") + " has ")
            .withMessageContaining("bytes free")
            .withMessageNotContaining(small + " has ");
        assertThat(uploads).isNotNull();
      }
      try (SmallDisk uploads = SmallDisk.mount(small.resolve("uploads"), 8)) {
        SystemWorld.restore(SqliteSystemTarget.builder(small).build(), large);
        assertThat(small.resolve("uploads/a0/b/large")).hasSize(3 << 20);
        assertThat(uploads).isNotNull();
      }
    }
  }

  @Test
  void a_disk_that_is_unmounted_after_a_kill_is_waited_for() throws Exception {
    Path there = Files.createDirectory(folder.resolve("there"));
    for (Path file : DurableFiles.list(target.uploads())) {
      Files.move(file, there.resolve(file.getFileName()));
    }
    try (SmallDisk disk = SmallDisk.bind(there, target.uploads())) {
      assertThat(disk).isNotNull();
      int lifetime = 0;
      while (Files.exists(target.queue())) {
        restoreUntilKilled(new MortalDisk(lifetime++));
        if (Files.exists(target.queue())) {
          SqliteSystemTarget.builder(target.folder()).build().recover();
        }
      }
    }

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> target().build().recover())
        .withMessageContaining(target.uploads() + " is not mounted");

    assertThat(names(target.uploads())).isEmpty();
    try (SmallDisk disk = SmallDisk.bind(there, target.uploads())) {
      assertThat(target().build().recover()).singleElement().asString().contains("Reverted");
      assertThat(target.generation()).isEqualTo("2");
      assertThat(names(there)).containsExactlyInAnyOrder("a0", "a1", "a2", "a3", "a4");
      assertThat(disk).isNotNull();
    }
  }

  private void restoreUntilKilled(MortalDisk disk) throws IOException {
    try {
      SystemWorld.restore(target().disk(() -> disk).build(), archive);
    } catch (MortalDisk.Killed e) {
      assertThat(target.folder()).exists();
    }
  }

  @Test
  void nothing_is_left_on_a_mount_of_an_archive_that_is_damaged() throws Exception {
    byte[] bytes = Files.readAllBytes(archive);
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length - 100));
    try (SystemRestore restore =
        mounted(target.uploads()).build().prepare(SystemWorld.manifest(archive))) {
      EntryPlaces places = restore.places();

      assertThatExceptionOfType(ArchiveCorrupt.class)
          .isThrownBy(() -> SystemWorld.extract(cut, places));

      assertThat(places.of("trees/uploads")).doesNotExist();
      assertThat(places.of("trees/uploads").startsWith(target.uploads())).isTrue();
    }
    assertThat(names(target.uploads())).hasSize(5);
    assertThat(target.generation()).isEqualTo("2");
  }

  @Test
  void the_folder_of_the_system_may_be_a_mount_and_a_tree_with_another_one_in_it()
      throws Exception {
    archive = SystemWorld.archive(source.parts().tree("all", source.folder()).build(), folder);
    Files.createDirectory(target.folder().resolve("lost+found"));
    Path cache = Files.createDirectory(target.folder().resolve("a cache"));
    Files.writeString(cache.resolve("file"), "is not in the archive");
    Set<Path> mounts = Set.of(target.folder(), target.uploads(), cache);

    RestoredSystem restored =
        SystemWorld.restore(
            target().disk(() -> new MortalDisk(Integer.MAX_VALUE).withMounts(mounts)).build(),
            archive);

    assertThat(target.generation()).isEqualTo("1");
    assertThat(names(target.folder())).contains("lost+found").doesNotContain(".sevenfold-restore");
    assertThat(restored.replaced())
        .extracting(Path::getParent)
        .containsExactly(target.folder(), cache, target.uploads());
  }

  @Test
  void a_backup_in_a_store_is_read_straight_onto_its_disks() throws Exception {
    Files.write(source.uploads().resolve("a0/b/large"), new byte[3 << 20]);
    Path small = folder.resolve("small");
    try (SystemBackups backups =
        SystemBackups.builder(DirectoryArchiveStore.at(folder.resolve("store")))
            .source(source.source())
            .scratch(folder.resolve("scratch"))
            .build()) {
      RestorePoint point = backups.backup().point();
      try (SmallDisk system = SmallDisk.mount(small, 2);
          SmallDisk uploads = SmallDisk.mount(small.resolve("uploads"), 8)) {
        backups.restore(point.label(), SqliteSystemTarget.builder(small).build());

        assertThat(small.resolve("uploads/a0/b/large")).hasSize(3 << 20);
        assertThat(List.of(system, uploads)).doesNotContainNull();
      }
    }
  }

  @Test
  void a_bare_machine_with_nothing_but_its_disks_mounted_gets_all_of_it() throws Exception {
    SystemWorld bare = new SystemWorld(folder.resolve("bare"));
    Files.createDirectories(bare.uploads());
    Files.createDirectories(DurableFiles.folderOf(bare.queue()));
    Set<Path> mounts = Set.of(bare.uploads(), DurableFiles.folderOf(bare.queue()));

    RestoredSystem restored =
        SystemWorld.restore(
            SqliteSystemTarget.builder(bare.folder())
                .disk(() -> new MortalDisk(Integer.MAX_VALUE).withMounts(mounts))
                .build(),
            archive);

    assertThat(bare.generation()).isEqualTo("1");
    assertThat(restored.replaced()).isEmpty();
    try (Stream<Path> files = Files.walk(bare.folder())) {
      assertThat(files).noneMatch(file -> file.toString().contains(".sevenfold-"));
    }
  }

  private SqliteSystemTarget.Builder target() {
    return SqliteSystemTarget.builder(target.folder());
  }

  private SqliteSystemTarget.Builder mounted(Path mount) {
    return target().disk(() -> new MortalDisk(Integer.MAX_VALUE).withMounts(Set.of(mount)));
  }

  private static List<String> names(Path folder) throws IOException {
    return DurableFiles.list(folder).stream().map(file -> file.getFileName().toString()).toList();
  }
}
