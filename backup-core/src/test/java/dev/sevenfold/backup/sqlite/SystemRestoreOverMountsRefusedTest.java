package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.SystemRestore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restore over mounts refuses, by name and before anything is changed. */
class SystemRestoreOverMountsRefusedTest {

  @TempDir Path folder;
  private Path archive;
  private SystemWorld target;

  @BeforeEach
  void archive() throws Exception {
    SystemWorld source = SystemWorld.create(folder.resolve("source"), 1);
    archive = SystemWorld.archive(source.source(), folder);
    target = SystemWorld.create(folder.resolve("target"), 2);
  }

  @Test
  void a_disk_that_the_archive_has_nothing_of_is_not_emptied_for_good() throws Exception {
    Path inside = Files.createDirectory(target.uploads().resolve("a mount"));
    Path onDisk = Files.writeString(inside.resolve("on-the-disk"), "stays");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> SystemWorld.restore(mounted(inside).discardReplaced().build(), archive))
        .withMessageContaining(inside + ", in the place of uploads, is a mount of its own")
        .withMessageContaining("unmount it, or restore without discardReplaced()");
    assertThat(onDisk).hasContent("stays");

    RestoredSystem restored = SystemWorld.restore(mounted(inside).build(), archive);

    assertThat(restored.replaced().get(1).resolve("on-the-disk")).hasContent("stays");
    assertThat(target.generation()).isEqualTo("1");
  }

  @Test
  void a_mount_that_cannot_be_written_to_is_refused_before_anything_is_changed() throws Exception {
    try (SmallDisk disk = SmallDisk.bind(target.uploads(), target.uploads())) {
      disk.makeReadOnly();
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> SystemWorld.restore(target().build(), archive))
          .withMessageContaining(target.uploads() + " is a mount of its own")
          .withMessageContaining("mount it writable")
          .withMessageContaining("place(\"uploads\", \"uploads.restored\")")
          .withMessageContaining("cp -a uploads.restored/. uploads/");
      assertThat(target.folder().resolve(".sevenfold-restore")).doesNotExist();
    }
    assertThat(target.generation()).isEqualTo("2");
  }

  @Test
  void a_file_that_is_mounted_by_itself_cannot_be_replaced() throws Exception {
    Path file = target.uploads().resolve("a0/b/file");
    for (Path mount : List.of(target.primary(), file)) {
      try (SmallDisk disk = SmallDisk.bind(mount, mount)) {
        assertThatExceptionOfType(RestoreRefused.class)
            .isThrownBy(() -> SystemWorld.restore(target().build(), archive))
            .withMessageContaining(mount.toString())
            .withMessageContaining("unmount it");
        assertThat(disk).isNotNull();
      }
    }
    assertThat(target.generation()).isEqualTo("2");
    assertThat(target.folder().resolve(".sevenfold-restore")).doesNotExist();
  }

  @Test
  void what_is_a_file_in_the_archive_cannot_come_where_something_is_mounted() throws Exception {
    Path mount = target.uploads().resolve("a0/b/file");
    Files.delete(mount);
    Files.createDirectories(mount.resolve("deeper"));

    for (Path point : List.of(mount, mount.resolve("deeper"))) {
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> SystemWorld.restore(mounted(point).build(), archive))
          .withMessageContaining("in the archive " + mount + " is no folder");
    }
  }

  @Test
  void two_restores_never_work_in_one_mount() throws Exception {
    Path uploads = target.uploads();
    SqliteSystemTarget whole = mounted(uploads).build();
    SqliteSystemTarget alone = SqliteSystemTarget.builder(uploads).build();
    try (SystemRestore first = whole.prepare(SystemWorld.manifest(archive))) {
      SystemWorld.extract(archive, first.places());

      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> SystemWorld.restore(alone, archive))
          .withMessageContaining("Another restore works in " + uploads)
          .withMessageContaining("the restore into " + target.folder());
      assertThatExceptionOfType(RestoreRefused.class).isThrownBy(alone::recover);
      first.apply(Progress.none());
    }
    assertThat(target.generation()).isEqualTo("1");
    try (SystemRestore first = alone.prepare(SystemWorld.manifest(archive))) {
      assertThat(first.places().folder()).isEmptyDirectory();

      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> SystemWorld.restore(whole, archive))
          .withMessageContaining("a restore into " + uploads);
      assertThat(first.places().folder()).isEmptyDirectory();
    }
    assertThat(target.folder().resolve(".sevenfold-restore")).doesNotExist();
    SystemWorld.restore(whole, archive);
    assertThat(target.generation()).isEqualTo("1");
  }

  private SqliteSystemTarget.Builder target() {
    return SqliteSystemTarget.builder(target.folder());
  }

  private SqliteSystemTarget.Builder mounted(Path mount) {
    return target().disk(() -> new MortalDisk(Integer.MAX_VALUE).withMounts(Set.of(mount)));
  }
}
