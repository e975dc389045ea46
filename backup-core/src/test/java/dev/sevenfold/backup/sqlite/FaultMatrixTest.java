package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of fault, met by every kind of work. A new kind is one more line.
 *
 * <p>Whatever the fault and the work, four things hold: the other tenant's rows and files are what
 * they were, and it can be backed up; work that did not come to its end has changed nothing; a
 * preview says what the restore then does; what was proven stays so, unless it is what is damaged.
 */
class FaultMatrixTest {

  private static final TenantId ONE = TenantId.of(1);
  private static final TenantId TWO = TenantId.of(2);

  /** What is done while the fault is there. */
  private enum Work {
    BACKUP,
    VERIFY,
    RESTORE,
    UNDO
  }

  /** How it ends. */
  private enum End {
    DONE,
    REFUSED,
    DAMAGED,
    FAILED
  }

  private interface Change {
    void in(World world) throws IOException;
  }

  /**
   * One kind of fault.
   *
   * @param ends how each {@link Work} ends
   */
  private record Fault(String kind, Change begins, Map<Work, End> ends) {}

  private static Fault fault(
      String kind, Change begins, End backup, End verify, End restore, End undo) {
    return new Fault(
        kind,
        begins,
        Map.of(Work.BACKUP, backup, Work.VERIFY, verify, Work.RESTORE, restore, Work.UNDO, undo));
  }

  private static Change rows(String... sql) {
    return world -> world.lab.execute(sql);
  }

  private static final List<Fault> FAULTS =
      List.of(
          fault("none", world -> {}, End.DONE, End.DONE, End.DONE, End.DONE),
          // What others have to do with it
          fault(
              "another tenant uses a row that came since, and pages below it",
              rows(
                  "INSERT INTO documents VALUES (5, 'five')",
                  "INSERT INTO pages VALUES (1, 5, 'p')",
                  "INSERT INTO links VALUES (5, 1, 5), (6, 2, 5)"),
              End.DONE,
              End.DONE,
              End.DONE,
              End.DONE),
          fault(
              "another tenant uses a row that would change",
              rows("INSERT INTO links VALUES (6, 2, 1)", "UPDATE pages SET text = 'changed'"),
              End.DONE,
              End.DONE,
              End.REFUSED,
              End.REFUSED),
          fault(
              "an id belongs to another tenant by now",
              rows("DELETE FROM users WHERE id = 1", "INSERT INTO users VALUES (1, 2, 'x', NULL)"),
              End.DONE,
              End.DONE,
              End.REFUSED,
              End.REFUSED),
          fault(
              "another tenant's row would go by a cascade",
              rows(
                  "INSERT INTO teams VALUES (5, 1, 'new')",
                  "INSERT INTO users VALUES (20, 2, 'guest', 5)"),
              End.DONE,
              End.DONE,
              End.REFUSED,
              End.REFUSED),
          fault(
              "another tenant's row has a type that nobody knows",
              rows("INSERT INTO tags VALUES (9, 'Robot', 99, 'x')"),
              End.DONE,
              End.DONE,
              End.DONE,
              End.DONE),
          fault(
              "a row that restored rows point at is gone, in a table that has an orphan",
              rows(
                  "PRAGMA foreign_keys = OFF",
                  "INSERT INTO orders VALUES (50, 1, 777)",
                  "DELETE FROM orders WHERE id = 1",
                  "DELETE FROM countries WHERE id = 1"),
              End.DONE,
              End.DONE,
              End.REFUSED,
              End.REFUSED),
          // Files
          fault(
              "another tenant's row names the same path by another type",
              world -> {
                world.lab.execute(
                    "DELETE FROM files WHERE id = 1", "INSERT INTO files VALUES (9, 2, x'61')");
                Files.writeString(world.storage().resolve("a"), "of two");
              },
              End.DONE,
              End.DONE,
              End.REFUSED,
              End.REFUSED),
          fault(
              "a folder that holds something stands where the file was",
              world -> {
                Files.delete(world.storage().resolve("a"));
                Files.createDirectories(world.storage().resolve("a/inner"));
              },
              End.DONE,
              End.DONE,
              End.REFUSED,
              End.REFUSED),
          fault(
              "all files are gone, as from a disk that is not mounted",
              world -> world.emptyStorage(),
              End.REFUSED,
              End.DONE,
              End.DONE,
              End.DONE),
          // The live database
          fault(
              "an index lacks a row of the tenant's",
              world -> world.damageIndex(),
              End.REFUSED,
              End.DONE,
              End.REFUSED,
              End.REFUSED),
          // The store
          fault(
              "a byte of every archive has flipped",
              world -> world.flipBytes(),
              End.DONE,
              End.DAMAGED,
              End.DAMAGED,
              End.REFUSED),
          fault(
              "a file stands where the store was",
              world -> {
                Files.move(world.store(), world.folder.resolve("elsewhere"));
                Files.writeString(world.store(), "");
              },
              End.FAILED,
              End.FAILED,
              End.FAILED,
              End.FAILED),
          // The machine
          fault(
              "a file stands where scratch space should be",
              world -> {
                Files.deleteIfExists(world.scratch());
                Files.writeString(world.scratch(), "");
              },
              End.FAILED,
              End.FAILED,
              End.FAILED,
              End.FAILED));

  @TestFactory
  Stream<DynamicTest> nothing_of_anybody_elses_and_nothing_lost(@TempDir Path folder) {
    List<DynamicTest> cells = new ArrayList<>();
    for (Fault fault : FAULTS) {
      for (Work work : Work.values()) {
        Path own = folder.resolve(String.valueOf(cells.size()));
        cells.add(
            dynamicTest(
                fault.kind() + ": " + work,
                () -> {
                  try (World world = new World(Files.createDirectory(own))) {
                    meet(world, fault, work);
                  }
                }));
      }
    }
    return cells.stream();
  }

  private static void meet(World world, Fault fault, Work work) throws IOException {
    fault.begins().in(world);
    world.nextProcess();
    Map<String, Object> others = world.ofTwo();
    Map<String, Object> all = world.everything();
    End expected = Objects.requireNonNull(fault.ends().get(work));

    if (work == Work.RESTORE && expected != End.FAILED) {
      assertThat(end(() -> world.preview())).as("the preview").isEqualTo(expected);
      assertThat(world.everything()).as("after the preview").isEqualTo(all);
    }
    End end = end(() -> world.doIt(work));

    assertThat(end).isEqualTo(expected);
    assertThat(world.ofTwo()).as("what is tenant 2's").isEqualTo(others);
    if (end != End.DONE || work == Work.BACKUP || work == Work.VERIFY) {
      assertThat(world.everything()).as("what nothing was done to").isEqualTo(all);
    }
    if (end == End.DONE && work == Work.RESTORE) {
      world.backups.undo(ONE);
      // Files that were missing, and that the restore brought back, are not taken away again.
      assertThat(world.everything()).as("after an undo").containsAllEntriesOf(all);
    }
    if (expected != End.FAILED) {
      assertThat(
              world
                  .backups
                  .backup(TWO, BackupOptions.DEFAULT.acceptingMissing(), Progress.none())
                  .restorePoint()
                  .verified())
          .isTrue();
      if (expected != End.DAMAGED) {
        assertThat(world.backups.restorePoints(ONE)).allMatch(RestorePoint::verified);
      }
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  private static End end(Action action) throws IOException {
    try {
      action.run();
      return End.DONE;
    } catch (BackupRefused | RestoreRefused e) {
      return End.REFUSED;
    } catch (ArchiveCorrupt e) {
      return End.DAMAGED;
    } catch (BackupException e) {
      return End.FAILED;
    }
  }

  /** Two tenants; tenant 1 has a restore point, went on, and has a restore that can be undone. */
  private static final class World implements AutoCloseable {

    final Path folder;
    final Lab lab;
    final Label point;
    BackupService backups;

    World(Path folder) throws IOException {
      this.folder = folder;
      Files.createDirectory(storage());
      Files.createDirectory(store());
      Files.createDirectory(scratch());
      lab =
          Lab.with(
                  folder,
                  "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                  "CREATE TABLE countries (id INTEGER PRIMARY KEY)",
                  "CREATE TABLE teams (id INTEGER PRIMARY KEY, tenant_id INTEGER, name)",
                  "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name,"
                      + " team_id INTEGER REFERENCES teams ON DELETE CASCADE)",
                  "CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL,"
                      + " country_id INTEGER REFERENCES countries)",
                  "CREATE INDEX orders_of_tenant ON orders (tenant_id)",
                  "CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT)",
                  "CREATE TABLE pages (id INTEGER PRIMARY KEY,"
                      + " document_id INTEGER NOT NULL REFERENCES documents, text)",
                  "CREATE TABLE links (id INTEGER PRIMARY KEY, tenant_id INTEGER,"
                      + " document_id INTEGER NOT NULL REFERENCES documents)",
                  "CREATE TABLE tags (id INTEGER PRIMARY KEY, type TEXT, of INTEGER, name)",
                  "CREATE TABLE files (id INTEGER PRIMARY KEY, tenant_id INTEGER, name)",
                  "INSERT INTO tenants VALUES (1), (2)",
                  "INSERT INTO countries VALUES (1), (2)",
                  "INSERT INTO teams VALUES (1, 1, 'a'), (2, 2, 'b')",
                  "INSERT INTO users VALUES (1, 1, 'u', 1), (2, 2, 'v', 2)",
                  "INSERT INTO orders VALUES (1, 1, 1), (2, 1, 2), (3, 2, 2)",
                  "INSERT INTO documents VALUES (1, 'one'), (2, 'two')",
                  "INSERT INTO pages VALUES (11, 1, 'text'), (12, 2, 'text')",
                  "INSERT INTO links VALUES (1, 1, 1), (2, 2, 2)",
                  "INSERT INTO tags VALUES (1, 'User', 1, 't'), (2, 'User', 2, 't')",
                  "INSERT INTO files VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c')")
              .owned(
                  TenantModel.rootedAt("tenants")
                      .column("tenant_id")
                      .shared("countries")
                      .referencedBy("documents", "links", "document_id")
                      .polymorphic("tags", "type", "of", Map.of("User", "users"))
                      .files(storage(), "files", "{name}"));
      for (String name : List.of("a", "b", "c")) {
        Files.writeString(storage().resolve(name), "content of " + name);
      }
      backups = service(Duration.ZERO);
      point = backups.backup(ONE).restorePoint().label();
      lab.execute("UPDATE users SET name = 'later' WHERE id = 1");
      backups.restore(ONE, point);
      // What the restore point and the undo have otherwise.
      lab.execute("UPDATE teams SET name = 'renamed' WHERE id = 1");
    }

    private BackupService service(Duration later) {
      Clock clock = Clock.offset(Clock.systemUTC(), later);
      return BackupService.builder(lab.source(clock), DirectoryArchiveStore.at(store()))
          .scratch(scratch())
          .clock(clock)
          .build();
    }

    /** The fault is met by the next process, some days later. */
    void nextProcess() {
      backups.close();
      backups = service(Duration.ofDays(2));
    }

    Path storage() {
      return folder.resolve("storage");
    }

    Path store() {
      return folder.resolve("store");
    }

    Path scratch() {
      return folder.resolve("scratch");
    }

    void doIt(Work work) {
      switch (work) {
        case BACKUP -> backups.backup(ONE);
        case VERIFY -> backups.verify(point);
        case RESTORE -> backups.restore(ONE, point);
        case UNDO -> backups.undo(ONE);
      }
    }

    void preview() {
      List<String> conflicts = backups.preview(ONE, point).conflicts();
      if (!conflicts.isEmpty()) {
        throw new RestoreRefused("The preview has conflicts", conflicts, "See them");
      }
    }

    void emptyStorage() throws IOException {
      for (String name : List.of("a", "b", "c")) {
        Files.delete(storage().resolve(name));
      }
    }

    /** Leaves a row out of the index, as a file system's fault or a defect of a driver would. */
    void damageIndex() {
      lab.execute(
          "DROP INDEX orders_of_tenant",
          "CREATE INDEX orders_of_tenant ON orders (tenant_id) WHERE id <> 1",
          "PRAGMA writable_schema = ON",
          "UPDATE sqlite_schema SET sql = 'CREATE INDEX orders_of_tenant ON orders (tenant_id)'"
              + " WHERE name = 'orders_of_tenant'");
    }

    void flipBytes() throws IOException {
      each(
          store(),
          (name, file) -> {
            try {
              byte[] bytes = Files.readAllBytes(file);
              if (name.endsWith(".tar.gz") || name.endsWith(".tar.zst")) {
                // Behind the manifest, which a list reads.
                bytes[bytes.length - 20] ^= 1;
                Files.write(file, bytes);
              }
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          });
    }

    /** Rows and files that are tenant 2's by an account that knows nothing of the library. */
    Map<String, Object> ofTwo() throws IOException {
      Map<String, Object> found = new TreeMap<>();
      for (String table : List.of("teams", "users", "orders", "links", "files")) {
        found.put(table, lab.rows("(SELECT * FROM " + table + " WHERE tenant_id = 2) t"));
      }
      String documents = "(SELECT document_id FROM links WHERE tenant_id = 2)";
      found.put("documents", lab.rows("(SELECT * FROM documents WHERE id IN " + documents + ") t"));
      found.put(
          "pages", lab.rows("(SELECT * FROM pages WHERE document_id IN " + documents + ") t"));
      found.put("tags", lab.rows("(SELECT * FROM tags WHERE of <> 1) t"));
      found.put("countries", lab.rows("countries"));
      for (String name :
          lab.query("SELECT CAST(name AS TEXT) FROM files WHERE tenant_id = 2").split(",", -1)) {
        Path file = storage().resolve(name);
        found.put("file " + name, Files.isRegularFile(file) ? Files.readString(file) : "not there");
      }
      return found;
    }

    Map<String, Object> everything() throws IOException {
      Map<String, Object> found = new TreeMap<>(lab.dump());
      each(storage(), (name, file) -> found.put("file " + name, content(file)));
      return found;
    }

    private static String content(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void each(Path folder, BiConsumer<String, Path> use) throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .filter(Files::isRegularFile)
            .toList()
            .forEach(file -> use.accept(folder.relativize(file).toString(), file));
      }
    }

    @Override
    public void close() {
      backups.close();
    }
  }
}
