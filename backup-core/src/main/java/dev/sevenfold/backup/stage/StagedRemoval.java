package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.rows.Chains;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Removes staged rows together with all that was there because of them: rows that hang below, and
 * rows that nothing but they pointed at.
 */
final class StagedRemoval {

  private final Session session;
  private final Ownership ownership;
  private final Schema schema;
  private final List<Table> staged;
  private final List<String> notes;

  /**
   * Removes from the stage.
   *
   * @param notes takes what was removed, for people
   */
  StagedRemoval(
      Session session, Ownership ownership, Schema schema, List<Table> staged, List<String> notes) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
    this.staged = staged;
    this.notes = notes;
  }

  /**
   * Removes rows of a table and what depends on them.
   *
   * @param condition which rows
   * @param what says of them what happened, after their number
   */
  void remove(String table, String condition, String what) throws SQLException {
    if (take(table, condition, what) == 0) {
      return;
    }
    Deque<String> due = new ArrayDeque<>(List.of(table));
    while (!due.isEmpty()) {
      String gone = due.removeFirst();
      for (Ownership.Reference reference : ownership.references()) {
        Edge edge = Edge.of(reference);
        boolean below = edge.parent().equalsIgnoreCase(gone) && isStaged(edge.child());
        if (below) {
          due.addAll(loseParents(reference.claim(), edge));
        }
      }
      for (OwnedTable owned : ownership.owned()) {
        if (isStaged(owned.name()) && loseChildren(owned, gone)) {
          due.addLast(owned.name());
        }
      }
    }
  }

  private boolean isStaged(String table) {
    return staged.stream().anyMatch(candidate -> candidate.name().equalsIgnoreCase(table));
  }

  private static String stage(String table) {
    return Sql.name(Workbench.STAGE, table);
  }

  private static String gone(String table) {
    return Sql.name(Workbench.PLAN, "gone_" + table);
  }

  /** Removes rows, and remembers them for what depends on them. */
  private long take(String table, String condition, String what) throws SQLException {
    List<String> key = schema.table(table).key();
    String going = Sql.name(Workbench.PLAN, "going");
    // The condition may ask what has gone: first it is decided which rows go.
    session.execute("DROP TABLE IF EXISTS " + going);
    session.execute(
        Sql.of(
            "CREATE TABLE {going} AS SELECT \"{key}\" FROM {staged} WHERE {condition}",
            going,
            key,
            stage(table),
            condition));
    String those =
        Sql.of(
            " FROM {staged} WHERE (\"{key}\") IN (SELECT * FROM {going})",
            stage(table),
            key,
            going);
    session.execute(
        "CREATE TABLE IF NOT EXISTS " + gone(table) + " AS SELECT *" + those + " AND 0");
    session.execute("INSERT INTO " + gone(table) + " SELECT *" + those);
    long taken = session.update("DELETE" + those);
    note(taken, what);
    return taken;
  }

  private void note(long rows, String what) {
    if (rows > 0) {
      notes.add(rows + " " + what);
    }
  }

  /** Removes what goes with the rows that it points at; returns the tables that lost rows. */
  private Set<String> loseParents(Claim claim, Edge edge) throws SQLException {
    Table child = schema.table(edge.child());
    String parentless = parentless(child, edge);
    String action = onDelete(child, edge);
    if (goesAlong(claim, edge)) {
      return loseAllBelow(child, edge, parentlessKeys(child, edge));
    }
    if (action.equals("NO ACTION") || action.equals("RESTRICT")) {
      requireNone(child, edge, parentless);
      return Set.of();
    }
    long rows =
        session.update(
            Sql.of(
                "UPDATE OR ABORT {staged} SET {columns are null} WHERE {parentless}",
                stage(child.name()),
                Sql.commas(edge.columns(), column -> Sql.name(column) + " = NULL"),
                parentless));
    note(
        rows,
        "rows of table %s lose their reference to rows of table %s that are not brought back"
            .formatted(child.name(), edge.parent()));
    return Set.of();
  }

  private boolean goesAlong(Claim claim, Edge edge) {
    String action = onDelete(schema.table(edge.child()), edge);
    OwnedTable owned = ownership.owned(edge.child()).orElseThrow();
    return action.equals("CASCADE")
        || isDelegated(claim, edge)
        || (action.isEmpty() && owned.claims().contains(claim) && !isHeldElsewhere(owned, claim));
  }

  /** Whether the rows are one with those that they point at by their type, as the model says. */
  private boolean isDelegated(Claim claim, Edge edge) {
    Claim reversed = new Claim.ReferencedBy(edge.child(), claim);
    return claim instanceof Claim.ByType
        && ownership.owned(edge.parent()).filter(o -> o.claims().contains(reversed)).isPresent();
  }

  /** Removes rows with all below them, around the ring of tables that theirs may be part of. */
  private Set<String> loseAllBelow(Table child, Edge edge, String begin) throws SQLException {
    Set<String> lost = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Chains chains = around(child);
    if (chains.canFollow()) {
      if (!session.exists(begin)) {
        return lost;
      }
      chains.startAt(child.name(), child, begin);
      chains.follow();
      for (String place : chains.places()) {
        String with = place.equalsIgnoreCase(child.name()) ? edge.parent() : child.name();
        if (goWith(schema.table(place), chains.found(place), with)) {
          lost.add(place);
        }
      }
    } else if (goWith(child, begin, edge.parent())) {
      lost.add(child.name());
    }
    return lost;
  }

  private boolean goWith(Table table, String keys, String parent) throws SQLException {
    String those = Sql.of("(\"{key}\") IN ({keys})", table.key(), keys);
    return take(
            table.name(),
            those,
            "rows of table " + table.name() + " go with rows of table " + parent)
        > 0;
  }

  /** What goes with what around the ring of staged tables that a table is part of, if it is. */
  private Chains around(Table table) {
    List<Edge> going = new ArrayList<>();
    Map<String, List<String>> next = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Ownership.Reference reference : ownership.references()) {
      Edge edge = Edge.of(reference);
      if (isStaged(edge.child()) && isStaged(edge.parent()) && goesAlong(reference.claim(), edge)) {
        going.add(edge);
        next.computeIfAbsent(edge.parent(), name -> new ArrayList<>()).add(edge.child());
      }
    }
    Set<String> ring = Chains.ring(table.name(), next);
    Chains chains = new Chains(session, Sql.name(Workbench.PLAN, "chains"));
    for (Edge edge : going) {
      if (ring.contains(edge.parent()) && ring.contains(edge.child())) {
        chains.lead(
            rows(edge.parent(), "p"),
            "p",
            rows(edge.child(), "t"),
            "t",
            edge.leads(schema, "t", "p") + " AND " + edge.isSet("t"));
      }
    }
    return chains;
  }

  private Chains.Rows rows(String table, String alias) {
    return new Chains.Rows(table, schema.table(table), stage(table) + ' ' + alias);
  }

  /** A condition: a row of the child, which is not aliased, points at a row that is gone. */
  private String parentless(Table child, Edge edge) {
    return Sql.of("(\"{key}\") IN ({keys})", child.key(), parentlessKeys(child, edge));
  }

  private String parentlessKeys(Table child, Edge edge) {
    return Sql.of(
        """
        SELECT t."{key}" FROM {staged} t
          WHERE {is set} AND {pointer} IN (SELECT g."{parent}" FROM {gone} g)
        """,
        child.key(),
        stage(child.name()),
        edge.isSet("t"),
        edge.pointer(schema, "t"),
        edge.parentColumns(),
        gone(edge.parent()));
  }

  /** Whether rows can be the tenant's without the reference that makes this claim. */
  private static boolean isHeldElsewhere(OwnedTable owned, Claim claim) {
    return (claim instanceof Claim.ByReference && owned.byKey().isPresent())
        || owned.claims().stream().anyMatch(Claim.ReferencedBy.class::isInstance);
  }

  private void requireNone(Table child, Edge edge, String keys) throws SQLException {
    long rows = session.queryLong("SELECT count(*) FROM " + stage(child.name()) + " WHERE " + keys);
    if (rows > 0) {
      throw new RestoreRefused(
          ("%s archived rows of table %s point through %s at rows of table %s that were "
                  + "erased since, or are not brought back")
              .formatted(rows, child.name(), edge.columns(), edge.parent()),
          List.of(),
          "Declare ON DELETE CASCADE or SET NULL for this reference, or a rule for the table");
    }
  }

  /** The action of the declared foreign key that the edge stands for; empty if none is declared. */
  private static String onDelete(Table child, Edge edge) {
    return child.foreignKeys().stream()
        .filter(
            key ->
                key.columns().equals(edge.columns())
                    && key.parent().equalsIgnoreCase(edge.parent()))
        .map(Table.ForeignKey::onDelete)
        .findFirst()
        .orElse("");
  }

  /** Whether rows went that were the tenant's only because rows that are gone pointed at them. */
  private boolean loseChildren(OwnedTable owned, String child) throws SQLException {
    Table table = schema.table(owned.name());
    List<String> conditions = new ArrayList<>();
    boolean concerned = false;
    for (Claim claim : owned.claims()) {
      if (claim instanceof Claim.ReferencedBy by) {
        conditions.add("NOT " + isPointedAt(table, by, stage(by.child())));
        if (by.child().equalsIgnoreCase(child)) {
          concerned = true;
          conditions.add(isPointedAt(table, by, gone(child)));
        }
      } else if (claim instanceof Claim.ByKey byKey) {
        conditions.add("t." + Sql.name(byKey.column()) + " IS NULL");
      } else {
        conditions.add("NOT " + Edge.of(table.name(), claim).isSet("t"));
      }
    }
    return concerned
        && take(
                table.name(),
                Sql.of(
                    "(\"{key}\") IN (SELECT t.\"{key}\" FROM {staged} t WHERE {lost})",
                    table.key(),
                    stage(table.name()),
                    Sql.allOf(conditions)),
                "rows of table " + table.name() + " go with rows of table " + child)
            > 0;
  }

  private String isPointedAt(Table table, Claim.ReferencedBy by, String children) {
    Edge edge = Edge.of(by);
    return Sql.of(
        "({columns} IN (SELECT {pointers} FROM {children} c WHERE {are set}))",
        table.compared(table, "t", edge.parentColumns(), edge.parentColumns()),
        table.selected(schema.table(edge.child()), "c", edge.columns(), edge.parentColumns()),
        children,
        edge.isSet("c"));
  }
}
