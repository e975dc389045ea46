package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.SystemSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemSnapshotTest {

  private static final Instant NOW = Instant.parse("2026-11-22T01:02:03.456789Z");

  @TempDir Path folder;

  @Test
  void every_snapshot_of_a_ledger_sums_to_zero_while_another_process_writes() throws Exception {
    Path ledger = folder.resolve("ledger.sqlite3");
    LedgerWriter.create(ledger, 20);
    SqliteSystemSource source = SqliteSystemSource.builder().database("ledger", ledger).build();
    try (LedgerProcess writer = LedgerProcess.start(ledger, 500)) {
      for (int i = 0; i < 8; i++) {
        Path copy = copyOf(source, "ledger", "scratch" + i);

        assertThat(LedgerWriter.sum(copy)).isZero();
        assertThat(SystemWorld.query(copy, "SELECT count(*) > 0 FROM transfers")).isEqualTo("1");
      }
      assertThat(writer.commits()).hasSizeGreaterThan(10);
    }
    // Nothing that was answered with OK is lost by the reading.
    assertThat(LedgerWriter.sum(ledger)).isZero();
  }

  @Test
  void a_copy_has_the_pages_of_the_database_and_so_all_that_they_say() throws Exception {
    Path database = folder.resolve("odd ?#%name.sqlite3");
    SystemWorld.execute(
        database,
        "PRAGMA page_size = 8192",
        "PRAGMA encoding = 'UTF-16le'",
        "PRAGMA auto_vacuum = INCREMENTAL",
        "PRAGMA journal_mode = WAL",
        "PRAGMA application_id = 77",
        "PRAGMA user_version = 5",
        "CREATE TABLE notes (body TEXT)",
        "INSERT INTO notes VALUES ('one'), ('two'), ('three'), ('four')",
        "DELETE FROM notes WHERE rowid IN (1, 3)");

    SqliteSystemSource source = SqliteSystemSource.builder().database("odd", database).build();
    SystemSnapshot snapshot = source.snapshot(folder.resolve("scratch"), Progress.none());
    Path copy = folder.resolve("scratch/databases/odd");

    assertThat(SystemWorld.query(copy, "SELECT group_concat(rowid) FROM notes")).isEqualTo("2,4");
    for (String pragma :
        List.of(
            "page_size",
            "encoding",
            "auto_vacuum",
            "journal_mode",
            "application_id",
            "user_version",
            "page_count",
            "freelist_count")) {
      assertThat(SystemWorld.query(copy, "PRAGMA " + pragma))
          .as(pragma)
          .isEqualTo(SystemWorld.query(database, "PRAGMA " + pragma));
    }
    assertThat(snapshot.origin().schemaVersion()).hasValue(5);
    assertThat(snapshot.origin().engine()).isEqualTo("sqlite");
  }

  @Test
  void an_index_that_finds_its_rows_by_their_rowids_finds_them_in_the_copy() throws Exception {
    Path database = folder.resolve("search.sqlite3");
    SystemWorld.execute(
        database,
        "CREATE TABLE notes (body TEXT)",
        "INSERT INTO notes VALUES ('gone'), ('needle'), ('hay')",
        "DELETE FROM notes WHERE rowid = 1",
        "CREATE VIRTUAL TABLE search USING fts5(body, content = 'notes')",
        "INSERT INTO search (search) VALUES ('rebuild')");

    Path copy =
        copyOf(SqliteSystemSource.builder().database("search", database).build(), "search", "s");

    assertThat(SystemWorld.query(copy, "SELECT body FROM search WHERE search MATCH 'needle'"))
        .isEqualTo("needle");
  }

  @Test
  void databases_of_every_journal_mode_are_copied_and_keep_it() throws Exception {
    for (String mode : List.of("wal", "delete", "truncate", "persist")) {
      Path database = folder.resolve(mode + ".sqlite3");
      SystemWorld.execute(
          database,
          "PRAGMA journal_mode = " + mode,
          "CREATE TABLE t (a)",
          "INSERT INTO t VALUES (1)");

      Path copy = copyOf(SqliteSystemSource.builder().database("x", database).build(), "x", mode);

      assertThat(SystemWorld.query(copy, "PRAGMA journal_mode"))
          .isEqualTo(mode.equals("wal") ? "wal" : "delete");
      assertThat(SystemWorld.query(copy, "SELECT a FROM t")).isEqualTo("1");
    }
  }

  @Test
  void an_empty_database_is_copied() throws Exception {
    Path database = Files.createFile(folder.resolve("empty.sqlite3"));

    Path copy = copyOf(SqliteSystemSource.builder().database("x", database).build(), "x", "s");

    assertThat(SystemWorld.query(copy, "PRAGMA integrity_check")).isEqualTo("ok");
  }

  @Test
  void tells_the_instant_and_the_places_and_lists_what_it_holds() throws Exception {
    SystemWorld world = SystemWorld.create(folder.resolve("app"), 1);

    SystemSnapshot snapshot =
        world
            .parts()
            .tree("uploads", world.uploads())
            .clock(Clock.fixed(NOW, ZoneOffset.UTC))
            .build()
            .snapshot(folder.resolve("scratch"), Progress.none());

    assertThat(snapshot.capturedAt()).isEqualTo("2026-11-22T01:02:03.456Z");
    assertThat(snapshot.places())
        .extracting(Object::toString)
        .containsExactly(
            "SystemPlace[role=DATABASE, name=primary, path=production.sqlite3]",
            "SystemPlace[role=DATABASE, name=queue, path=db/queue.sqlite3]",
            "SystemPlace[role=REBUILT, name=cache, path=production_cache.sqlite3]",
            "SystemPlace[role=TREE, name=uploads, path=uploads]");
    assertThat(snapshot.entries())
        .extracting(Entry::name)
        .containsExactly(
            "databases/primary.sqlite3",
            "databases/queue.sqlite3",
            "trees/uploads/a0/b/file",
            "trees/uploads/a1/b/file",
            "trees/uploads/a2/b/file",
            "trees/uploads/a3/b/file",
            "trees/uploads/a4/b/file");
    assertThat(snapshot.warnings()).isEmpty();
    assertThat(snapshot.missing()).isEmpty();
  }

  @Test
  void tells_how_far_it_is() throws Exception {
    SystemWorld world = SystemWorld.create(folder.resolve("app"), 1);
    List<String> heard = new ArrayList<>();

    world
        .source()
        .snapshot(
            folder.resolve("scratch"),
            (step, unit, done, total) ->
                heard.add(step + " " + unit + (done == total ? " all" : "")));

    assertThat(heard)
        .contains("copy primary BYTES all", "copy queue BYTES all", "read uploads FILES all");
  }

  @Test
  void what_a_listener_throws_ends_the_snapshot() throws Exception {
    SystemWorld world = SystemWorld.create(folder.resolve("app"), 1);

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                world
                    .source()
                    .snapshot(
                        folder.resolve("scratch"),
                        (step, unit, done, total) -> {
                          throw new IllegalStateException("enough");
                        }));
    assertThat(world.generation()).isEqualTo("1");
  }

  @Test
  void a_database_that_is_not_there_is_not_made() {
    Path missing = folder.resolve("missing.sqlite3");
    SqliteSystemSource source = SqliteSystemSource.builder().database("x", missing).build();

    assertThatExceptionOfType(SourceUnavailable.class)
        .isThrownBy(() -> source.snapshot(folder.resolve("scratch"), Progress.none()))
        .withMessageContaining("missing.sqlite3");
    assertThat(missing).doesNotExist();
  }

  @Test
  void a_database_that_is_none_is_named() throws Exception {
    Path garbage = Files.writeString(folder.resolve("garbage.sqlite3"), "garbage".repeat(1_000));
    SqliteSystemSource source = SqliteSystemSource.builder().database("x", garbage).build();

    assertThatExceptionOfType(SourceUnavailable.class)
        .isThrownBy(() -> source.snapshot(folder.resolve("scratch"), Progress.none()))
        .withMessageContaining("garbage.sqlite3")
        .withMessageContaining("integrity_check");
  }

  private Path copyOf(SqliteSystemSource source, String name, String scratch)
      throws IOException, SQLException {
    Path into = folder.resolve(scratch);
    source.snapshot(into, Progress.none());
    return into.resolve("databases").resolve(name);
  }
}
