package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.SystemRestorePlan.Placement;
import dev.sevenfold.backup.source.SystemTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemRestoreTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T01:01:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;
  private Path archive;
  private SystemWorld target;

  @BeforeEach
  void archive() throws Exception {
    SystemWorld source = SystemWorld.create(folder.resolve("source"), 1);
    Files.setPosixFilePermissions(
        source.uploads().resolve("a0/b/file"), PosixFilePermissions.fromString("rw-r--r--"));
    archive = SystemWorld.archive(source.source(), folder);
    target = new SystemWorld(folder.resolve("target"));
  }

  @Test
  void a_bare_folder_gets_the_whole_system_and_nothing_else() throws Exception {
    RestoredSystem restored = SystemWorld.restore(target().build(), archive);

    assertThat(target.generation()).isEqualTo("1");
    assertThat(names(target.folder()))
        .containsExactlyInAnyOrder("production.sqlite3", "db", "uploads");
    assertThat(restored.replaced()).isEmpty();
    assertThat(restored.places())
        .containsEntry("primary", target.primary())
        .containsEntry("cache", target.cache());
    assertThat(SystemWorld.query(target.primary(), "PRAGMA journal_mode")).isEqualTo("wal");
  }

  @Test
  void databases_have_mode_660_and_files_the_mode_that_they_had() throws Exception {
    SystemWorld.restore(target().build(), archive);

    assertThat(mode(target.primary())).isEqualTo("rw-rw----");
    assertThat(mode(target.queue())).isEqualTo("rw-rw----");
    assertThat(mode(target.uploads().resolve("a0/b/file"))).isEqualTo("rw-r--r--");
    assertThat(mode(target.uploads().resolve("a0/b"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(target.folder().resolve("db"))).isEqualTo("rwxrwx---");
  }

  @Test
  void the_host_chooses_modes_and_paths() throws Exception {
    SystemTarget chosen =
        target()
            .databaseMode(PosixFilePermissions.fromString("rw-------"))
            .place("primary", "main.sqlite3")
            .place("uploads", "files/media")
            .build();

    SystemWorld.restore(chosen, archive);

    assertThat(mode(target.folder().resolve("main.sqlite3"))).isEqualTo("rw-------");
    assertThat(target.folder().resolve("files/media/a0/b/file")).hasContent("generation 1");
  }

  @Test
  void what_is_there_is_replaced_and_kept_aside_and_the_cache_is_gone() throws Exception {
    SystemWorld.create(target.folder(), 2);
    Files.writeString(target.folder().resolve("README"), "not a part of the system");
    Files.writeString(target.uploads().resolve("newer"), "generation 2");

    RestoredSystem restored = SystemWorld.restore(target().build(), archive);

    assertThat(target.generation()).isEqualTo("1");
    assertThat(names(target.folder()))
        .containsExactlyInAnyOrder(
            "production.sqlite3", "db", "uploads", "README", ".sevenfold-replaced-20261122010100");
    Path replaced = restored.replaced().get(0);
    assertThat(names(replaced)).containsExactlyInAnyOrder("production.sqlite3", "db", "uploads");
    assertThat(SystemWorld.query(replaced.resolve("db/queue.sqlite3"), "SELECT * FROM state"))
        .isEqualTo("2");
    assertThat(replaced.resolve("uploads/newer")).hasContent("generation 2");
  }

  @Test
  void what_was_there_is_deleted_if_the_host_says_so() throws Exception {
    SystemWorld.create(target.folder(), 2);

    SystemWorld.restore(target().discardReplaced().build(), archive);

    assertThat(target.generation()).isEqualTo("1");
    assertThat(names(target.folder()))
        .containsExactlyInAnyOrder("production.sqlite3", "db", "uploads");
  }

  @Test
  void a_tree_that_is_the_folder_itself_is_replaced_around_the_databases() throws Exception {
    SystemWorld source = new SystemWorld(folder.resolve("source"));
    archive = SystemWorld.archive(source.parts().tree("all", source.folder()).build(), folder);
    SystemWorld.create(target.folder(), 2);
    Files.writeString(target.folder().resolve("README"), "a part of the tree");

    RestoredSystem restored = SystemWorld.restore(target().build(), archive);

    assertThat(target.generation()).isEqualTo("1");
    assertThat(restored.replaced().get(0).resolve("README")).exists();
    assertThat(names(target.folder()))
        .containsExactlyInAnyOrder(
            "production.sqlite3", "db", "uploads", ".sevenfold-replaced-20261122010100");
  }

  @Test
  void old_companions_of_any_kind_are_never_beside_the_new_databases() throws Exception {
    SystemWorld.create(target.folder(), 2);
    Random random = new Random(7);
    for (Path database : List.of(target.primary(), target.queue(), target.cache())) {
      for (String companion : List.of("-wal", "-shm", "-journal")) {
        byte[] garbage = new byte[40_000];
        random.nextBytes(garbage);
        Files.write(database.resolveSibling(database.getFileName() + companion), garbage);
      }
    }

    SystemWorld.restore(target().build(), archive);

    assertThat(names(target.folder())).noneMatch(name -> name.contains("sqlite3-"));
    assertThat(names(target.folder().resolve("db"))).containsExactly("queue.sqlite3");
    assertThat(target.generation()).isEqualTo("1");
  }

  @Test
  void a_wal_that_was_not_checkpointed_is_set_aside_as_it_was() throws Exception {
    SystemWorld.create(target.folder(), 2);
    Path wal = target.folder().resolve("production.sqlite3-wal");
    Path saved = folder.resolve("saved");
    SystemWorld.execute(target.primary(), "UPDATE state SET generation = 3");
    try (Session open = Session.scratch(target.primary())) {
      open.execute("UPDATE state SET generation = 4");
      Files.copy(target.primary(), saved.resolveSibling("saved"));
      Files.copy(wal, saved.resolveSibling("saved-wal"));
    }
    Files.copy(saved, target.primary(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(saved.resolveSibling("saved-wal"), wal);

    RestoredSystem restored = SystemWorld.restore(target().build(), archive);

    Path replaced = restored.replaced().get(0);
    assertThat(replaced.resolve("production.sqlite3-wal"))
        .hasSameBinaryContentAs(saved.resolveSibling("saved-wal"));
    assertThat(SystemWorld.query(replaced.resolve("production.sqlite3"), "SELECT * FROM state"))
        .isEqualTo("4");
    assertThat(target.generation()).isEqualTo("1");
  }

  @Test
  void any_rubbish_in_the_places_is_replaced() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 30; round++) {
      Rubbish.strew(target, random);

      SystemWorld.restore(target().discardReplaced().build(), archive);

      assertThat(target.generation()).as("round %s", round).isEqualTo("1");
      assertThat(names(target.folder()))
          .as("round %s", round)
          .containsExactlyInAnyOrder("production.sqlite3", "db", "uploads");
    }
  }

  @Test
  void a_failing_check_of_the_host_brings_everything_back() throws Exception {
    SystemWorld.create(target.folder(), 2);
    List<String> seen = new ArrayList<>();
    SystemTarget failing =
        target()
            .check(
                places -> {
                  seen.add(new SystemWorld(target.folder()).generation());
                  return SystemWorld.query(
                          Objects.requireNonNull(places.get("primary")), "SELECT * FROM state")
                      .equals("2");
                })
            .build();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> SystemWorld.restore(failing, archive));

    assertThat(seen).containsExactly("1");
    assertThat(target.generation()).isEqualTo("2");
    assertThat(SystemWorld.query(target.cache(), "SELECT * FROM state")).isEqualTo("2");
    assertThat(names(target.folder()))
        .containsExactlyInAnyOrder(
            "production.sqlite3", "production_cache.sqlite3", "db", "uploads");
  }

  @Test
  void a_check_that_throws_is_the_cause_and_a_bare_folder_is_bare_again() throws Exception {
    Exception thrown = new IOException("no login");
    SystemTarget failing =
        target()
            .check(
                places -> {
                  throw thrown;
                })
            .build();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> SystemWorld.restore(failing, archive))
        .withMessageContaining("no login")
        .withCause(thrown);

    assertThat(names(target.folder())).isEmpty();
  }

  @Test
  void rebuilt_databases_are_handed_to_the_host_before_its_checks() throws Exception {
    SystemWorld.create(target.folder(), 2);
    List<String> heard = new ArrayList<>();
    SystemTarget rebuilding =
        target()
            .rebuild(
                (name, file) -> {
                  heard.add(name + Files.exists(file));
                  SystemWorld.execute(file, "CREATE TABLE fresh (a)");
                })
            .check(places -> heard.add("check"))
            .build();

    SystemWorld.restore(rebuilding, archive);

    assertThat(heard).containsExactly("cachefalse", "check");
    assertThat(SystemWorld.query(target.cache(), "SELECT count(*) FROM fresh")).isEqualTo("0");
  }

  @Test
  void a_plan_says_what_goes_where_and_writes_nothing() throws Exception {
    SystemWorld.create(target.folder(), 2);
    List<String> before = names(target.folder());

    try (var restore = target().build().prepare(SystemWorld.manifest(archive))) {
      assertThat(restore.plan().conflicts()).isEmpty();
      assertThat(restore.plan().placements())
          .extracting(Placement::target)
          .containsExactly(target.primary(), target.queue(), target.cache(), target.uploads());
      assertThat(restore.plan().placements()).allMatch(Placement::replaces);
      assertThat(restore.plan().bytes()).isPositive();
    }

    assertThat(names(target.folder())).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void what_was_extracted_and_not_applied_is_removed() throws Exception {
    SystemWorld.create(target.folder(), 2);

    try (var restore = target().build().prepare(SystemWorld.manifest(archive))) {
      SystemWorld.extract(archive, restore.places());
      assertThat(mode(restore.places().folder().getParent())).isEqualTo("rwx------");
    }

    assertThat(names(target.folder()))
        .containsExactlyInAnyOrder(
            "production.sqlite3", "production_cache.sqlite3", "db", "uploads");
  }

  private SqliteSystemTarget.Builder target() {
    return SqliteSystemTarget.builder(target.folder()).clock(CLOCK);
  }

  private static String mode(@Nullable Path file) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(Objects.requireNonNull(file)));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
