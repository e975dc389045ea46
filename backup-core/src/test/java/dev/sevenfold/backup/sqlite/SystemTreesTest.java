package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.SystemSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemTreesTest {

  @TempDir Path folder;
  private SystemWorld world;

  @BeforeEach
  void create() throws Exception {
    world = SystemWorld.create(folder.resolve("app"), 1);
  }

  @Test
  void a_tree_around_the_databases_leaves_them_and_their_companions_out() throws Exception {
    for (String own :
        new String[] {
          "production.sqlite3-sevenfold.lock",
          "production.sqlite3-17.sevenfold-journal",
          "production.sqlite3-17.sevenfold-journal.new",
          "uploads/a0/b/file.sevenfold_restore_17",
          ".sevenfold-replaced-20261122010100/old.sqlite3"
        }) {
      Path file = world.folder().resolve(own);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "not for the archive");
    }
    Files.createLink(world.folder().resolve("second-name"), world.primary());
    Files.createSymbolicLink(folder.resolve("link"), world.folder());

    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + world.primary());
        Statement statement = open.createStatement()) {
      statement.execute("INSERT INTO padding VALUES (1)");
      SystemSnapshot snapshot = snapshot(world.parts().tree("all", folder.resolve("link")).build());

      assertThat(snapshot.entries())
          .extracting(Entry::name)
          .filteredOn(name -> name.startsWith("trees/"))
          .containsExactly(
              "trees/all/uploads/a0/b/file",
              "trees/all/uploads/a1/b/file",
              "trees/all/uploads/a2/b/file",
              "trees/all/uploads/a3/b/file",
              "trees/all/uploads/a4/b/file");
      assertThat(snapshot.warnings())
          .anyMatch(
              warning ->
                  warning.contains("hard links of databases") && warning.contains("second-name"));
    }
  }

  @Test
  void another_database_in_use_stops_the_backup_by_name() throws Exception {
    Path other = world.uploads().resolve("other.sqlite3");
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + other);
        Statement statement = open.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE t (a)");

      assertThatExceptionOfType(BackupRefused.class)
          .isThrownBy(() -> snapshot(world.source()))
          .withMessageContaining("other.sqlite3 ")
          .withMessageContaining("rebuilt");
    }
  }

  @Test
  void a_database_at_rest_is_a_file_like_any_other() throws Exception {
    SystemWorld.execute(world.uploads().resolve("export.sqlite3"), "CREATE TABLE t (a)");

    assertThat(snapshot(world.source()).entries())
        .extracting(Entry::name)
        .contains("trees/uploads/export.sqlite3");
  }

  @Test
  void files_that_only_look_like_companions_are_kept() throws Exception {
    Files.writeString(world.uploads().resolve("travel-journal"), "day one");
    Files.writeString(world.uploads().resolve("lorry-wal"), "a wall");

    assertThat(snapshot(world.source()).entries())
        .extracting(Entry::name)
        .contains("trees/uploads/travel-journal", "trees/uploads/lorry-wal");
  }

  @Test
  void links_are_not_followed_and_are_reported() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(world.uploads().resolve("to-file"), secret);
    Files.createSymbolicLink(world.uploads().resolve("to-folder"), folder);

    SystemSnapshot snapshot = snapshot(world.source());

    assertThat(snapshot.entries()).extracting(Entry::name).noneMatch(name -> name.contains("to-"));
    assertThat(snapshot.warnings())
        .singleElement()
        .asString()
        .contains("links that lead out of the tree", "(2)", "to-file", "to-folder");
  }

  @Test
  void modes_are_kept() throws Exception {
    Path file = world.uploads().resolve("a0/b/file");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThat(snapshot(world.source()).entries())
        .filteredOn(entry -> entry.name().equals("trees/uploads/a0/b/file"))
        .extracting(Entry::mode)
        .containsExactly(OptionalInt.of(0640));
  }

  @Test
  void a_file_that_is_deleted_or_replaced_before_it_is_archived_is_archived_as_it_was()
      throws Exception {
    SystemSnapshot snapshot = snapshot(world.source());
    Files.delete(world.uploads().resolve("a0/b/file"));
    Path other = Files.writeString(folder.resolve("other"), "another generation");
    Files.move(other, world.uploads().resolve("a1/b/file"), StandardCopyOption.REPLACE_EXISTING);

    Path archive = SystemWorld.archive(snapshot, folder);

    assertThat(SystemWorld.stage(archive, folder).entry("trees/uploads/a0/b/file"))
        .hasContent("generation 1");
    assertThat(SystemWorld.stage(archive, folder).entry("trees/uploads/a1/b/file"))
        .hasContent("generation 1");
  }

  @Test
  void a_file_that_is_changed_before_it_is_archived_fails_the_archive_by_name() throws Exception {
    SystemSnapshot snapshot = snapshot(world.source());
    Files.writeString(world.uploads().resolve("a3/b/file"), "generation 2");

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> SystemWorld.archive(snapshot, folder))
        .withMessageContaining("trees/uploads/a3/b/file");
  }

  @Test
  void a_file_that_vanishes_while_the_tree_is_read_is_a_warning() throws Exception {
    Progress deleting =
        (step, unit, done, total) -> {
          if (step.equals("read uploads") && done == 1) {
            delete(world.uploads().resolve("a4/b/file"));
          }
        };

    SystemSnapshot snapshot = world.source().snapshot(folder.resolve("scratch"), deleting);

    assertThat(snapshot.missing()).containsExactly("trees/uploads/a4/b/file");
    assertThat(snapshot.warnings())
        .singleElement()
        .asString()
        .contains("deleted", "(1)", "a4/b/file");
    assertThat(SystemWorld.manifest(SystemWorld.archive(snapshot, folder)).missing())
        .containsExactly("trees/uploads/a4/b/file");
  }

  @Test
  void a_file_that_never_rests_is_archived_as_it_was_and_named() throws Exception {
    Path log = world.uploads().resolve("production.log");
    Files.write(log, new byte[16 << 20]);
    AtomicBoolean ended = new AtomicBoolean();
    Thread writer = new Thread(() -> append(log, ended));
    writer.start();
    try {
      SystemSnapshot snapshot = snapshot(world.source());

      assertThat(snapshot.warnings())
          .singleElement()
          .asString()
          .contains("tree uploads", "grew while they were read", "(1): production.log");
      assertThat(snapshot.entries())
          .filteredOn(entry -> entry.name().endsWith("production.log"))
          .allMatch(entry -> entry.size() >= 16 << 20)
          .hasSize(1);
    } finally {
      ended.set(true);
      writer.join();
    }
  }

  @Test
  void what_is_excluded_is_left_out_with_all_that_is_in_it_and_lost_and_found_always()
      throws Exception {
    for (String name :
        new String[] {
          "lost+found/17", "cache/1", "a0/cache/1", "a0/b/x.tmp", "previews/large/1", "cached"
        }) {
      Path file = world.uploads().resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "new");
    }
    SqliteSystemSource source =
        world
            .parts()
            .tree("uploads", world.uploads())
            .exclude("/cache/")
            .exclude("*.tmp")
            .exclude("previews/*")
            .build();

    SystemSnapshot snapshot = snapshot(source);

    assertThat(snapshot.entries())
        .extracting(Entry::name)
        .filteredOn(name -> name.startsWith("trees/") && !name.endsWith("/b/file"))
        .containsExactly("trees/uploads/a0/cache/1", "trees/uploads/cached");
    assertThat(snapshot.folders())
        .extracting(Folder::name)
        .contains("trees/uploads/previews")
        .noneMatch(name -> name.contains("lost+found") || name.endsWith("large"));
    assertThat(snapshot.warnings()).isEmpty();
  }

  @Test
  void a_database_in_use_that_is_excluded_stops_no_backup() throws Exception {
    Path other = world.uploads().resolve("other.sqlite3");
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + other);
        Statement statement = open.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE t (a)");
      SqliteSystemSource source =
          world.parts().tree("uploads", world.uploads()).exclude("other.sqlite3*").build();

      assertThat(snapshot(source).entries())
          .extracting(Entry::name)
          .noneMatch(name -> name.contains("other"));
    }
  }

  @Test
  void a_pattern_that_names_nothing_or_everything_is_refused() {
    for (String pattern : new String[] {"", "**", "/", "../x", "[a"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> world.parts().exclude(pattern))
          .withMessageContaining("\"" + pattern.replaceFirst("^/", "") + "\"");
    }
  }

  @Test
  void what_may_not_be_read_refuses_the_backup_by_name_unless_it_is_excluded() throws Exception {
    Path secret = Files.writeString(world.uploads().resolve("secret"), "secret");
    Path closed = Files.createDirectory(world.uploads().resolve("closed"));
    for (Path path : new Path[] {secret, closed}) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
    }

    assertThat(UnprivilegedBackup.run(world.folder()))
        .contains("tree uploads", "may not read", "exclude")
        .contains(secret.toString(), closed.toString());
    assertThat(UnprivilegedBackup.run(world.folder(), "secret", "closed")).isEqualTo("done");
  }

  @Test
  void a_tree_that_is_not_there_looks_as_if_it_was_not_mounted() throws Exception {
    SqliteSystemSource source = world.parts().tree("media", folder.resolve("media")).build();

    SystemSnapshot snapshot = snapshot(source);

    assertThat(snapshot.unmounted()).containsOnlyKeys("trees/media");
    assertThat(snapshot.unmounted().get("trees/media")).contains("tree media", "is not there");
    assertThat(snapshot.missing()).containsExactly("trees/media");
  }

  @Test
  void a_tree_without_any_file_is_a_warning() throws Exception {
    Path media = Files.createDirectory(folder.resolve("media"));

    assertThat(snapshot(world.parts().tree("media", media).build()).warnings())
        .singleElement()
        .asString()
        .contains("tree media", "has no file");
  }

  @Test
  void a_name_that_no_archive_can_keep_stops_the_backup() throws Exception {
    // As long as a path may be, and then below the long name of a tree.
    Path tree = Files.createTempDirectory(Path.of("/tmp"), "tree");
    try {
      Path deep = tree;
      while (deep.toString().length() < 3_960) {
        deep = deep.resolve("x".repeat(100));
      }
      Files.createDirectories(deep.resolve("y".repeat(4_080 - deep.toString().length())));
      SqliteSystemSource source = world.parts().tree("u".repeat(100), tree).build();

      assertThatExceptionOfType(BackupRefused.class)
          .isThrownBy(() -> snapshot(source))
          .satisfies(e -> assertThat(e.reasons()).hasSize(1))
          .withMessageContaining("more than 4096");
    } finally {
      new DurableFiles().deleteAll(tree);
    }
  }

  @Test
  void parts_that_contradict_each_other_are_refused_by_name() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.parts().rebuilt("again", world.primary()).build())
        .withMessageContaining("primary")
        .withMessageContaining("again");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.parts().tree("cache", world.uploads()).build())
        .withMessageContaining("one name");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                world.parts().tree("all", world.folder()).tree("uploads", world.uploads()).build())
        .withMessageContaining("overlap");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SqliteSystemSource.builder().rebuilt("x", folder).build())
        .withMessageContaining("holds nothing");
  }

  private SystemSnapshot snapshot(SqliteSystemSource source) throws IOException {
    return source.snapshot(Files.createTempDirectory(folder, "scratch"), Progress.none());
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(Path file, AtomicBoolean ended) {
    try {
      while (!ended.get()) {
        Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
