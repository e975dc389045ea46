package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.suggest.Explanation;
import java.sql.SQLException;
import java.util.List;

/**
 * Explains the model of a live database by its rows, in one snapshot, and names what its schema
 * calls and the connection lacks.
 */
final class ModelExplanation {

  private static final String MISSING =
      "\nMissing on this connection, so that a restore that needs it is refused:\n  ";

  private static final String ROWS = "Without it, the rows could not be looked at: ";

  private ModelExplanation() {}

  static String run(Engine engine, SqliteEngine database, Progress progress) throws SQLException {
    try (Session session = engine.open()) {
      LiveModel model = database.model(session);
      List<String> missing = SchemaNeeds.missing(session, model.schema());
      if (missing.isEmpty()) {
        return explained(engine, session, progress);
      }
      String named = MISSING + String.join("\n  ", Printable.of(missing)) + '\n';
      try {
        return explained(engine, session, progress) + named;
      } catch (SQLException e) {
        // A key with a collation that is missing leaves SQLite without a plan, and that it says.
        if (!SqliteErrors.isMissing(e) && !SqliteErrors.isPlainError(e)) {
          throw e;
        }
        return model.ownership().explain()
            + named
            + ROWS
            + Printable.of(String.valueOf(e.getMessage()))
            + '\n';
      }
    }
  }

  private static String explained(Engine engine, Session session, Progress progress)
      throws SQLException {
    session.attachTemporary(Workbench.WORK);
    Snapshot live = engine.snapshot(session);
    live.begin();
    String text = Explanation.of(live, progress);
    live.end();
    return text;
  }
}
