package dev.sevenfold.examples.flyway;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.source.ArchiveMigration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Runs the host's Flyway migrations on an archived tenant, so that a backup of an older schema can
 * be restored into the schema of today. Immutable and thread-safe.
 *
 * <pre>{@code
 * SqliteTenantSource.builder(database, model)
 *     .migration(new FlywayArchiveMigration("classpath:db/migration"))
 *     .build();
 * }</pre>
 *
 * <p>An archive holds a tenant's rows and nothing else: no indexes, triggers and views, no shared
 * tables, and not Flyway's history. Two things make the migrations run on it all the same:
 *
 * <ul>
 *   <li>Every migration ends with {@code PRAGMA user_version = <its version>}. The archive says
 *       which version that was, and Flyway goes on from there.
 *   <li>What the archive does not have is taken from an empty database at the same version, which
 *       the same migrations make in memory.
 * </ul>
 */
public final class FlywayArchiveMigration implements ArchiveMigration {

  private static final String HISTORY = "flyway_schema_history";

  private final String location;

  /** Runs the migrations at this location, as Flyway understands it. */
  public FlywayArchiveMigration(String location) {
    this.location = location;
  }

  @Override
  public void migrate(Connection staged, ArchiveManifest.Source from) throws SQLException {
    String version =
        Long.toString(
            from.schemaVersion()
                .orElseThrow(
                    () -> new IllegalStateException("The archive does not say its version")));
    execute(staged, "PRAGMA foreign_keys = OFF");
    List<String> added = addWhatIsMissing(staged, version);
    flyway(staged).baselineVersion(version).baselineOnMigrate(true).load().migrate();
    // What migrations put into shared tables is in the live ones already.
    for (String table : added) {
      execute(staged, "DROP TABLE IF EXISTS " + quoted(table));
    }
    execute(staged, "DROP TABLE " + HISTORY);
  }

  private FluentConfiguration flyway(Connection connection) {
    return Flyway.configure()
        .dataSource(new OneConnection(connection))
        .locations(location)
        .table(HISTORY);
  }

  /** Makes the schema of {@code version} whole, and returns the tables that were missing. */
  private List<String> addWhatIsMissing(Connection staged, String version) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection empty = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      flyway(empty).target(version).load().migrate();
      Map<String, String> present = definitions(staged);
      for (Map.Entry<String, String> part : definitions(empty).entrySet()) {
        if (!present.containsKey(part.getKey())) {
          execute(staged, part.getValue());
          if (part.getKey().startsWith("1 ")) {
            tables.add(part.getKey().substring(2));
          }
        }
      }
    }
    return tables;
  }

  /** Tables first, then indexes, views and triggers: each kind may depend on those before it. */
  private static Map<String, String> definitions(Connection connection) throws SQLException {
    String sql =
        """
        SELECT CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END
                 || ' ' || name,
               sql
        FROM sqlite_schema
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND tbl_name <> '$history'
        ORDER BY 1
        """
            .replace("$history", HISTORY);
    Map<String, String> definitions = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        definitions.put(row.getString(1), row.getString(2));
      }
    }
    return definitions;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
