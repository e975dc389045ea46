package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Two tenants with notes and no files. The note of tenant 1 was "first", which there is an archive
 * of, then "second", then by a restore "first" again; and now it is "third".
 */
final class NotesWorld {

  static final TenantId TENANT = TenantId.of(1);

  private final Path folder;

  private NotesWorld(Path folder) {
    this.folder = folder;
  }

  static NotesWorld at(Path folder) {
    return new NotesWorld(folder);
  }

  /**
   * The first state is archived, the second one restored over: so there is a restore that an undo
   * must not take back by mistake, and the third state is where the next one starts.
   */
  static NotesWorld create(Path folder) {
    NotesWorld world = new NotesWorld(folder);
    Lab.with(
        folder,
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT)",
        "INSERT INTO tenants VALUES (1), (2)",
        "INSERT INTO notes VALUES (1, 1, 'first'), (2, 2, 'other')");
    try (BackupService service = world.service()) {
      Label label = service.backup(TENANT).restorePoint().label();
      world.write("second");
      service.restore(TENANT, label);
      world.write("third");
    }
    return world;
  }

  void write(String body) {
    lab().update("UPDATE notes SET body = ? WHERE tenant_id = 1", body);
  }

  String body() {
    return lab().query("SELECT body FROM notes WHERE tenant_id = 1");
  }

  /** Tables that are there beside the host's. */
  String otherTables() {
    return lab().query("SELECT name FROM sqlite_schema WHERE name NOT IN ('tenants', 'notes')");
  }

  Lab lab() {
    return Lab.plain(folder);
  }

  ArchiveStore store() {
    return DirectoryArchiveStore.at(folder.resolve("store"));
  }

  Label label() {
    try (BackupService service = service()) {
      return service.restorePoints(TENANT).get(0).label();
    }
  }

  SqliteTenantSource source(Supplier<DurableFiles> disk) {
    return SqliteTenantSource.builder(
            folder.resolve("app.sqlite3"),
            TenantModel.rootedAt("tenants").column("tenant_id").build())
        .busyTimeout(Duration.ofSeconds(10))
        .disk(disk)
        .build();
  }

  BackupService service(BackupListener... listeners) {
    return service(store(), listeners);
  }

  BackupService service(ArchiveStore store, BackupListener... listeners) {
    BackupService.Builder builder = BackupService.builder(source(DurableFiles::new), store);
    List.of(listeners).forEach(builder::listener);
    return builder.build();
  }
}
