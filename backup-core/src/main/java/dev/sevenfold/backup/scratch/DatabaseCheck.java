package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.SystemProof;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks all of a database that nobody else has open: every page, every row, every index.
 * Immutable.
 *
 * @param found what it holds
 * @param integrity what SQLite's own check says of it
 * @param warnings what could not be checked, and rows that point nowhere
 */
public record DatabaseCheck(
    SystemProof.Database found, Integrity integrity, List<String> warnings) {

  private static final String MAIN = "main";
  private static final String TABLES =
      """
      SELECT name FROM pragma_table_list
      WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY name
      """;

  /** Checks a database. */
  public static DatabaseCheck of(Path file, String name, ConnectionCustomizer customizer)
      throws SQLException {
    SqliteConnections connections = SqliteConnections.toImmutable(file).customizedBy(customizer);
    try (Session session = Session.openTrusting(connections, Session.SCRATCH_TIMEOUT)) {
      session.boundCache(MAIN);
      List<String> tables = session.texts(TABLES);
      Integrity integrity = Bounds.DEFAULT.within(session, MAIN, () -> Integrity.of(session, MAIN));
      List<String> warnings = new ArrayList<>();
      Stream.concat(integrity.unchecked().stream(), integrity.failed().stream())
          .map(what -> "Of database %s could not be checked: %s".formatted(name, what))
          .forEach(warnings::add);
      long rows = 0;
      if (integrity.damage().isEmpty()) {
        countDangling(session, name, warnings);
        rows = rows(session, tables);
      }
      return new DatabaseCheck(
          new SystemProof.Database(name, tables.size(), rows), integrity, List.copyOf(warnings));
    }
  }

  /** Those of tables whose key needs what is not here are not counted. */
  private static long rows(Session session, List<String> tables) throws SQLException {
    long rows = 0;
    for (String table : tables) {
      try {
        rows += session.queryLong("SELECT count(*) FROM " + Sql.name(MAIN, table) + " NOT INDEXED");
      } catch (SQLException e) {
        if (!SqliteErrors.isMissing(e)) {
          throw e;
        }
      }
    }
    return rows;
  }

  private static void countDangling(Session session, String name, List<String> warnings)
      throws SQLException {
    try {
      long dangling = session.queryLong("SELECT count(*) FROM pragma_foreign_key_check");
      if (dangling > 0) {
        warnings.add(
            "Database %s has %d rows whose foreign key points nowhere, as in the system itself"
                .formatted(name, dangling));
      }
    } catch (SQLException e) {
      if (!SqliteErrors.isPlainError(e)) {
        throw e;
      }
      // The schema declares a foreign key that cannot be one.
      warnings.add(
          "The foreign keys of database %s could not be checked: %s"
              .formatted(name, e.getMessage()));
    }
  }
}
