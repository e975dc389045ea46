package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Climbs from the rows that were asked about to all that they lead to, and comes down again. */
final class OwnerClimb {

  private final Session session;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final OwnerPlaces places;

  OwnerClimb(Session session, Ownership ownership, SqliteSchema schema, OwnerPlaces places) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
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
    climbWithin(place, from);
    place.climbed = places.last(place);
    String fresh = "n.n > " + from;
    Optional<Claim.ByKey> byKey = place.owned.byKey();
    if (byKey.isPresent()) {
      decide(place, byKey.get(), fresh);
      fresh += " AND " + OwnerPlaces.isUndecided(place);
      if (!places.exists("SELECT 1 FROM " + places.found(place) + " WHERE " + fresh)) {
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

  /** Rows that hold their tenant's key. */
  private void decide(Place place, Claim.ByKey claim, String fresh) throws SQLException {
    String column = "t." + Sql.name(claim.column());
    SqliteTable root = schema.table(ownership.root().name());
    List<String> rootKey = List.of(ownership.keyColumn());
    session.update(
        "INSERT OR IGNORE INTO "
            + places.table("owners")
            + " (k) SELECT "
            + column
            + " FROM "
            + places.found(place)
            + " WHERE "
            + fresh
            + " AND "
            + column
            + " IS NOT NULL");
    session.update(
        "INSERT OR IGNORE INTO "
            + places.table("direct")
            + " SELECT "
            + places.id("n", place)
            + ", o.o FROM "
            + places.found(place)
            + " CROSS JOIN "
            + places.table("owners")
            + " o ON "
            // By the root's own key: the row may hold it in another case, or as another type.
            + root.compared(place.table, "t", List.of(claim.column()), rootKey)
            + " = o.k WHERE "
            + fresh
            + " AND "
            + column
            + " IS NOT NULL");
  }

  /** Follows the references of a table to itself to their ends: a chain is long, not wide. */
  private void climbWithin(Place place, long from) throws SQLException {
    String keys = Sql.columns(OwnedRows.keyColumns(place.table));
    StringBuilder steps = new StringBuilder();
    for (Claim claim : place.owned.claims()) {
      if (OwnedRows.source(claim).filter(place::isTable).isPresent()) {
        steps
            .append(" UNION SELECT ")
            .append(Sql.columns("q", place.table.key()))
            .append(" FROM up u CROSS JOIN ")
            .append(place.rows("t"))
            .append(" ON ")
            .append(Sql.equal("t", place.table.key(), "u", OwnedRows.keyColumns(place.table)))
            .append(" CROSS JOIN ")
            .append(place.rows("q"))
            .append(" ON ")
            .append(OwnerPlaces.leads(place, claim, place))
            .append(" WHERE ")
            .append(OwnerPlaces.isUndecided(place));
      }
    }
    if (!steps.isEmpty()) {
      session.update(
          "INSERT OR IGNORE INTO "
              + places.nodes(place)
              + " ("
              + keys
              + ") WITH RECURSIVE up ("
              + keys
              + ") AS (SELECT "
              + keys
              + " FROM "
              + places.nodes(place)
              + " WHERE n > "
              + from
              + steps
              + ") SELECT "
              + keys
              + " FROM up");
    }
  }

  private void follow(Place place, Claim claim, Place to, String fresh) throws SQLException {
    String led =
        places.found(place)
            + " CROSS JOIN "
            + to.rows("q")
            + " ON "
            + OwnerPlaces.leads(place, claim, to)
            + " WHERE "
            + fresh;
    if (!to.used) {
      if (!places.exists("SELECT 1 FROM " + led)) {
        return;
      }
      places.use(to);
    }
    places.put(to, "SELECT " + Sql.columns("q", to.table.key()) + " FROM " + led);
    session.update(
        "INSERT OR IGNORE INTO "
            + places.table("edges")
            + " SELECT "
            + places.id("m", to)
            + ", "
            + places.id("n", place)
            + " FROM "
            + places.found(place)
            + " CROSS JOIN "
            + to.rows("q")
            + " ON "
            + OwnerPlaces.leads(place, claim, to)
            + " CROSS JOIN "
            + places.nodes(to)
            + " m ON "
            + Sql.equal("m", OwnedRows.keyColumns(to.table), "q", to.table.key())
            + " WHERE "
            + fresh);
  }

  /** From the rows that hold a key to all that lead there. */
  private void comeDown() throws SQLException {
    session.execute("DELETE FROM " + places.table("owned"));
    session.update(
        "INSERT INTO "
            + places.table("owned")
            + " WITH RECURSIVE down (node, o) AS (SELECT node, o FROM "
            + places.table("direct")
            + " UNION SELECT e.node, d.o FROM down d CROSS JOIN "
            + places.table("edges")
            + " e ON e.parent = d.node) SELECT node, o FROM down");
  }
}
