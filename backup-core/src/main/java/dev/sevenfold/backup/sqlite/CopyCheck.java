package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Copy;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes sure of every copied row that it is the tenant's by the values that were copied: its rows
 * are found once more in the copy, which has none of the live indexes. What a damaged index has
 * found would be another tenant's row in an archive that tenants download.
 */
final class CopyCheck {

  static final String ADVICE =
      "Run REINDEX on the live database, or make the index anew, and PRAGMA integrity_check after"
          + " it; nothing is lost that the table itself has";

  private static final int SAMPLES = 5;

  private CopyCheck() {}

  /**
   * Looks at the copy.
   *
   * @param returning as in {@link OwnedRows#find}
   * @throws BackupRefused if it has a row that is not the tenant's
   */
  static void require(Session session, Copy copy, List<Table> returning) throws SQLException {
    // A restore goes on with what the work schema has of the live rows.
    String scratch = returning.isEmpty() ? Workbench.WORK : Workbench.PLAN;
    Scope scope = new Scope(session, Workbench.COPY, scratch, copy.model(), copy.key());
    OwnedRows rows = OwnedRows.find(scope, returning);
    List<String> reasons = new ArrayList<>();
    for (OwnedTable owned : copy.model().ownership().owned()) {
      long copied =
          session.queryLong("SELECT count(*) FROM " + Sql.name(Workbench.COPY, owned.name()));
      long strangers = copied - rows.count(owned.name());
      if (strangers != 0) {
        reasons.add(
            "%s rows of table %s were found for it and are not its own%s"
                .formatted(strangers, owned.name(), culprit(session, owned.name())));
      }
    }
    if (!reasons.isEmpty()) {
      throw damaged(copy.key().tenant(), reasons);
    }
  }

  /** The copy has not one row for each key that was found. */
  static BackupRefused incomplete(
      Session session, TenantId tenant, Table table, long found, long copied) throws SQLException {
    return damaged(
        tenant,
        List.of(
            "of %s rows that were found in table %s, %s are there%s"
                .formatted(found, table.name(), copied, culprit(session, table.name()))));
  }

  /** What SQLite itself finds, which names the index. Slow, and worth it now. */
  private static String culprit(Session session, String table) throws SQLException {
    try {
      List<String> found =
          session.texts(
              "PRAGMA " + Sql.name(Session.MAIN) + ".integrity_check(" + Sql.name(table) + ")");
      return found.equals(List.of("ok"))
          ? ""
          : ": " + String.join(", ", found.subList(0, Math.min(SAMPLES, found.size())));
    } catch (SQLException e) {
      // The schema calls what this connection does not have. What is known is enough to refuse.
      return ": " + e.getMessage();
    }
  }

  static BackupRefused damaged(TenantId tenant, List<String> reasons) {
    return new BackupRefused(
        "A damaged index gives not exactly the rows of tenant " + tenant, reasons, ADVICE);
  }
}
