package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.archive.DanglingReference;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.DeadEnds;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds rows outside of the tenant that point nowhere, and that a restore will lead to rows which
 * it brings back: the session of a user who was deleted. The safety archive keeps them, so that an
 * undo may take these rows away again and leave the others behind, as they were.
 */
public final class LeftBehind {

  private final Session session;
  private final SqliteSchema schema;
  private final Map<String, RowDiff> diffs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final DeadEnds found;

  private LeftBehind(Session session, SqliteSchema schema, List<RowDiff> diffs) {
    this.session = session;
    this.schema = schema;
    this.found = new DeadEnds(session);
    diffs.forEach(diff -> this.diffs.put(diff.table().name(), diff));
  }

  /** Looks once the difference is known, and before it is written. */
  public static List<DanglingReference> find(
      Session session, Ownership ownership, SqliteSchema schema, List<RowDiff> diffs)
      throws SQLException {
    LeftBehind left = new LeftBehind(session, schema, diffs);
    for (SqliteTable child : schema.tables()) {
      for (SqliteTable.ForeignKey key : child.foreignKeys()) {
        left.find(new Edge(child.name(), key.columns(), key.parent(), key.parentColumns(), "", ""));
      }
    }
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.claim() instanceof Claim.ByReference by && !by.declared()) {
        left.find(Edge.of(reference.child(), by));
      }
    }
    return left.found.found();
  }

  private void find(Edge edge) throws SQLException {
    RowDiff parent = diffs.get(edge.parent());
    if (parent == null
        || session.queryLong("SELECT EXISTS (SELECT 1 FROM (" + parent.written() + "))") == 0) {
      return;
    }
    SqliteTable child = schema.table(edge.child());
    RowDiff diff = diffs.get(child.name());
    found.listRows(
        edge,
        child.identity().isEmpty() ? child.key() : child.identity(),
        " FROM "
            + Sql.name(Workbench.LIVE, child.name())
            + " c WHERE "
            + parent.table().compared(child, "c", edge.columns(), edge.parentColumns())
            + " IN (SELECT "
            + Sql.columns("s", edge.parentColumns())
            + " FROM ("
            + parent.written()
            + ") w CROSS JOIN "
            + parent.stageRows("w")
            + ") AND NOT EXISTS (SELECT 1 FROM "
            + Sql.name(Workbench.LIVE, edge.parent())
            + " p WHERE "
            + parent.table().isPointedAt(child, "c", edge.columns(), "p", edge.parentColumns())
            + ") AND "
            + (diff == null ? "1" : diff.isOutside("c")));
  }
}
