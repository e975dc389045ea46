package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Refuses staged rows that would be somebody else's once they are merged: a forged archive may hold
 * rows with another tenant's key. Rows that lead nowhere may come: they were left behind, and were
 * like that before.
 */
final class ForeignRows {

  private final Session session;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final Map<String, RowDiff> diffs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  ForeignRows(Session session, Ownership ownership, SqliteSchema schema, List<RowDiff> diffs) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
    diffs.forEach(diff -> this.diffs.put(diff.table().name(), diff));
  }

  void require(TenantKey key) throws SQLException {
    // Not the work schema, which has the sets of the live rows.
    OwnedRows owned =
        OwnedRows.find(session, RowDiff.STAGE, RowDiff.PLAN, stagedOnly(), schema, key);
    List<String> foreign = new ArrayList<>();
    for (RowDiff diff : diffs.values()) {
      SqliteTable table = diff.table();
      List<String> ways = new ArrayList<>();
      OwnedTable ownedTable = ownership.owned(table.name()).orElseThrow();
      for (Claim claim : ownedTable.claims()) {
        leadingElsewhere(table, claim, ways);
      }
      if (ways.isEmpty()) {
        continue;
      }
      String isOwned =
          stagedOnly().owned(table.name()).isPresent() ? owned.isOwned(table, "t") : "0";
      long rows =
          session.queryLong(
              "SELECT count(*) FROM "
                  + Sql.name(RowDiff.STAGE, table.name())
                  + " t WHERE NOT "
                  + isOwned
                  + " AND ("
                  + String.join(" OR ", ways)
                  + ')');
      if (rows > 0) {
        foreign.add(rows + " rows of table " + table.name());
      }
    }
    if (!foreign.isEmpty()) {
      throw new RestoreRefused(
          "The archive holds rows that are another tenant's than " + key.tenant() + "'s",
          foreign,
          "Do not trust this archive; or check whether the tenant model was changed since");
    }
  }

  private void leadingElsewhere(SqliteTable table, Claim claim, List<String> ways) {
    if (claim instanceof Claim.ByKey byKey) {
      ways.add("t." + Sql.name(byKey.column()) + " IS NOT NULL");
    } else if (!(claim instanceof Claim.ReferencedBy)) {
      Edge edge = Edge.of(table.name(), claim);
      RowDiff parent = diffs.get(edge.parent());
      if (parent != null) {
        ways.add(
            "("
                + edge.isSet("t")
                + " AND EXISTS (SELECT 1 FROM "
                + Sql.name(SnapshotTaker.LIVE, edge.parent())
                + " p WHERE "
                + schema
                    .table(edge.parent())
                    .isPointedAt(table, "t", edge.columns(), "p", edge.parentColumns())
                + " AND NOT EXISTS (SELECT 1 FROM "
                + Sql.name(RowDiff.BEFORE, edge.parent())
                + " b WHERE "
                + RowMatch.isSameKey(parent.table(), "b", "p")
                + ")))");
      }
    }
  }

  private Ownership stagedOnly() {
    List<OwnedTable> tables = new ArrayList<>();
    for (OwnedTable owned : ownership.owned()) {
      List<Claim> claims = owned.claims().stream().filter(this::leadsToStaged).toList();
      if (diffs.containsKey(owned.name()) && !claims.isEmpty()) {
        tables.add(new OwnedTable(owned.table(), claims));
      }
    }
    return ownership.withOwned(tables);
  }

  private boolean leadsToStaged(Claim claim) {
    return OwnedRows.source(claim).map(diffs::containsKey).orElse(true);
  }
}
