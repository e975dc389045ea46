package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.source.SystemProof;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks all of a database that nobody else has open: every page, every row, every index.
 * Immutable.
 *
 * @param found what it holds
 * @param warnings what could not be checked, and rows that point nowhere
 */
record DatabaseCheck(SystemProof.Database found, List<String> warnings) {

  private static final String OK = "ok";
  private static final String TABLES =
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
          + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";

  /**
   * Checks a database.
   *
   * @throws ArchiveCorrupt if it is damaged
   */
  static DatabaseCheck of(Path file, String name) {
    try (Session session =
        Session.open(SqliteConnections.toImmutable(file), SqliteDatabase.SCRATCH_TIMEOUT)) {
      List<String> warnings = new ArrayList<>();
      List<String> tables = session.query(TABLES, row -> row.getString(1));
      checkIntegrity(session, name, tables, warnings);
      countDangling(session, name, warnings);
      long rows = 0;
      for (String table : tables) {
        rows +=
            session.queryLong("SELECT count(*) FROM " + Sql.name("main", table) + " NOT INDEXED");
      }
      return new DatabaseCheck(
          new SystemProof.Database(name, tables.size(), rows), List.copyOf(warnings));
    } catch (SQLException e) {
      throw corrupt(name, String.valueOf(e.getMessage()), e);
    }
  }

  private static void checkIntegrity(
      Session session, String name, List<String> tables, List<String> warnings)
      throws SQLException {
    try {
      require(name, session.query("PRAGMA integrity_check(10)", row -> row.getString(1)));
    } catch (SQLException e) {
      requireNoDamage(e);
      // Something in the schema needs what only the host has; whatever does not is checked.
      for (String table : tables) {
        checkTable(session, name, table, warnings);
      }
    }
  }

  private static void checkTable(Session session, String name, String table, List<String> warnings)
      throws SQLException {
    try {
      require(
          name,
          session.query(
              "PRAGMA integrity_check(" + Sql.name(table) + ")", row -> row.getString(1)));
    } catch (SQLException e) {
      requireNoDamage(e);
      warnings.add(
          "Table %s of database %s could not be checked: %s"
              .formatted(table, name, e.getMessage()));
    }
  }

  private static void requireNoDamage(SQLException e) throws SQLException {
    if (SqliteErrors.isDamage(e)) {
      throw e;
    }
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
      requireNoDamage(e);
      // The schema declares a foreign key that cannot be one.
      warnings.add(
          "The foreign keys of database %s could not be checked: %s"
              .formatted(name, e.getMessage()));
    }
  }

  private static void require(String name, List<String> findings) {
    if (!findings.equals(List.of(OK))) {
      throw corrupt(name, String.join("; ", findings), null);
    }
  }

  private static ArchiveCorrupt corrupt(String name, String why, @Nullable Throwable cause) {
    return new ArchiveCorrupt(
        "Database " + name + " is damaged: " + why,
        "Use another archive, and run PRAGMA integrity_check on the live database",
        cause);
  }
}
