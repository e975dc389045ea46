package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.OwnedRows;
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
      LiveRows live,
      Map<String, RowDiff> diffs,
      Map<String, String> deletedBy,
      KnownDangling known) {
    this.live = live;
    this.session = live.workbench();
    this.diffs = diffs;
    this.deletedBy = deletedBy;
    this.known = known;
  }

  /**
   * Selects the keys of rows outside of the tenant that point at rows which go, and do not go
   * themselves; empty if no row of the parent goes.
   */
  String pointingAtGone(Table child, List<String> columns, Table parent, List<String> parentColumns)
      throws SQLException {
    return pointing(child, columns, parent, parentColumns, deleted(parent, parentColumns));
  }

  /** Selects rows outside of the tenant and, through a reference to their own table, all below. */
  String allBelow(Table table, Table.ForeignKey key, String rows) {
    RowDiff diff = diffs.get(table.name());
    return Sql.of(
        """
        WITH RECURSIVE down ("{k}") AS ({rows}
          UNION SELECT c."{key}" FROM down d CROSS JOIN {live} p ON {found}
            CROSS JOIN {live} c ON {points there}
            WHERE {is outside} AND NOT {as then})
        SELECT "{k}" FROM down
        """,
        OwnedRows.keyColumns(table),
        rows,
        table.key(),
        live.table(table.name()),
        Sql.equal("p", table.key(), "d", OwnedRows.keyColumns(table)),
        table.isPointedAt(table, "c", key.columns(), "p", key.parentColumns()),
        diff == null ? "1" : diff.isOutside("c"),
        known.wasLeftBehind("c", table, key.columns(), table, key.parentColumns()));
  }

  /** Asks for the rows that point at others which go or change. Empty if none does. */
  Optional<Question> pointing(
      Table child, List<String> columns, Table parent, List<String> parentColumns)
      throws SQLException {
    List<String> gone = goneValues(parent, parentColumns);
    return gone.isEmpty()
        ? Optional.empty()
        : Optional.of(Question.holding(child, columns, String.join(" UNION ALL ", gone)));
  }

  /** The values of rows that go. */
  private List<String> deleted(Table parent, List<String> parentColumns) throws SQLException {
    List<String> gone = new ArrayList<>();
    RowDiff diff = diffs.get(parent.name());
    if (diff != null && hasRows(diff.deletes())) {
      gone.add(values(diff, diff.deletes(), parentColumns));
    }
    gone.addAll(cascadedValues(parent, parentColumns));
    return gone;
  }

  /** Selects the values of a table's rows, which are not the tenant's, that go by a cascade. */
  List<String> cascadedValues(Table table, List<String> columns) {
    List<String> gone = new ArrayList<>();
    String cascade = deletedBy.get(table.name());
    if (cascade != null) {
      gone.add(
          Sql.of(
              "SELECT p.\"{columns}\" FROM {cascade} d CROSS JOIN {live} p ON {same key}",
              columns,
              cascade,
              live.table(table.name()),
              Sql.equal("p", table.key(), "d", OwnedRows.keyColumns(table))));
    }
    return gone;
  }

  /**
   * Selects the values of the tenant's rows of a table that go or change, and that no row of the
   * tenant's will have then; also of those that are kept now, which may go after all.
   */
  List<String> plannedValues(Table table, List<String> columns) throws SQLException {
    List<String> gone = new ArrayList<>();
    RowDiff diff = diffs.get(table.name());
    if (diff != null) {
      for (String set : List.of(diff.deletes(), diff.kept(), diff.updates())) {
        boolean keepsKey = set.equals(diff.updates()) && columns.equals(table.key());
        if (!keepsKey && hasRows(set)) {
          gone.add(values(diff, set, columns));
        }
      }
    }
    return gone;
  }

  /** Selects the values of a table's rows that go or change, and that no row will have then. */
  private List<String> goneValues(Table table, List<String> columns) throws SQLException {
    List<String> gone = deleted(table, columns);
    RowDiff diff = diffs.get(table.name());
    if (diff != null && !columns.equals(table.key()) && hasRows(diff.updates())) {
      gone.add(values(diff, diff.updates(), columns));
    }
    return gone;
  }

  /** As {@link #pointingAtGone}, for rows that stay with another value in the parent's columns. */
  String pointingAtChanged(Table child, Table.ForeignKey key, Table parent) throws SQLException {
    RowDiff diff = diffs.get(parent.name());
    if (diff == null || key.parentColumns().equals(parent.key()) || !hasRows(diff.updates())) {
      return "";
    }
    List<String> values = List.of(values(diff, diff.updates(), key.parentColumns()));
    return pointing(child, key.columns(), parent, key.parentColumns(), values);
  }

  /**
   * Selects the keys of rows outside of the tenant that pointed nowhere when the archive was made,
   * and will do so again; empty if the archive names none.
   */
  String pointingNowhereAgain(
      Table child, List<String> columns, Table parent, List<String> parentColumns)
      throws SQLException {
    String asThen = known.wasLeftBehind("c", child, columns, parent, parentColumns);
    List<String> gone = asThen.equals("0") ? List.of() : goneValues(parent, parentColumns);
    return pointing(child, columns, parent, parentColumns, gone, asThen);
  }

  private boolean hasRows(String set) throws SQLException {
    return session.exists("SELECT 1 FROM " + set);
  }

  /** The values of rows in a set that no row will have after the restore. */
  private static String values(RowDiff diff, String set, List<String> columns) {
    return Sql.of(
        """
        SELECT b."{columns}" FROM {set} d CROSS JOIN {rows before}
        WHERE NOT EXISTS (SELECT 1 FROM {staged} s WHERE {same values})
        """,
        columns,
        set,
        diff.beforeRows("d"),
        Sql.name(Workbench.STAGE, diff.table().name()),
        Sql.equal("s", columns, "b", columns));
  }

  private String pointing(
      Table child,
      List<String> columns,
      Table parent,
      List<String> parentColumns,
      List<String> values) {
    String asThen = known.wasLeftBehind("c", child, columns, parent, parentColumns);
    return pointing(child, columns, parent, parentColumns, values, "NOT " + asThen);
  }

  private String pointing(
      Table child,
      List<String> columns,
      Table parent,
      List<String> parentColumns,
      List<String> values,
      String condition) {
    if (values.isEmpty()) {
      return "";
    }
    RowDiff diff = diffs.get(child.name());
    return Sql.of(
        """
        SELECT c."{key}" FROM {live} c
        WHERE {pointer} IN ({values}) AND {is outside} AND {does not go} AND {condition}
        """,
        child.key(),
        live.table(child.name()),
        parent.compared(child, "c", columns, parentColumns),
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
