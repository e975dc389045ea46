package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.ArchiveMigration;
import dev.sevenfold.backup.source.StagedTenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Lets the host bring an archive to the schema of today, on a copy. */
final class Migration {

  private Migration() {}

  /** The archive's database as it is, or a migrated copy where the schema has changed. */
  static Path migrated(SqliteEngine engine, StagedTenant archive, Path scratch)
      throws SQLException {
    Optional<ArchiveMigration> migration = engine.migration();
    if (migration.isEmpty() || isCurrent(engine, archive.manifest())) {
      return archive.database();
    }
    Path copy = scratch.resolve("migrated.sqlite3");
    try {
      Files.copy(archive.database(), copy);
    } catch (IOException e) {
      throw new OperationFailed(
          "The archive's database could not be copied: " + Printable.reasonWithFile(e),
          "Check the space of the scratch folder",
          e);
    }
    migrate(engine, migration.get(), copy, archive.manifest());
    return copy;
  }

  private static boolean isCurrent(SqliteEngine engine, ArchiveManifest manifest)
      throws SQLException {
    try (Session session = engine.open()) {
      List<List<String>> now =
          engine.model(session).owned().stream()
              .map(table -> List.of(table.name(), table.definition()))
              .toList();
      List<List<String>> then =
          manifest.tables().stream()
              .map(table -> List.of(table.name(), table.definition()))
              .toList();
      return now.equals(then);
    }
  }

  // A migration may throw whatever it likes: it is the host's code.
  @SuppressWarnings("IllegalCatch")
  private static void migrate(
      SqliteEngine engine, ArchiveMigration migration, Path copy, ArchiveManifest manifest) {
    try (Connection connection = engine.own(copy).open()) {
      migration.migrate(connection, manifest.source());
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw refused(manifest, e);
    }
  }

  private static RestoreRefused refused(ArchiveManifest manifest, Exception e) {
    return new RestoreRefused(
        "The archive could not be migrated from schema version "
            + manifest.source().schemaVersion().orElse(0),
        List.of(String.valueOf(e.getMessage())),
        "Correct the migration; nothing was changed",
        e);
  }
}
