package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.KnownDangling;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds references of the tenant's rows that would lead nowhere after the merge: of rows that are
 * written, and of rows that stay as they are while what they point at goes. Judged for each row and
 * reference: one may dangle again if it did when the archive was made, with this very value.
 */
final class DanglingCheck {

  private final LiveRows live;
  private final Session session;
  private final Schema schema;
  private final Map<String, RowDiff> diffs;
  private final ForeignKeyActions actions;
  private final KnownDangling known;
  private final List<Edge> undeclared;
  private final List<String> conflicts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private int edges;

  /** A row that points nowhere: its key and what it points at, for people. */
  private record Dangling(String key, String value, boolean isKnown) {}

  DanglingCheck(
      LiveRows live, Map<String, RowDiff> diffs, ForeignKeyActions actions, KnownDangling known)
      throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.schema = live.model().schema();
    this.diffs = diffs;
    this.actions = actions;
    this.known = known;
    this.undeclared =
        Edge.undeclared(live.model().ownership()).stream()
            .filter(edge -> schema.find(edge.parent()).isPresent())
            .toList();
  }

  void run() throws SQLException {
    List<Question> questions = new ArrayList<>();
    for (RowDiff diff : diffs.values()) {
      all(diff.table()).forEach(edge -> questions.add(leavingTheStage(edge)));
    }
    live.bring(questions);
    for (RowDiff diff : diffs.values()) {
      for (Edge edge : Edge.declared(diff.table())) {
        find(diff, edge, true);
      }
    }
    for (Edge edge : undeclared) {
      RowDiff diff = diffs.get(edge.child());
      if (diff != null) {
        find(diff, edge, false);
      }
    }
  }

  /** The rows that staged ones point at, if it is not staged ones that they do. */
  private Question leavingTheStage(Edge edge) {
    return Question.holding(
        schema.table(edge.parent()),
        edge.parentColumns(),
        "SELECT %s FROM %s s WHERE %s AND NOT %s"
            .formatted(
                Sql.columns("s", edge.columns()),
                Sql.name(Workbench.STAGE, edge.child()),
                edge.isSet("s"),
                isInStage(edge)));
  }

  private String isInStage(Edge edge) {
    return diffs.containsKey(edge.parent())
        ? exists(Sql.name(Workbench.STAGE, edge.parent()), edge, "1")
        : "0";
  }

  /** Every reference of a table to one that is there. */
  private List<Edge> all(Table table) {
    List<Edge> all = new ArrayList<>(Edge.declared(table));
    undeclared.stream().filter(one -> one.child().equalsIgnoreCase(table.name())).forEach(all::add);
    return all;
  }

  List<String> conflicts() {
    return List.copyOf(conflicts);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  private void find(RowDiff diff, Edge edge, boolean declared) throws SQLException {
    edges++;
    List<Dangling> again = new ArrayList<>();
    List<Dangling> anew = new ArrayList<>();
    for (Dangling row : dangling(diff, edge)) {
      (row.isKnown() ? again : anew).add(row);
    }
    if (!again.isEmpty()) {
      notes.add(sentence(again, edge, diff) + ", as when the archive was made");
    }
    if (anew.isEmpty()) {
      return;
    }
    if (!declared || isCoveredByCount(diff, edge)) {
      notes.add(sentence(anew, edge, diff));
    } else {
      conflicts.add(
          sentence(anew, edge, diff)
              + "; put these rows of table "
              + edge.parent()
              + " back first, or have an ArchiveMigration change the archived rows");
    }
  }

  private static String sentence(List<Dangling> rows, Edge edge, RowDiff diff) {
    Set<String> values = new LinkedHashSet<>(rows.stream().map(Dangling::value).toList());
    return """
    %s restored rows of table %s point through %s at rows of table %s that are not there: \
    %s = %s, %s = %s\
    """
        .formatted(
            rows.size(),
            edge.child(),
            edge.columns(),
            edge.parent(),
            diff.table().key(),
            TakenValues.firstOf(rows.stream().map(Dangling::key).toList()),
            edge.columns(),
            TakenValues.firstOf(List.copyOf(values)));
  }

  private List<Dangling> dangling(RowDiff diff, Edge edge) throws SQLException {
    Table child = diff.table();
    int size = child.key().size();
    return session.query(
        Sql.of(
            """
            SELECT s."{key}", s."{columns}", {is known}
            FROM ({written} UNION ALL {pointing at gone}) w CROSS JOIN {staged} s ON {same key}
            WHERE {leads nowhere}
            """,
            child.key(),
            edge.columns(),
            known.isKnown(edge, "s"),
            diff.written(),
            pointingAtGone(diff, edge),
            Sql.name(Workbench.STAGE, child.name()),
            Sql.equal("s", child.key(), "w", diff.stageKey()),
            leadsNowhere(edge)),
        row -> {
          List<Object> values = RowKeys.values(row, size + edge.columns().size());
          return new Dangling(
              RowKeys.text(values.subList(0, size)),
              RowKeys.text(values.subList(size, values.size())),
              row.getBoolean(values.size() + 1));
        });
  }

  /**
   * Selects the staged rows that point at what goes or changes. Most of those that are not written
   * pointed at it then too, and it has not been theirs since: another tenant's row, for instance.
   *
   * <p>All of the tenant's rows are read for it, so that it is done once for a plan, and not again
   * under the lock.
   */
  private String pointingAtGone(RowDiff diff, Edge edge) throws SQLException {
    List<String> cascaded = actions.lost().cascadedValues(edge);
    String planned = "SELECT * FROM " + planned(diff, edge);
    return cascaded.isEmpty() ? planned : planned + " UNION " + pointingAt(diff, edge, cascaded);
  }

  /** The set of the staged rows that point at what the plan takes from the tenant or changes. */
  private String planned(RowDiff diff, Edge edge) throws SQLException {
    String name = "pointing_" + edges;
    String set = Sql.name(Workbench.PLAN, name);
    if (!session.hasTable(Workbench.PLAN, name)) {
      session.execute("CREATE TABLE " + set + " (" + OwnedRows.keyDefinitions(diff.table()) + ')');
      List<String> gone = actions.lost().plannedValues(edge);
      if (!gone.isEmpty()) {
        session.update(
            Sql.of(
                "INSERT INTO {set} {pointing} EXCEPT SELECT * FROM ({written})",
                set,
                pointingAt(diff, edge, gone),
                diff.written()));
      }
    }
    return set;
  }

  private String pointingAt(RowDiff diff, Edge edge, List<String> values) {
    return Sql.of(
        "SELECT g.\"{key}\" FROM {staged} g WHERE {pointer} IN ({values})",
        diff.table().key(),
        Sql.name(Workbench.STAGE, edge.child()),
        edge.pointer(schema, "g"),
        String.join(" UNION ALL ", values));
  }

  /** A condition: the staged row {@code s} points through the edge, and at nothing. */
  private String leadsNowhere(Edge edge) {
    RowDiff parent = diffs.get(edge.parent());
    String elsewhere =
        exists(
            live.table(edge.parent()),
            edge,
            (parent == null ? "1" : parent.isOutside("p"))
                + " AND "
                + actions.isNotDeleted(edge.parent(), "p"));
    return Sql.of(
        "{is set} AND NOT {is in stage} AND NOT {is elsewhere}",
        edge.isSet("s"),
        isInStage(edge),
        elsewhere);
  }

  private String exists(String parents, Edge edge, String condition) {
    return Sql.of(
        "EXISTS (SELECT 1 FROM {parents} p WHERE {is pointed at} AND {condition})",
        parents,
        edge.leads(schema, "s", "p"),
        condition);
  }

  /**
   * Whether an archive that only counts what dangled may be meant: no more of its rows lead nowhere
   * than did then.
   */
  private boolean isCoveredByCount(RowDiff diff, Edge edge) throws SQLException {
    Optional<Long> through = known.counted(edge);
    if (through.isPresent()) {
      return count(edge) <= through.get();
    }
    Optional<Long> ofTable = known.counted(diff.table().name());
    if (ofTable.isEmpty()) {
      return false;
    }
    long now = 0;
    for (Edge one : all(diff.table())) {
      now += count(one);
    }
    return now <= ofTable.get();
  }

  private long count(Edge edge) throws SQLException {
    String staged = Sql.name(Workbench.STAGE, edge.child());
    return session.queryLong("SELECT count(*) FROM " + staged + " s WHERE " + leadsNowhere(edge));
  }
}
