package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which of the rows that were found are everybody's, as the model declares some rows to be: those;
 * what is theirs because they refer to it, whoever else does; and what refers to nothing but such
 * rows. What leads to a tenant as well is the tenant's. What also refers to a row that is not
 * there, or that is nobody's, is nobody's: a reference to everybody's row makes nothing everybody's
 * that has lost its owner.
 */
final class EverybodysRows {

  /** Everybody, among the owners. */
  static final String EVERYBODY = "-1";

  private final Session session;
  private final OwnerPlaces places;

  EverybodysRows(Scope scope, OwnerPlaces places) {
    this.session = scope.session();
    this.places = places;
  }

  /** A condition: the row with a number is everybody's, alone or with tenants. */
  static String isAmong(OwnerPlaces places, String node) {
    return Sql.of(
        "EXISTS (SELECT 1 FROM {owned} y WHERE y.node = {node} AND y.o = {everybody})",
        places.table("owned"),
        node,
        EVERYBODY);
  }

  /** Makes everybody an owner of them, once it is known which are tenants'. */
  void spread() throws SQLException {
    String declared = "SELECT node, o FROM " + places.table("direct") + " WHERE o = " + EVERYBODY;
    if (!session.exists(declared)) {
      return;
    }
    session.update("INSERT INTO " + places.table("owned") + ' ' + declared);
    long before;
    long found = 0;
    do {
      before = found;
      spreadBelow();
      spreadToUsed();
      found = session.queryLong("SELECT count(*) FROM " + everybodys());
    } while (found > before);
  }

  private String everybodys() {
    return places.table("owned") + " WHERE o = " + EVERYBODY;
  }

  /** A condition: the row with a number leads to somebody's key. */
  private String isTenants(String node) {
    return Sql.of(
        "EXISTS (SELECT 1 FROM {owned} x WHERE x.node = {node} AND x.o > 0)",
        places.table("owned"),
        node);
  }

  /** To what such rows refer to, where that makes it theirs. */
  private void spreadToUsed() throws SQLException {
    add(
        Sql.of(
            """
            WITH RECURSIVE used (node) AS (
              SELECT node FROM {everybodys}
              UNION SELECT e.node FROM used u CROSS JOIN {edges} e ON e.parent = u.node
                WHERE e.uses)
            SELECT node, {everybody} FROM used
            """,
            everybodys(),
            places.table("edges"),
            EVERYBODY));
  }

  private void add(String select) throws SQLException {
    session.update("INSERT OR IGNORE INTO " + places.table("owned") + ' ' + select);
  }

  /** To what refers to such rows: below those that are tenants' too, and where nothing else is. */
  private void spreadBelow() throws SQLException {
    String reach = places.table("reach");
    session.make(reach, "(node INTEGER PRIMARY KEY, open)");
    session.update(
        Sql.of(
            """
            INSERT INTO {reach}
            WITH RECURSIVE down (node) AS (
              SELECT node FROM {everybodys}
              UNION SELECT e.node FROM down d CROSS JOIN {edges} e ON e.parent = d.node
                WHERE NOT e.uses AND ({above is a tenant's} OR NOT {is a tenant's}))
            SELECT node, NOT {found} AND NOT {node is a tenant's} FROM down
            """,
            reach,
            everybodys(),
            places.table("edges"),
            isTenants("d.node"),
            isTenants("e.node"),
            isAmong(places, "down.node"),
            isTenants("down.node")));
    noteLost(reach);
    add(
        Sql.of(
            "SELECT r.node, {everybody} FROM {reach} r WHERE r.node NOT IN (SELECT node FROM {lost})",
            EVERYBODY,
            reach,
            lost()));
  }

  private String lost() {
    return places.table("lost");
  }

  /** Notes those that also lead nowhere, or to what is nobody's, and what is below them. */
  private void noteLost(String reach) throws SQLException {
    String nowhere = places.table("nowhere");
    session.make(nowhere, "(node INTEGER PRIMARY KEY)");
    for (Place place : places.inUse()) {
      List<String> ways = leadingNowhere(place);
      if (!ways.isEmpty()) {
        session.update(
            Sql.of(
                """
                INSERT INTO {nowhere}
                SELECT r.node FROM {reach} r CROSS JOIN {nodes} n ON n.n = r.node / {places}
                  CROSS JOIN {t} ON {same key}
                WHERE r.open AND r.node % {places} = {place} AND ({leads nowhere})
                """,
                nowhere,
                reach,
                places.nodes(place),
                places.count(),
                place.rows("t"),
                Sql.equal("t", place.table.key(), "n", OwnedRows.keyColumns(place.table)),
                "0 + " + place.number,
                String.join(" OR ", ways)));
      }
    }
    session.make(lost(), "(node INTEGER PRIMARY KEY)");
    session.update(
        Sql.of(
            """
            INSERT INTO {lost}
            WITH RECURSIVE lost (node) AS (
              SELECT node FROM {nowhere}
              UNION SELECT e.node FROM {edges} e CROSS JOIN {reach} r ON r.node = e.node
                WHERE r.open AND NOT e.uses AND e.parent NOT IN (SELECT node FROM {reach})
              UNION SELECT e.node FROM lost l CROSS JOIN {edges} e ON e.parent = l.node
                CROSS JOIN {reach} r ON r.node = e.node WHERE r.open AND NOT e.uses)
            SELECT node FROM lost
            """,
            lost(),
            nowhere,
            places.table("edges"),
            reach));
  }

  /** Conditions: a reference of the row {@code t} is set, and leads to no row. */
  private List<String> leadingNowhere(Place place) {
    List<String> ways = new ArrayList<>();
    for (Claim claim : place.owned.claims()) {
      List<Place> targets = places.leadingTo(claim);
      if (!targets.isEmpty()
          && (claim instanceof Claim.ByReference || claim instanceof Claim.ByType)) {
        List<String> led =
            targets.stream()
                .map(
                    to ->
                        Sql.of(
                            "NOT EXISTS (SELECT 1 FROM {q} WHERE {leads})",
                            to.rows("q"),
                            OwnerPlaces.leads(place, claim, to)))
                .toList();
        ways.add(
            '(' + Edge.of(place.table.name(), claim).isSet("t") + " AND " + Sql.allOf(led) + ')');
      }
    }
    place
        .owned
        .byTypes()
        .forEach((column, known) -> ways.add(UnknownTypes.isUnknown(column, known, "t")));
    return ways;
  }
}
