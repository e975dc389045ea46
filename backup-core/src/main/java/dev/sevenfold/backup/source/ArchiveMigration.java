package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.ArchiveManifest;
import java.sql.Connection;

/**
 * Brings an archived tenant to the schema that the live database has now. The host runs its own
 * migrations with it: the connection leads to a scratch copy of {@code tenant.sqlite3}, at the
 * archive's schema.
 *
 * <pre>{@code
 * ArchiveMigration migration = (connection, from) -> MyApp.migrate(connection);
 * }</pre>
 *
 * <p>The example {@code flyway-migration} does it with Flyway.
 */
@FunctionalInterface
public interface ArchiveMigration {

  /**
   * Changes the scratch copy. Called only where the archived definitions of tables differ from the
   * live ones. Does not close the connection; may commit on it.
   *
   * @param from the schema that the archive was made of
   * @throws Exception if the archive cannot be migrated; the restore is refused then, with this as
   *     the cause
   */
  void migrate(Connection staged, ArchiveManifest.Source from) throws Exception;
}
