package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.suggest.Suggestions;
import dev.sevenfold.backup.tenant.SuggestedModel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Looks what the model of a live database is likely to be, in one snapshot. */
final class ModelSuggestion {

  private ModelSuggestion() {}

  static SuggestedModel run(
      SqliteEngine database, Session session, List<Path> roots, Progress progress)
      throws SQLException {
    session.attachTemporary(Workbench.WORK);
    session.begin();
    try {
      return Suggestions.of(
          session,
          Session.MAIN,
          Workbench.WORK,
          SchemaReader.read(session, Session.MAIN),
          database.model(),
          roots,
          progress);
    } finally {
      session.rollback();
    }
  }
}
