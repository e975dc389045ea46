package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.AllOwners;
import dev.sevenfold.backup.rows.UnmodelledReferences;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantModel;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks whose each row of a live database is, in one snapshot. */
final class OwnershipChecks {

  private OwnershipChecks() {}

  static OwnershipCheck run(Engine engine, TenantModel declared) throws SQLException {
    try (Session session = engine.open()) {
      session.attachTemporary(Workbench.WORK);
      Snapshot live = engine.snapshot(session);
      live.begin();
      Instant at = engine.now();
      LiveModel model = live.model();
      AllOwners owners = AllOwners.find(live);
      owners.noteUses(live);
      List<OwnershipCheck.TableRows> tables = new ArrayList<>();
      for (OwnedTable owned : model.ownership().owned()) {
        tables.add(owners.count(owned, declared.allowsNobodys(owned.name())));
      }
      OwnershipCheck check =
          new OwnershipCheck(
              at,
              tables,
              UnmodelledReferences.find(AllOwners.scope(live), owners, (table, column) -> true));
      live.end();
      return check;
    }
  }
}
