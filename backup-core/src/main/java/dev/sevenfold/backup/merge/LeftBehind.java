package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.rows.DeadEnds;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds rows outside of the tenant that point nowhere, and that a restore will lead to rows which
 * it brings back: the session of a user who was deleted. The safety archive keeps them, so that an
 * undo may take these rows away again and leave the others behind, as they were.
 */
public final class LeftBehind {

  private final LiveRows live;
  private final Schema schema;
  private final Map<String, RowDiff> diffs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final DeadEnds found;

  private LeftBehind(LiveRows live, List<RowDiff> diffs) throws SQLException {
    this.live = live;
    this.schema = live.model().schema();
    this.found = new DeadEnds(live.workbench());
    diffs.forEach(diff -> this.diffs.put(diff.table().name(), diff));
  }

  /** Looks once the difference is known, and before it is written. */
  public static List<ListedReference> find(LiveRows live, List<RowDiff> diffs) throws SQLException {
    LeftBehind left = new LeftBehind(live, diffs);
    List<Edge> edges = left.edges();
    live.bring(edges.stream().map(left::pointing).toList());
    live.bring(edges.stream().map(left::pointedAt).toList());
    for (Edge edge : edges) {
      left.find(edge);
    }
    return left.found.found();
  }

  /** The references to tables that rows come back in. */
  private List<Edge> edges() throws SQLException {
    List<Edge> all = new ArrayList<>();
    schema.tables().forEach(child -> all.addAll(Edge.declared(child)));
    Edge.undeclared(live.model().ownership()).stream().filter(Edge::isPlain).forEach(all::add);
    List<Edge> written = new ArrayList<>();
    for (Edge edge : all) {
      RowDiff parent = diffs.get(edge.parent());
      if (parent != null && live.workbench().exists(parent.written())) {
        written.add(edge);
      }
    }
    return written;
  }

  private RowDiff parent(Edge edge) {
    return Optional.ofNullable(diffs.get(edge.parent())).orElseThrow();
  }

  private Question pointing(Edge edge) {
    return Question.holding(schema.table(edge.child()), edge.columns(), written(edge));
  }

  private Question pointedAt(Edge edge) {
    return Question.holding(
        schema.table(edge.parent()),
        edge.parentColumns(),
        "SELECT " + Sql.columns("c", edge.columns()) + toWritten(edge));
  }

  /** Selects what rows that are written are pointed at by. */
  private String written(Edge edge) {
    return "SELECT %s FROM (%s) w CROSS JOIN %s"
        .formatted(
            Sql.columns("s", edge.parentColumns()),
            parent(edge).written(),
            parent(edge).stageRows("w"));
  }

  /** The rows {@code c} that point at written ones, for what follows a select. */
  private String toWritten(Edge edge) {
    return " FROM %s c WHERE %s IN (%s)"
        .formatted(live.table(edge.child()), edge.pointer(schema, "c"), written(edge));
  }

  private void find(Edge edge) throws SQLException {
    Table child = schema.table(edge.child());
    RowDiff diff = diffs.get(child.name());
    found.listRows(
        edge,
        child.identity().isEmpty() ? child.key() : child.identity(),
        "%s AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s) AND %s"
            .formatted(
                toWritten(edge),
                live.table(edge.parent()),
                edge.leads(schema, "c", "p"),
                diff == null ? "1" : diff.isOutside("c")));
  }
}
