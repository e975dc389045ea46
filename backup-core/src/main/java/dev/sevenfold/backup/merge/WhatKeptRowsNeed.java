package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rows that would be deleted while rows that are left as they are refer to them: they stay as well,
 * and what they refer to. Else the host's actions would change the kept rows, or be in the way.
 */
final class WhatKeptRowsNeed {

  private final LiveRows live;
  private final Session session;
  private final Schema schema;
  private final Map<String, RowDiff> diffs;

  WhatKeptRowsNeed(LiveRows live, Map<String, RowDiff> diffs) throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.schema = live.model().schema();
    this.diffs = diffs;
  }

  /**
   * Keeps them.
   *
   * @param notes takes how many of each table, for people
   */
  void keep(List<String> notes) throws SQLException {
    Map<String, Long> kept = new TreeMap<>();
    List<Edge> edges = edges();
    boolean more;
    do {
      more = false;
      for (Edge edge : edges) {
        long found = keep(edge);
        more |= found > 0;
        if (found > 0) {
          kept.merge(edge.parent(), found, Long::sum);
        }
      }
    } while (more);
    kept.forEach(
        (table, rows) ->
            notes.add(
                "%s rows of table %s stay, with their files, because rows that stay refer to them"
                    .formatted(rows, table)));
  }

  private List<Edge> edges() throws SQLException {
    List<Edge> all = new ArrayList<>(Edge.undeclared(live.model().ownership()));
    diffs.values().forEach(diff -> all.addAll(Edge.declared(diff.table())));
    return all.stream()
        .filter(edge -> diffs.containsKey(edge.child()) && diffs.containsKey(edge.parent()))
        .toList();
  }

  private RowDiff diff(String table) {
    return Optional.ofNullable(diffs.get(table)).orElseThrow();
  }

  private long keep(Edge edge) throws SQLException {
    RowDiff child = diff(edge.child());
    RowDiff parent = diff(edge.parent());
    if (!session.exists("SELECT 1 FROM " + child.aside())
        || !session.exists("SELECT 1 FROM " + parent.deletes())) {
      return 0;
    }
    Table table = child.table();
    String aside = "SELECT " + Sql.columns(child.beforeKey()) + " FROM " + child.aside();
    live.bring(List.of(Question.holding(table, table.key(), aside)));
    String needed =
        Sql.of(
            """
            (d."{before}") IN (SELECT p."{key}" FROM {aside} a CROSS JOIN {live} c ON {same key}
              CROSS JOIN {copy} p ON {leads} WHERE {is set})
            """,
            parent.beforeKey(),
            parent.table().key(),
            child.aside(),
            live.table(table.name()),
            Sql.equal("c", table.key(), "a", child.beforeKey()),
            Sql.name(Workbench.COPY, edge.parent()),
            edge.leads(schema, "c", "p"),
            edge.isSet("c"));
    parent.keep(session, needed);
    return parent.setAside(session, needed);
  }
}
