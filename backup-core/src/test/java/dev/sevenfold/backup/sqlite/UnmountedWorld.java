package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two tenants with ten files each on a disk that can be taken away, and the system around them. */
final class UnmountedWorld {

  static final TenantId ONE = TenantId.of(1);
  static final TenantId TWO = TenantId.of(2);
  static final BackupOptions ACCEPTED = BackupOptions.DEFAULT.acceptingMissing();

  private static final int FILES = 10;

  private final Path folder;
  private final Lab lab;
  private final BackupService service;

  private UnmountedWorld(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(uploads());
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE blobs (id INTEGER PRIMARY KEY, tenant_id INTEGER, key TEXT)",
            "INSERT INTO tenants VALUES (1), (2)");
    for (int i = 0; i < FILES; i++) {
      for (TenantId tenant : List.of(ONE, TWO)) {
        lab.update(
            "INSERT INTO blobs (tenant_id, key) VALUES (?, ?)", tenant.value(), key(tenant, i));
        Files.writeString(file(tenant, i), "file " + i + " of " + tenant);
      }
    }
    RetentionPolicy policy = RetentionPolicy.keepLast(2);
    service =
        BackupService.builder(
                SqliteTenantSource.builder(
                        lab.file(),
                        TenantModel.rootedAt("tenants")
                            .column("tenant_id")
                            .files(uploads(), "blobs", "{key}")
                            .build())
                    .build(),
                new InMemoryArchiveStore())
            .retention(policy)
            .system(
                SystemBackups.builder(new InMemoryArchiveStore())
                    .retention(policy)
                    .source(
                        SqliteSystemSource.builder()
                            .database("primary", lab.file())
                            .tree("uploads", uploads())
                            .build()))
            .build();
  }

  static UnmountedWorld create(Path folder) throws IOException {
    return new UnmountedWorld(folder);
  }

  private static String key(TenantId tenant, int number) {
    return "t" + tenant + "-" + number;
  }

  Path uploads() {
    return folder.resolve("uploads");
  }

  Path file(TenantId tenant, int number) {
    return uploads().resolve(key(tenant, number));
  }

  Lab lab() {
    return lab;
  }

  BackupService service() {
    return service;
  }

  BackupReport backup(TenantId tenant) {
    return service.backup(tenant);
  }

  BackupReport accepted(TenantId tenant) {
    return service.backup(tenant, ACCEPTED, Progress.none());
  }

  SystemBackupReport backupSystem() {
    return service.backupSystem();
  }

  SystemBackupReport acceptedSystem() {
    return service.backupSystem(ACCEPTED, Progress.none());
  }

  /** The disk is not there, and neither is its folder. */
  void takeAway() throws IOException {
    Files.move(uploads(), folder.resolve("taken"));
  }

  /** The disk is not there, and its mount point is. */
  void unmount() throws IOException {
    takeAway();
    Files.createDirectory(uploads());
  }

  void mount() throws IOException {
    new DurableFiles().deleteAll(uploads());
    Files.move(folder.resolve("taken"), uploads());
  }

  void deleteFirst(TenantId tenant, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Files.delete(file(tenant, i));
    }
  }
}
