package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.source.ConnectionCustomizer;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * A SQLite file in scratch space, opened by a connection that has what the host's schema needs. Use
 * from one thread.
 *
 * @param session the connection
 * @param schema what it calls the file
 */
public record ScratchFile(Session session, String schema) implements AutoCloseable {

  private static final String ATTACHED = "sevenfold_scratch";

  /** How such a file is opened. */
  @FunctionalInterface
  public interface Opener {
    ScratchFile open(Path file) throws SQLException;
  }

  /** Opens files by connections of the library's own. */
  public static Opener own(ConnectionCustomizer customizer) {
    return file -> {
      Session session =
          Session.openTrusting(
              SqliteConnections.toScratch(file).customizedBy(customizer), Session.SCRATCH_TIMEOUT);
      try {
        session.boundCache(Session.MAIN);
        return new ScratchFile(session, Session.MAIN);
      } catch (SQLException | RuntimeException e) {
        session.close();
        throw e;
      }
    };
  }

  /**
   * Opens files beside the live database, on connections that the host lends: only they have the
   * functions and collations that the host has registered.
   */
  public static Opener lent(SqliteConnections connections, ConnectionCustomizer customizer) {
    return file -> {
      Session session = Session.openTrusting(connections, Session.SCRATCH_TIMEOUT);
      try {
        session.attach(ATTACHED, file);
        return new ScratchFile(session, ATTACHED);
      } catch (SQLException e) {
        session.close();
        if (SqliteErrors.isOfAnotherEncoding(e)) {
          // It cannot be attached; nothing of it needs to be of use to this database.
          return own(customizer).open(file);
        }
        throw e;
      } catch (RuntimeException e) {
        session.close();
        throw e;
      }
    };
  }

  @Override
  public void close() throws SQLException {
    session.close();
  }
}
