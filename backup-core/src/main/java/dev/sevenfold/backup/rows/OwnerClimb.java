package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Climbs from the rows that were asked about to all that they lead to, and comes down again. */
final class OwnerClimb {

  private final Scope scope;
  private final Session session;
  private final OwnerPlaces places;
  private final Map<Integer, Set<String>> rings = new HashMap<>();
  private final Map<String, List<String>> leading = new HashMap<>();

  OwnerClimb(Scope scope, OwnerPlaces places) {
    this.scope = scope;
    this.session = scope.session();
    this.places = places;
  }

  /** Finds the owners of all rows that were asked about. */
  void climb() throws SQLException {
    Deque<Place> due = new ArrayDeque<>(places.inUse());
    while (!due.isEmpty()) {
      Place place = due.removeFirst();
      for (Place reached : climb(place)) {
        if (!due.contains(reached)) {
          // Behind what is due already: most of what leads there has been found by then.
          due.addLast(reached);
        }
      }
    }
    if (!places.inUse().isEmpty()) {
      comeDown();
    }
  }

  /** Climbs one step from the rows that were found since the last one; returns where it led. */
  private List<Place> climb(Place place) throws SQLException {
    long from = place.climbed;
    if (places.last(place) == from) {
      return List.of();
    }
    climbAround(place);
    place.climbed = places.last(place);
    String fresh = "n.n > " + from;
    Optional<Claim.ByKey> byKey = place.owned.byKey();
    boolean anyShared = !place.owned.shared().isEmpty();
    if (anyShared) {
      share(place, fresh);
    }
    if (byKey.isPresent()) {
      decide(
          place,
          byKey.get(),
          anyShared ? fresh + " AND NOT " + Decided.isShared(place.owned, "t") : fresh);
    }
    if (anyShared || byKey.isPresent()) {
      fresh += " AND " + OwnerPlaces.isUndecided(place);
      if (!session.exists("SELECT 1 FROM " + places.found(place) + " WHERE " + fresh)) {
        return List.of();
      }
    }
    List<Place> reached = new ArrayList<>();
    for (Claim claim : place.owned.claims()) {
      for (Place to : places.leadingTo(claim)) {
        follow(place, claim, to, fresh);
        if (to.used && places.last(to) > to.climbed && !reached.contains(to)) {
          reached.add(to);
        }
      }
    }
    return reached;
  }

  /** Rows that the model declares everybody's, whatever key they hold. */
  private void share(Place place, String fresh) throws SQLException {
    session.update(
        Sql.of(
            "INSERT OR IGNORE INTO {direct} SELECT {id}, {everybody} FROM {found} WHERE {fresh} AND {shared}",
            places.table("direct"),
            places.id("n", place),
            EverybodysRows.EVERYBODY,
            places.found(place),
            fresh,
            Decided.isShared(place.owned, "t")));
  }

  /** Rows that hold their tenant's key. */
  private void decide(Place place, Claim.ByKey claim, String fresh) throws SQLException {
    String column = "t." + Sql.name(claim.column());
    List<String> rootKey = List.of(scope.ownership().keyColumn());
    session.update(
        Sql.of(
            """
            INSERT OR IGNORE INTO {owners} (k)
            SELECT {key} FROM {found} WHERE {fresh} AND {key} IS NOT NULL
            """,
            places.table("owners"),
            column,
            places.found(place),
            fresh));
    session.update(
        Sql.of(
            """
            INSERT OR IGNORE INTO {direct}
            SELECT {id}, o.o FROM {found} CROSS JOIN {owners} o ON {root key} = o.k
            WHERE {fresh} AND {key} IS NOT NULL
            """,
            places.table("direct"),
            places.id("n", place),
            places.found(place),
            places.table("owners"),
            // The row may hold it in another case, or as another type.
            scope.root().compared(place.table, "t", List.of(claim.column()), rootKey),
            fresh,
            column));
  }

  /** Follows references around the ring that a place is part of to their ends, if there is one. */
  private void climbAround(Place place) throws SQLException {
    if (places.areAllAsked()) {
      return;
    }
    Set<String> ring =
        rings.computeIfAbsent(place.number, number -> Chains.ring(number + "", leading()));
    Chains chains = new Chains(session, places.table("chains"));
    for (String number : ring) {
      Place from = places.place(number);
      for (Claim claim : from.owned.claims()) {
        for (Place to : places.leadingTo(claim)) {
          if (ring.contains(String.valueOf(to.number))) {
            String leads =
                OwnerPlaces.leads(from, claim, to) + " AND " + OwnerPlaces.isUndecided(from);
            chains.lead(from.under("t"), "t", to.under("q"), "q", leads);
          }
        }
      }
      if (from.used && places.last(from) > from.chased) {
        String fresh = places.nodes(from) + " WHERE n > " + from.chased;
        String keys = Sql.columns(OwnedRows.keyColumns(from.table));
        chains.startAt(number, from.table, "SELECT " + keys + " FROM " + fresh);
      }
    }
    if (chains.canFollow() && places.last(place) > place.chased) {
      chains.follow();
      for (String number : ring) {
        takeIn(places.place(number), chains.found(number));
      }
    }
  }

  private void takeIn(Place place, String found) throws SQLException {
    if (session.exists(found)) {
      places.use(place);
      places.put(place, found);
      place.chased = places.last(place);
    }
  }

  private Map<String, List<String>> leading() {
    if (leading.isEmpty()) {
      leading.putAll(places.leading());
    }
    return leading;
  }

  private void follow(Place place, Claim claim, Place to, String fresh) throws SQLException {
    String led =
        Sql.of(
            "{found} CROSS JOIN {q} ON {leads} WHERE {fresh}",
            places.found(place),
            to.rows("q"),
            OwnerPlaces.leads(place, claim, to),
            fresh);
    if (!to.used) {
      if (!session.exists("SELECT 1 FROM " + led)) {
        return;
      }
      places.use(to);
    }
    if (!places.areAllAsked()) {
      places.put(to, "SELECT " + Sql.columns("q", to.table.key()) + " FROM " + led);
    }
    session.update(
        Sql.of(
            """
            INSERT OR IGNORE INTO {edges}
            SELECT {parent}, {node}, {uses} FROM {found} CROSS JOIN {q} ON {leads}
              CROSS JOIN {nodes} m ON {same key}
            WHERE {fresh}
            """,
            places.table("edges"),
            places.id("m", to),
            places.id("n", place),
            claim instanceof Claim.ReferencedBy ? 1 : 0,
            places.found(place),
            to.rows("q"),
            OwnerPlaces.leads(place, claim, to),
            places.nodes(to),
            Sql.equal("m", OwnedRows.keyColumns(to.table), "q", to.table.key()),
            fresh));
  }

  /** From the rows that hold a key to all that lead there. */
  private void comeDown() throws SQLException {
    session.execute("DELETE FROM " + places.table("owned"));
    session.update(
        Sql.of(
            """
            INSERT INTO {owned} WITH RECURSIVE down (node, o) AS (
              SELECT node, o FROM {direct} WHERE o > 0
              UNION SELECT e.node, d.o FROM down d CROSS JOIN {edges} e ON e.parent = d.node)
            SELECT node, o FROM down
            """,
            places.table("owned"),
            places.table("direct"),
            places.table("edges")));
    new EverybodysRows(scope, places).spread();
  }
}
