package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.UsedPlaces;
import dev.sevenfold.backup.journal.TenantLocks;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.system.TreeGuard;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Two tenants with attachments, in a folder that can be set back. Tenant 1 has an archive of the
 * state {@link #NEW}, which a restore brings back; what is there is the state {@link #OLD}: rows
 * and files changed, missing and added.
 */
final class AttachmentsWorld {

  static final String OLD = "old";
  static final String NEW = "new";
  static final TenantId TENANT = TenantId.of(1);

  private static final int FILES = 12;
  private static final String NAME = "app.sqlite3";

  private final Path live;
  private final Path model;
  private final Path store;
  private final Map<String, Map<String, List<String>>> states = new TreeMap<>();

  private AttachmentsWorld(Path folder) {
    this.live = folder.resolve("live");
    this.model = folder.resolve("model");
    this.store = folder.resolve("store");
  }

  /** A world of which only the live side is known. */
  static AttachmentsWorld at(Path folder) {
    return new AttachmentsWorld(folder);
  }

  static AttachmentsWorld create(Path folder) throws IOException {
    AttachmentsWorld world = new AttachmentsWorld(folder);
    Files.createDirectories(world.live.resolve("files"));
    world.lab(
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE blobs (id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id INTEGER, key TEXT UNIQUE,"
            + " note TEXT)",
        "CREATE TABLE counters (tenant_id INTEGER PRIMARY KEY, n INTEGER)",
        "CREATE TRIGGER counted AFTER INSERT ON blobs BEGIN UPDATE counters SET n = n + 1 WHERE"
            + " tenant_id = new.tenant_id; END",
        "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
        "INSERT INTO counters VALUES (1, 0), (2, 0)");
    for (int i = 0; i < FILES; i++) {
      world.put(1, "a/" + i, "then " + i);
      world.put(2, "b/" + i, "other " + i);
    }
    world.put(1, "gone/deep/1", "then, in a folder that goes");
    world.service(new DurableFiles()).backup(TENANT);
    world.states.put(NEW, world.state());
    world.lab("UPDATE blobs SET note = 'changed' WHERE tenant_id = 1");
    for (int i = 0; i < FILES; i += 2) {
      Files.writeString(world.file("a/" + i), "changed " + i);
    }
    Files.delete(world.file("a/1"));
    world.lab("DELETE FROM blobs WHERE key IN ('a/1', 'gone/deep/1')");
    Files.delete(world.file("gone/deep/1"));
    Files.delete(world.file("gone/deep"));
    Files.delete(world.file("gone"));
    world.put(1, "late/1", "came later");
    world.put(1, "late/2", "came later");
    world.states.put(OLD, world.state());
    copy(world.live, world.model);
    return world;
  }

  private void put(int tenant, String key, String content) throws IOException {
    lab("INSERT INTO blobs (tenant_id, key) VALUES (" + tenant + ", '" + key + "')");
    Files.createDirectories(file(key).getParent());
    Files.writeString(file(key), content);
  }

  Path folder() {
    return live;
  }

  Path file(String key) {
    return live.resolve("files").resolve(key);
  }

  Lab lab(String... statements) {
    return Lab.plain(live, statements);
  }

  SqliteTenantSource source(Supplier<DurableFiles> disk) {
    return SqliteTenantSource.builder(
            live.resolve(NAME),
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .files(live.resolve("files"), "blobs", "{key}")
                .build())
        .busyTimeout(Duration.ofSeconds(10))
        .disk(disk)
        .build();
  }

  BackupService service(DurableFiles disk, BackupListener... listeners) {
    BackupService.Builder builder = BackupService.builder(source(() -> disk), store());
    List.of(listeners).forEach(builder::listener);
    return builder.build();
  }

  /** A service that backs up the whole system too, with these files. */
  BackupService serviceOfSystem(Path systemStore, BackupListener listener) {
    return BackupService.builder(source(DurableFiles::new), store())
        .listener(listener)
        .system(
            SystemBackups.builder(DirectoryArchiveStore.at(systemStore))
                .source(
                    SqliteSystemSource.builder()
                        .database("primary", live.resolve(NAME))
                        .tree("files", live.resolve("files"))
                        .build()))
        .build();
  }

  /** The tenant's lock, as a process has it that is at work. */
  TenantLock lockOnly(TenantId tenant) {
    return new TenantLocks(live.resolve(NAME + "-sevenfold.lock"), Duration.ZERO).acquire(tenant);
  }

  ArchiveStore store() {
    return DirectoryArchiveStore.at(store);
  }

  Label label() {
    return service(new DurableFiles()).restorePoints(TENANT).get(0).label();
  }

  /** Every row, the schema and every file. */
  private Map<String, List<String>> state() throws IOException {
    Map<String, List<String>> state = lab().dump();
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(live.resolve("files"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        found.add(live.relativize(file) + ": " + Files.readString(file));
      }
    }
    state.put("(files)", found);
    return state;
  }

  /** Has what is there now be known under a name. */
  void remember(String name) throws IOException {
    states.put(name, state());
  }

  /** Which of the known states is there, wholly; or else what there is. */
  String generation() throws IOException {
    Map<String, List<String>> now = state();
    return states.entrySet().stream()
        .filter(state -> state.getValue().equals(now))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(now.toString());
  }

  /** What restores leave that were killed; empty after a recovery. */
  List<String> leftovers() throws IOException {
    List<String> left = new ArrayList<>();
    try (Stream<Path> files = Files.walk(live)) {
      files
          .map(file -> live.relativize(file).toString())
          .filter(name -> name.contains("sevenfold") && !name.endsWith("-sevenfold.lock"))
          .filter(name -> !name.endsWith(TreeGuard.CHECKED_NOTE))
          .filter(name -> !name.endsWith(UsedPlaces.SUFFIX))
          .forEach(left::add);
    }
    String tables = lab().query("SELECT name FROM sqlite_schema WHERE name LIKE 'sevenfold%'");
    if (!tables.isEmpty()) {
      left.add(tables);
    }
    return left;
  }

  String damage() {
    return lab().damage();
  }

  void reset() throws IOException {
    new DurableFiles().deleteAll(live);
    copy(model, live);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** How many files a restore writes, and how many it removes. */
  static int changedFiles() {
    return IntStream.range(0, FILES).filter(i -> i % 2 == 0 || i == 1).toArray().length + 1 + 2;
  }
}
