package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.OwnershipCheck.Finding.Kind;
import java.util.ArrayList;
import java.util.List;

/** Why rows are not exactly one tenant's, of all rows that {@link AllOwners} has found. */
final class Reasons {

  /**
   * A reason.
   *
   * @param why for people
   * @param condition tells of a row {@code t}, {@code n} among those that were found, whether it is
   *     the reason
   * @param kind whose the row is
   */
  record Reason(String why, String condition, Kind kind) {}

  private final Scope scope;
  private final OwnerPlaces places;

  Reasons(Scope scope, OwnerPlaces places) {
    this.scope = scope;
    this.places = places;
  }

  /** Why a row is nobody's: what is wrong with itself, before what is wrong further up. */
  List<Reason> nobodys(Place place) {
    if (scope.ownership().isRoot(place.owned)) {
      return List.of(
          new Reason(
              scope.ownership().keyColumn() + " is null or empty, and names no tenant",
              "1",
              Kind.UNNAMED));
    }
    List<Reason> causes = new ArrayList<>();
    List<Reason> consequences = new ArrayList<>();
    place
        .owned
        .byKey()
        .map(Claim.ByKey::column)
        .ifPresent(
            key ->
                causes.add(
                    nobodys(key + " names no tenant", "t." + Sql.name(key) + " IS NOT NULL")));
    for (Claim claim : place.owned.claims()) {
      for (Place to : places.leadingTo(claim)) {
        String nobodysItself = claim + ", where the row is nobody's itself";
        if (claim instanceof Claim.ReferencedBy) {
          consequences.add(nobodys(nobodysItself, isLedToFrom(place, to)));
          continue;
        }
        Edge edge = Edge.of(place.table.name(), claim);
        // Asked as a set, which SQLite indexes for itself where the host's table has no index.
        String there =
            Sql.of(
                "({pointer} IN (SELECT q.\"{pointed at}\" FROM {q})) IS 1",
                edge.pointer(scope.schema(), "t"),
                edge.parentColumns(),
                to.rows("q"));
        causes.add(
            nobodys(claim + ", where no such row is", edge.isSet("t") + " AND NOT " + there));
        consequences.add(nobodys(nobodysItself, edge.isSet("t") + " AND " + there));
      }
    }
    place
        .owned
        .byTypes()
        .forEach(
            (column, types) ->
                causes.add(
                    nobodys(
                        column + " has a type that the model does not know",
                        Sql.of(
                            "{type} IS NOT NULL AND {type} NOT IN ({types})",
                            "t." + Sql.name(column),
                            Sql.commas(types, type -> Sql.text(type.type()))))));
    causes.addAll(consequences);
    causes.add(nobodys("nothing says whose it is", "1"));
    return causes;
  }

  private static Reason nobodys(String why, String condition) {
    return new Reason(why, condition, Kind.NOBODYS);
  }

  /**
   * A condition: rows of another table were found that own the row {@code n}. Asked of the edges,
   * once for all rows: the column that refers here need not have an index.
   */
  private String isLedToFrom(Place place, Place from) {
    return Sql.of(
        """
        {id} IN (SELECT node FROM {edges}
          WHERE parent % {places} = {from} AND node % {places} = {place})
        """,
        places.id("n", place),
        places.table("edges"),
        places.count(),
        String.valueOf(from.number),
        String.valueOf(place.number));
  }

  /**
   * Why a row is not one tenant's alone. It is in doubt, as it is to {@link EdgeCheck}, if it
   * refers to a row that is somebody's, and not a tenant's whose row this is too; whether this
   * somebody exists or not.
   */
  List<Reason> several(Place place) {
    List<Reason> several = new ArrayList<>();
    for (Claim claim : place.owned.claims()) {
      if (claim instanceof Claim.ByReference || claim instanceof Claim.ByType) {
        for (Place to : places.leadingTo(claim)) {
          if (to.used) {
            String tenants = " CROSS JOIN " + places.table("tenants") + " USING (o)";
            several.add(
                new Reason(
                    "several tenants', by " + claim + " not of all of them",
                    isInDoubt(place, claim, to, tenants),
                    Kind.DOUBTFUL));
            several.add(
                new Reason(
                    "a tenant's, and by " + claim + " one's that does not exist",
                    isInDoubt(place, claim, to, ""),
                    Kind.DOUBTFUL));
          }
        }
      }
    }
    several.add(
        new Reason(
            "used by a tenant, and by one that does not exist",
            "(SELECT count(*) FROM %s w CROSS JOIN %s USING (o) WHERE w.node = %s) = 1"
                .formatted(places.table("owned"), places.table("tenants"), places.id("n", place)),
            Kind.SEVERAL));
    several.add(new Reason("used by several tenants", "1", Kind.SEVERAL));
    return several;
  }

  /**
   * By which references a row leads to somebody else's, without leaving in doubt whose it is: each
   * of them for itself, as backups warn of them.
   */
  List<Reason> crossing(Place place) {
    List<Reason> crossing = new ArrayList<>();
    for (Ownership.Reference reference : scope.ownership().references()) {
      boolean claims = place.owned.claims().contains(reference.claim());
      if (reference.child().equalsIgnoreCase(place.table.name())
          && (!claims || place.owned.byKey().isPresent())) {
        String decided = claims ? "NOT (" + OwnerPlaces.isUndecided(place) + ") AND " : "";
        for (Place to : places.leadingTo(reference.claim())) {
          if (to.used) {
            crossing.add(
                new Reason(
                    reference.claim() + " leads to another tenant's row",
                    decided + isInDoubt(place, reference.claim(), to, ""),
                    Kind.CROSSING));
          }
        }
      }
    }
    return crossing;
  }

  /** A condition: the claim leads to a row that is not of all whose the row {@code t} is. */
  private String isInDoubt(Place place, Claim claim, Place to, String whose) {
    return Sql.of(
        """
        EXISTS (SELECT 1 FROM {q} CROSS JOIN {nodes} v ON {row} WHERE {leads}
          AND EXISTS (SELECT 1 FROM {owned} w{whose}
            WHERE w.node = {node of q} AND w.o <> {everybody})
          AND EXISTS (SELECT 1 FROM {owned} w CROSS JOIN {tenants} USING (o)
            WHERE w.node = {node} AND NOT EXISTS (SELECT 1 FROM {owned} x
              WHERE x.node = {node of q} AND x.o = w.o)))
        """,
        to.rows("q"),
        places.nodes(to),
        AllOwners.isRow(to, "v", "q"),
        OwnerPlaces.leads(place, claim, to),
        places.table("owned"),
        whose,
        places.id("v", to),
        EverybodysRows.EVERYBODY,
        places.table("tenants"),
        places.id("n", place));
  }
}
