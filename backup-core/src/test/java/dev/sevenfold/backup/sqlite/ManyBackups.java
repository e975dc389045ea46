package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;

/** A host that goes on for weeks: many backups by one service, of which seven stay. */
final class ManyBackups {

  /** In the manifest of every archive, as the tables of a real application are. */
  private static final int DEFINITION = 12_000;

  private ManyBackups() {}

  /** Arguments: a folder, and how many. Prints how many archives there are in the end. */
  public static void main(String[] arguments) {
    Lab lab =
        Lab.with(
            Path.of(arguments[0]),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY /* " + "x".repeat(DEFINITION) + " */)",
            "INSERT INTO tenants VALUES (1)");
    InMemoryArchiveStore store = new InMemoryArchiveStore();
    try (BackupService service = BackupService.builder(lab.source(), store).build()) {
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        service.backup(TenantId.of(1));
      }
    }
    System.out.println(store.list(ArchiveOwner.anyone()).complete().size());
  }
}
