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

  /** More than are kept, and enough for everything that is loaded once. */
  private static final int FIRST = 50;

  private ManyBackups() {}

  /**
   * Arguments: a folder, and how many backups after the first ones. Prints how many archives there
   * are in the end, and by how many bytes a backup let the heap grow.
   */
  public static void main(String[] arguments) {
    Lab lab =
        Lab.with(
            Path.of(arguments[0]),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY /* " + "x".repeat(DEFINITION) + " */)",
            "INSERT INTO tenants VALUES (1)");
    int more = Integer.parseInt(arguments[1]);
    InMemoryArchiveStore store = new InMemoryArchiveStore();
    try (BackupService service = BackupService.builder(lab.source(), store).build()) {
      backUp(service, FIRST);
      long before = used();
      backUp(service, more);
      System.out.println(store.list(ArchiveOwner.anyone()).complete().size());
      System.out.println((used() - before) / more);
    }
  }

  private static void backUp(BackupService service, int times) {
    for (int i = 0; i < times; i++) {
      service.backup(TenantId.of(1));
    }
  }

  /** What is held once everything else is collected: the serial collector does so when asked. */
  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
