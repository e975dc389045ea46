package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.schema.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Whether the copy of a database holds anything, from nothing to something. */
public enum DatabaseContent {
  /** Not even a table: an empty file, for instance, that somebody made by opening it. */
  NO_TABLE,
  /** Tables without any row: a schema that was just made. */
  NO_ROW,
  /** At least one row. */
  ROWS;

  private static final String TABLES =
      """
      SELECT name FROM pragma_table_list
      WHERE schema = 'main' AND type IN ('table', 'virtual')
        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY type, name
      """;

  /** Looks into a copy that nobody else has open. */
  public static DatabaseContent of(Path copy) {
    try (Session session =
        Session.open(SqliteConnections.toImmutable(copy), Session.SCRATCH_TIMEOUT)) {
      List<String> tables = session.texts(TABLES);
      if (tables.isEmpty()) {
        return NO_TABLE;
      }
      for (String table : tables) {
        if (hasRow(session, table)) {
          return ROWS;
        }
      }
      return NO_ROW;
    } catch (SQLException e) {
      if (SqliteErrors.isDamage(e)) {
        // Something is in it. What that is worth is for the proof to say.
        return ROWS;
      }
      throw SqliteErrors.unavailable("Looking into the copy " + copy.getFileName(), e);
    }
  }

  private static boolean hasRow(Session session, String table) throws SQLException {
    try {
      return session.exists("SELECT 1 FROM " + Sql.name("main", table) + " NOT INDEXED");
    } catch (SQLException e) {
      if (SqliteErrors.isDamage(e)) {
        throw e;
      }
      // A module or a function that only the host has: what it keeps is in other tables.
      return false;
    }
  }
}
