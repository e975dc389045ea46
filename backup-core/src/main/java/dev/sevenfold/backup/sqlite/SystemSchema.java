package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteConnections;
import dev.sevenfold.backup.scratch.SqliteErrors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/** What the databases of a system say of their schemas. */
final class SystemSchema {

  private static final String ENGINE = "sqlite";

  private SystemSchema() {}

  /**
   * The schema of all copies together; its version is that of the first one.
   *
   * @param copies a folder with a copy of each database, under its name
   */
  static ArchiveManifest.Source of(Path copies, List<SystemPlace> databases) {
    MessageDigest sha256 = Sha256.digest();
    OptionalLong version = OptionalLong.empty();
    String engineVersion = "none";
    for (SystemPlace database : databases) {
      try (Session session =
          Session.open(
              SqliteConnections.toImmutable(copies.resolve(database.name())),
              Session.SCRATCH_TIMEOUT)) {
        List<String> definitions =
            session.query(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name",
                row -> row.getString(1));
        sha256.update((database.name() + '\0').getBytes(StandardCharsets.UTF_8));
        definitions.forEach(sql -> sha256.update((sql + '\0').getBytes(StandardCharsets.UTF_8)));
        engineVersion = session.query("SELECT sqlite_version()", row -> row.getString(1)).get(0);
        if (version.isEmpty()) {
          version = OptionalLong.of(session.queryLong("PRAGMA user_version"));
        }
      } catch (SQLException e) {
        throw SqliteErrors.unavailable("Reading the copy of database " + database.name(), e);
      }
    }
    return new ArchiveManifest.Source(
        ENGINE, engineVersion, version, HexFormat.of().formatHex(sha256.digest()));
  }
}
