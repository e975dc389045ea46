package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.AllOwners;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks whose each row of a live database is, in one snapshot. */
final class OwnershipChecks {

  private OwnershipChecks() {}

  static OwnershipCheck run(SqliteEngine database, Session session, Progress progress)
      throws SQLException {
    LiveModel model = database.model(session);
    session.attachTemporary(Workbench.WORK);
    session.begin();
    try {
      Instant at = database.now();
      AllOwners owners =
          AllOwners.find(new Scope(session, Session.MAIN, Workbench.WORK, model, null));
      List<OwnershipCheck.TableRows> tables = new ArrayList<>();
      for (OwnedTable owned : model.ownership().owned()) {
        tables.add(owners.count(owned, database.model().allowsNobodys(owned.name())));
      }
      return new OwnershipCheck(at, tables);
    } finally {
      session.rollback();
    }
  }
}
