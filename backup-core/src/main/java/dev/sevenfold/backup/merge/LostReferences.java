package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Chains;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.KnownDangling;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Selects the rows outside of the tenant that point at what a restore takes away or changes. */
final class LostReferences {

  private final LiveRows live;
  private final Session session;
  private final Schema schema;
  private final Map<String, RowDiff> diffs;
  private final Map<String, String> deletedBy;
  private final KnownDangling known;

  /**
   * Selects with the sets as they are at the time.
   *
   * @param deletedBy the rows that go by a cascade: from a table to a set of its keys
   * @param known the rows that pointed nowhere when the archive was made, and may do so again
   */
  LostReferences(
      LiveRows live, Map<String, RowDiff> diffs, Map<String, String> deletedBy, KnownDangling known)
      throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.schema = live.model().schema();
    this.diffs = diffs;
    this.deletedBy = deletedBy;
    this.known = known;
  }

  /**
   * Selects the keys of rows outside of the tenant that point at rows which go, and do not go
   * themselves; empty if no row of the parent goes.
   */
  String pointingAtGone(Edge edge) throws SQLException {
    return pointing(edge, deleted(edge));
  }

  /** Leads from rows that go to those outside of the tenant which point at them. */
  void lead(Chains chains, Edge edge) {
    Table child = schema.table(edge.child());
    Table parent = schema.table(edge.parent());
    RowDiff diff = diffs.get(child.name());
    chains.lead(
        new Chains.Rows(parent.name(), parent, live.table(parent.name()) + " p"),
        "p",
        new Chains.Rows(child.name(), child, live.table(child.name()) + " c"),
        "c",
        Sql.of(
            "{points there} AND {is outside} AND NOT {as then}",
            edge.leads(schema, "c", "p"),
            diff == null ? "1" : diff.isOutside("c"),
            known.wasLeftBehind(edge, "c")));
  }

  /** Asks for the rows that point at others which go or change. Empty if none does. */
  Optional<Question> question(Edge edge) throws SQLException {
    List<String> gone = goneValues(edge);
    String values = String.join(" UNION ALL ", gone);
    Table child = schema.table(edge.child());
    return gone.isEmpty()
        ? Optional.empty()
        : Optional.of(Question.holding(child, edge.columns(), values));
  }

  /** The values of the parent's rows that go. */
  private List<String> deleted(Edge edge) throws SQLException {
    List<String> gone = new ArrayList<>();
    RowDiff diff = diffs.get(edge.parent());
    if (diff != null) {
      addValues(gone, edge, diff, diff.deletes());
    }
    gone.addAll(cascadedValues(edge));
    return gone;
  }

  /** Selects the values of the parent's rows, which are not the tenant's, that go by a cascade. */
  List<String> cascadedValues(Edge edge) {
    Table parent = schema.table(edge.parent());
    String cascade = deletedBy.get(parent.name());
    return cascade == null
        ? List.of()
        : List.of(
            Sql.of(
                "SELECT p.\"{columns}\" FROM {cascade} d CROSS JOIN {live} p ON {same key}",
                edge.parentColumns(),
                cascade,
                live.table(parent.name()),
                Sql.equal("p", parent.key(), "d", OwnedRows.keyColumns(parent))));
  }

  /**
   * Selects the values of the tenant's rows of the parent that go or change, and that no row of the
   * tenant's will have then; also of those that are kept now, which may go after all.
   */
  List<String> plannedValues(Edge edge) throws SQLException {
    List<String> gone = new ArrayList<>();
    RowDiff diff = diffs.get(edge.parent());
    if (diff != null) {
      addValues(gone, edge, diff, diff.deletes());
      addValues(gone, edge, diff, diff.kept());
    }
    gone.addAll(changed(edge));
    return gone;
  }

  /** Selects the values of the parent's rows that go or change, and that no row will have then. */
  private List<String> goneValues(Edge edge) throws SQLException {
    List<String> gone = deleted(edge);
    gone.addAll(changed(edge));
    return gone;
  }

  /** The values that rows of the parent have now, and others instead of them afterwards. */
  private List<String> changed(Edge edge) throws SQLException {
    List<String> changed = new ArrayList<>();
    RowDiff diff = diffs.get(edge.parent());
    if (diff != null && !edge.parentColumns().equals(diff.table().key())) {
      addValues(changed, edge, diff, diff.updates());
    }
    return changed;
  }

  /** As {@link #pointingAtGone}, for rows that stay with another value in the parent's columns. */
  String pointingAtChanged(Edge edge) throws SQLException {
    return pointing(edge, changed(edge));
  }

  /**
   * Selects the keys of rows outside of the tenant that pointed nowhere when the archive was made,
   * and will do so again; empty if the archive names none.
   */
  String pointingNowhereAgain(Edge edge) throws SQLException {
    String asThen = known.wasLeftBehind(edge, "c");
    return pointing(edge, asThen.equals("0") ? List.of() : goneValues(edge), asThen);
  }

  /** Adds the values of rows in a set that no row will have after the restore, if it has rows. */
  private void addValues(List<String> values, Edge edge, RowDiff diff, String set)
      throws SQLException {
    if (session.exists("SELECT 1 FROM " + set)) {
      values.add(
          Sql.of(
              """
              SELECT b."{columns}" FROM {set} d CROSS JOIN {rows before}
              WHERE NOT EXISTS (SELECT 1 FROM {staged} s WHERE {same values})
              """,
              edge.parentColumns(),
              set,
              diff.beforeRows("d"),
              Sql.name(Workbench.STAGE, diff.table().name()),
              Sql.equal("s", edge.parentColumns(), "b", edge.parentColumns())));
    }
  }

  private String pointing(Edge edge, List<String> values) {
    return pointing(edge, values, "NOT " + known.wasLeftBehind(edge, "c"));
  }

  private String pointing(Edge edge, List<String> values, String condition) {
    if (values.isEmpty()) {
      return "";
    }
    Table child = schema.table(edge.child());
    RowDiff diff = diffs.get(child.name());
    return Sql.of(
        """
        SELECT c."{key}" FROM {live} c
        WHERE {pointer} IN ({values}) AND {is outside} AND {does not go} AND {condition}
        """,
        child.key(),
        live.table(child.name()),
        edge.pointer(schema, "c"),
        String.join(" UNION ALL ", values),
        // The tenant's own rows are decided by the difference, not by actions.
        diff == null ? "1" : diff.isOutside("c"),
        isNotIn(deletedBy.get(child.name()), child, "c", child.key()),
        condition);
  }

  /** A condition: the row under {@code alias} is not in a set of keys. */
  static String isNotIn(@Nullable String set, Table table, String alias, List<String> key) {
    return set == null
        ? "1"
        : Sql.of(
            "NOT EXISTS (SELECT 1 FROM {set} x WHERE {same key})",
            set,
            Sql.equal("x", OwnedRows.keyColumns(table), alias, key));
  }
}
