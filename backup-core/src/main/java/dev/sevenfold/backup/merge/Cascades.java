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
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which rows outside of the tenant go with rows that go, as the host's schema or model says. */
final class Cascades {

  private static final String CASCADE = "CASCADE";
  private static final List<String> CARRIED_OUT = List.of(CASCADE, "SET NULL", "SET DEFAULT");

  private final LiveRows live;
  private final Session session;
  private final Ownership ownership;
  private final Schema schema;
  private final Map<String, RowDiff> diffs;
  private final LostReferences lost;
  private final Map<String, String> deletedBy;
  private final Map<String, List<String>> followed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * Nothing goes yet.
   *
   * @param deletedBy takes the rows that go: from a table to a set of its keys
   */
  Cascades(
      LiveRows live, Map<String, RowDiff> diffs, LostReferences lost, Map<String, String> deletedBy)
      throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.ownership = live.model().ownership();
    this.schema = live.model().schema();
    this.diffs = diffs;
    this.lost = lost;
    this.deletedBy = deletedBy;
  }

  /** Follows the rows that go to the rows that go with them, until nothing more goes. */
  void follow() throws SQLException {
    Deque<String> due = new ArrayDeque<>();
    diffs.values().forEach(diff -> due.add(diff.table().name()));
    while (!due.isEmpty()) {
      Table parent = schema.table(due.removeFirst());
      bring(
          schema.tables().stream()
              .flatMap(child -> cascading(child, parent).map(key -> Edge.of(child, key)))
              .toList());
      for (Table child : schema.tables()) {
        boolean more = false;
        for (Table.ForeignKey key : cascading(child, parent).toList()) {
          more |= cascade(child, key, due);
        }
        if (more && !due.contains(child.name())) {
          due.addLast(child.name());
        }
      }
    }
  }

  private Stream<Table.ForeignKey> cascading(Table child, Table parent) {
    return child.foreignKeys().stream()
        .filter(key -> !isShared(child) && (key.onDelete().equals(CASCADE) || isDeleted(child)))
        .filter(key -> key.parent().equalsIgnoreCase(parent.name()));
  }

  private boolean cascade(Table child, Table.ForeignKey key, Deque<String> due)
      throws SQLException {
    Edge edge = Edge.of(child, key);
    boolean staysBehind = isDeleted(child) && !isCarriedOut(key.onUpdate());
    String changed = staysBehind ? lost.pointingAtChanged(edge) : "";
    String pointing =
        Stream.of(lost.pointingAtGone(edge), changed)
            .filter(select -> !select.isEmpty())
            .collect(Collectors.joining(" UNION "));
    if (!isAny(pointing)) {
      return false;
    }
    boolean more = cascade(child, pointing);
    Chains chains = around(child);
    if (chains.canFollow()) {
      chains.startAt(child.name(), child, "SELECT * FROM " + deletedBy.get(child.name()));
      chains.follow();
      for (String place : chains.places()) {
        if (isAny(chains.found(place))
            && cascade(schema.table(place), chains.found(place))
            && !due.contains(place)) {
          due.addLast(place);
        }
      }
    }
    return more;
  }

  private boolean cascade(Table child, String going) throws SQLException {
    String set = deletedBy.get(child.name());
    if (set == null) {
      set = newSet("cascade_" + deletedBy.size(), child);
      deletedBy.put(child.name(), set);
    }
    return session.update("INSERT OR IGNORE INTO " + set + ' ' + going) > 0;
  }

  /** What goes with what around the ring of tables that a table is part of, if there is one. */
  private Chains around(Table table) {
    if (followed.isEmpty()) {
      for (Table child : schema.tables()) {
        for (Table.ForeignKey key : child.foreignKeys()) {
          schema
              .find(key.parent())
              .filter(parent -> cascading(child, parent).anyMatch(key::equals))
              .ifPresent(
                  parent ->
                      followed
                          .computeIfAbsent(parent.name(), name -> new ArrayList<>())
                          .add(child.name()));
        }
      }
    }
    Set<String> ring = Chains.ring(table.name(), followed);
    Chains chains = new Chains(session, Sql.name(Workbench.PLAN, "chains"));
    for (String from : ring) {
      Table parent = schema.table(from);
      for (String to : ring) {
        cascading(schema.table(to), parent)
            .forEach(key -> lost.lead(chains, Edge.of(schema.table(to), key)));
      }
    }
    return chains;
  }

  /** Whether the host's model says that rows of an ignored table go with what they point at. */
  boolean isDeleted(Table table) {
    return ownership.rules().deletedIgnored().stream().anyMatch(table.name()::equalsIgnoreCase);
  }

  static boolean isCarriedOut(String action) {
    return CARRIED_OUT.contains(action);
  }

  boolean isShared(Table table) {
    return ownership.shared().stream().anyMatch(name -> name.equalsIgnoreCase(table.name()));
  }

  /** Brings the rows that point at others which go or change. */
  void bring(List<Edge> edges) throws SQLException {
    List<Question> questions = new ArrayList<>();
    for (Edge edge : edges) {
      lost.question(edge).ifPresent(questions::add);
    }
    live.bring(questions);
  }

  boolean isAny(String rows) throws SQLException {
    return !rows.isEmpty() && session.exists(rows);
  }

  String newSet(String name, Table table) throws SQLException {
    String set = Sql.name(Workbench.PLAN, name);
    session.make(
        set,
        Sql.of(
            "({columns}, PRIMARY KEY (\"{key}\"))",
            OwnedRows.keyDefinitions(table),
            OwnedRows.keyColumns(table)));
    return set;
  }
}
