package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Follows every claim from the rows that hold a tenant's key to all that is the tenant's. */
final class OwnedSearch {

  /**
   * One way in which rows of {@code table} become the tenant's.
   *
   * @param returning whether the claim is followed from rows that a restore will bring back, rather
   *     than from rows that are there
   */
  private record Step(OwnedTable table, Claim claim, boolean returning) {}

  private final Scope scope;
  private final OwnedRows rows;
  private final ReturningRows coming;
  private final Set<String> returning;
  private final Map<String, Boolean> undecided = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Long> abandoned = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Set<String>> followers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Set<String>> rings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * Fills the sets of {@code rows}.
   *
   * @param coming what rows of others have to do with rows that come back
   * @param returning the tables with rows that come back
   */
  OwnedSearch(Scope scope, OwnedRows rows, ReturningRows coming, Set<String> returning) {
    this.scope = scope;
    this.rows = rows;
    this.coming = coming;
    this.returning = returning;
  }

  /**
   * Finds all rows; returns how many of each table had lost their owner, and are counted in for a
   * restore.
   */
  Map<String, Long> fill() throws SQLException {
    Map<String, List<Step>> dependents = new LinkedHashMap<>();
    Deque<Step> due = new ArrayDeque<>();
    List<Step> later = new ArrayList<>();
    for (OwnedTable owned : scope.ownership().owned()) {
      for (Claim claim : owned.claims()) {
        Step step = new Step(owned, claim, false);
        Optional<String> source = OwnedRows.source(claim);
        if (source.isEmpty()) {
          due.addFirst(step);
        } else {
          dependents.computeIfAbsent(lower(source.get()), name -> new ArrayList<>()).add(step);
          followers
              .computeIfAbsent(source.get(), name -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER))
              .add(owned.name());
          if (returning.contains(source.get())) {
            later.add(new Step(owned, claim, true));
          }
        }
      }
    }
    drain(due, dependents, false);
    if (!returning.isEmpty()) {
      due.addAll(later);
      do {
        drain(due, dependents, true);
        for (OwnedTable owned : scope.ownership().owned()) {
          long found = returning.contains(owned.name()) ? coming.countIn(owned) : 0;
          if (found > 0) {
            abandoned.merge(owned.name(), found, Long::sum);
            enqueue(dependents, owned, due);
          }
        }
      } while (!due.isEmpty());
    }
    return abandoned;
  }

  /**
   * Follows what is due until nothing more is found.
   *
   * @param back whether what is found is the tenant's only once rows have come back
   */
  private void drain(Deque<Step> due, Map<String, List<Step>> dependents, boolean back)
      throws SQLException {
    while (!due.isEmpty()) {
      Step step = due.removeFirst();
      Optional<Chains> chains = chains(step, dependents);
      if (chains.isPresent()) {
        followAround(chains.get(), dependents, due, back);
      } else if (follow(step, back) > 0) {
        enqueue(dependents, step.table(), due);
      }
    }
  }

  /** Follows all claims of a ring to their ends; those of them that are due have been followed. */
  private void followAround(
      Chains chains, Map<String, List<Step>> dependents, Deque<Step> due, boolean back)
      throws SQLException {
    chains.follow();
    for (String place : chains.places()) {
      OwnedTable owned = scope.ownership().owned(place).orElseThrow();
      if (add(scope.table(owned), chains.found(place), back, false) > 0) {
        enqueue(dependents, owned, due);
      }
    }
    due.removeIf(step -> !step.returning() && isWithin(step, chains.places()));
  }

  private static boolean isWithin(Step step, Set<String> places) {
    return places.contains(step.table().name())
        && OwnedRows.source(step.claim()).filter(places::contains).isPresent();
  }

  private static void enqueue(
      Map<String, List<Step>> dependents, OwnedTable found, Deque<Step> due) {
    for (Step next : dependents.getOrDefault(lower(found.name()), List.of())) {
      // Behind what is due already: most of its source's rows are there by then.
      if (!due.contains(next)) {
        due.addLast(next);
      }
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private long follow(Step step, boolean back) throws SQLException {
    Table table = scope.table(step.table());
    boolean byKey = step.claim() instanceof Claim.ByKey;
    if (!byKey && !mayHold(step.table())) {
      return 0;
    }
    String all =
        "SELECT " + Sql.columns("t", table.key()) + " FROM " + scope.live(table.name()) + " t";
    Optional<String> leading = leading(step, table);
    if (leading.isEmpty()) {
      return 0;
    }
    String decided =
        byKey
            ? "NOT " + Decided.isShared(step.table(), "t")
            : Decided.isUndecided(step.table(), "t");
    String found = all + " WHERE " + leading.get() + " AND " + decided;
    return add(table, found, back, step.returning());
  }

  private long add(Table table, String found, boolean back, boolean direct) throws SQLException {
    return back
        ? coming.bringBack(table, found, direct)
        : scope.session().update("INSERT OR IGNORE INTO " + rows.set(table.name()) + ' ' + found);
  }

  /** A condition: the row {@code t} is the tenant's by the step's claim; empty if none is. */
  private Optional<String> leading(Step step, Table table) {
    Claim claim = step.claim();
    if (claim instanceof Claim.ByKey byKey) {
      return Optional.of(rows.holdsKey(table, byKey));
    }
    if (claim instanceof Claim.ReferencedBy by) {
      return Optional.of(isPointedAt(step, table, by));
    }
    Edge edge = Edge.of(table.name(), claim);
    if (scope.ownership().owned(edge.parent()).isEmpty()) {
      return Optional.empty();
    }
    String pointedAt =
        step.returning()
            ? missing(edge.parent(), edge.parentColumns())
            : rows.owned(edge.parent(), edge.parentColumns());
    return Optional.of(
        Sql.of(
            "{is set} AND {pointer} IN ({pointed at})",
            edge.isSet("t"),
            edge.pointer(scope.schema(), "t"),
            pointedAt));
  }

  /**
   * All claims around the ring of tables that a step is part of, which lead from rows to rows back
   * and forth; empty if it is part of none.
   */
  private Optional<Chains> chains(Step step, Map<String, List<Step>> dependents)
      throws SQLException {
    Optional<String> source = OwnedRows.source(step.claim());
    if (step.returning() || source.isEmpty()) {
      return Optional.empty();
    }
    Set<String> ring = ring(source.get());
    if (!isWithin(step, ring)) {
      return Optional.empty();
    }
    Chains chains = new Chains(scope.session(), scope.scratch("own_chains"));
    for (String from : ring) {
      Table table = scope.schema().table(from);
      for (Step next : dependents.getOrDefault(lower(from), List.of())) {
        if (isWithin(next, ring) && mayHold(next.table())) {
          lead(chains, table, next);
        }
      }
      chains.startAt(
          from,
          table,
          "SELECT " + Sql.columns(OwnedRows.keyColumns(table)) + " FROM " + rows.set(from));
    }
    return chains.canFollow() ? Optional.of(chains) : Optional.empty();
  }

  private Set<String> ring(String table) {
    return rings.computeIfAbsent(table, name -> Chains.ring(name, followers));
  }

  /** Whether rows of the table may be the tenant's by other claims than that of its key. */
  private boolean mayHold(OwnedTable owned) throws SQLException {
    Optional<Claim.ByKey> byKey = owned.byKey();
    return byKey.isEmpty() || hasUndecided(scope.table(owned), byKey.get());
  }

  private void lead(Chains chains, Table source, Step step) {
    Table table = scope.table(step.table());
    String leads;
    if (step.claim() instanceof Claim.ReferencedBy by) {
      Edge edge = Edge.of(by);
      leads = edge.leads(scope.schema(), "p", "t") + " AND " + edge.isSet("p");
    } else {
      Edge edge = Edge.of(table.name(), step.claim());
      leads =
          source.isPointedAt(table, "t", edge.columns(), "p", edge.parentColumns())
              + " AND "
              + edge.isSet("t");
    }
    chains.lead(
        new Chains.Rows(source.name(), source, scope.live(source.name()) + " p"),
        "p",
        new Chains.Rows(table.name(), table, scope.live(table.name()) + " t"),
        "t",
        leads + " AND " + Decided.isUndecided(step.table(), "t"));
  }

  private String isPointedAt(Step step, Table table, Claim.ReferencedBy by) {
    Edge edge = Edge.of(by);
    Table child = scope.schema().table(by.child());
    String children =
        step.returning() ? staged(by.child()) + " s" : rows.ownedRowsOf(child, "o", "s");
    // The row's own collation is that of what is pointed at, which decides.
    return Sql.of(
        "{columns} IN (SELECT {pointing} FROM {children} WHERE {are set})",
        table.compared(table, "t", edge.parentColumns(), edge.parentColumns()),
        table.selected(child, "s", edge.columns(), edge.parentColumns()),
        children,
        edge.isSet("s"));
  }

  /** Whether a table has rows without the tenant's key, for which other claims must be followed. */
  private boolean hasUndecided(Table table, Claim.ByKey byKey) throws SQLException {
    Boolean known = undecided.get(table.name());
    if (known == null) {
      known =
          scope
              .session()
              .exists(
                  Sql.of(
                      "SELECT 1 FROM {live} WHERE \"{key}\" IS NULL",
                      scope.live(table.name()),
                      byKey.column()));
      undecided.put(table.name(), known);
    }
    return known;
  }

  /**
   * Selects columns of the rows that come back. Where one of them is, it is followed from there.
   */
  private String missing(String table, List<String> columns) {
    return Sql.of(
        """
        SELECT s."{columns}" FROM {staged} s
        WHERE NOT EXISTS (SELECT 1 FROM {live} x WHERE {same values})
        """,
        columns,
        staged(table),
        scope.live(table),
        Sql.equal("x", columns, "s", columns));
  }

  private static String staged(String table) {
    return Sql.name(Workbench.STAGE, table);
  }
}
