package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnershipCheck.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why rows of one table are not exactly one tenant's, as {@link AllOwners} found them. */
final class OwnerFindings {

  private static final int SAMPLES = 5;

  private final Scope scope;
  private final Session session;
  private final OwnerPlaces places;
  private final Place place;

  /** Why a row is not exactly one tenant's, and the condition over {@code t} that tells it. */
  private record Reason(String why, String condition, boolean doubtful) {
    static Reason of(String why, String condition) {
      return new Reason(why, condition, false);
    }
  }

  OwnerFindings(Scope scope, OwnerPlaces places, Place place) {
    this.scope = scope;
    this.session = scope.session();
    this.places = places;
    this.place = place;
  }

  /** Rows that are nobody's. */
  List<Finding> nobodys() throws SQLException {
    String noOnes =
        tenants(places, place, "n") + " = 0 AND NOT " + isEverybodys(places, place, "n");
    return findings(place, Finding.Kind.NOBODYS, noOnes, causes(place));
  }

  /** Rows that are several tenants'. */
  List<Finding> several() throws SQLException {
    return findings(
        place, Finding.Kind.SEVERAL, tenants(places, place, "n") + " > 1", doubts(place));
  }

  /** A tenant's rows of a loosely claimed table that others use: {@code marked} selects them. */
  List<Finding> used(String marked) throws SQLException {
    return kept(places.id("n", place) + " IN (" + marked + ')', LooseClaims.used(place.owned));
  }

  /** A tenant's rows that rows use which are everybody's. */
  List<Finding> usedByEverybodys() throws SQLException {
    return kept(
        isEverybodys(places, place, "n"),
        "used by rows that are everybody's, so that no restore writes them");
  }

  /** Rows that are a tenant's, and that no restore writes. */
  private List<Finding> kept(String condition, String why) throws SQLException {
    return findings(
        place,
        Finding.Kind.KEPT,
        condition + " AND " + tenants(places, place, "n"),
        List.of(Reason.of(why, "1")));
  }

  /** A condition: a row is everybody's, alone or with tenants. */
  static String isEverybodys(OwnerPlaces places, Place place, String node) {
    return EverybodysRows.isAmong(places, '(' + places.id(node, place) + ')');
  }

  /** How many tenants own a row, as SQL. */
  static String tenants(OwnerPlaces places, Place place, String node) {
    return Sql.of(
        "(SELECT count(*) FROM {owned} w CROSS JOIN {tenants} USING (o) WHERE w.node = {id})",
        places.table("owned"),
        places.table("tenants"),
        places.id(node, place));
  }

  /** Counts rows by the first reason that holds for each. */
  private List<Finding> findings(
      Place place, Finding.Kind otherwise, String condition, List<Reason> reasons)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    String some = places.table("some_" + place.number);
    session.make(some, "(why INTEGER, " + OwnedRows.keyDefinitions(place.table) + ")");
    StringBuilder which = new StringBuilder();
    for (int i = 0; i < reasons.size(); i++) {
      which.append(" WHEN ").append(reasons.get(i).condition()).append(" THEN ").append(i);
    }
    session.update(
        Sql.of(
            "INSERT INTO {some} SELECT CASE{which} END, t.\"{key}\" FROM {found} WHERE {condition}",
            some,
            which,
            place.table.key(),
            places.found(place),
            condition));
    for (int i = 0; i < reasons.size(); i++) {
      Reason reason = reasons.get(i);
      long rows = session.queryLong("SELECT count(*) FROM " + some + " WHERE why = ?", i);
      if (rows > 0) {
        findings.add(
            new Finding(
                reason.why(),
                rows,
                reason.doubtful() ? Finding.Kind.DOUBTFUL : otherwise,
                samples(place, some, i)));
      }
    }
    session.execute("DROP TABLE " + some);
    return findings;
  }

  /** The first rows of one reason, by the keys that people know them by. */
  private List<String> samples(Place place, String some, int why) throws SQLException {
    List<String> identity = place.table.identity();
    List<String> shown = identity.isEmpty() ? place.table.key() : identity;
    return session.query(
        Sql.of(
            """
            SELECT {shown} FROM {some} n CROSS JOIN {t} ON {same key}
            WHERE n.why = ? ORDER BY n.rowid LIMIT {samples}
            """,
            Sql.columns("t", shown),
            some,
            place.rows("t"),
            Sql.equal("t", place.table.key(), "n", OwnedRows.keyColumns(place.table)),
            "0 + " + SAMPLES),
        row -> RowKeys.text(RowKeys.values(row, shown.size())),
        why);
  }

  /** Why a row is nobody's: what is wrong with itself, before what is wrong further up. */
  private List<Reason> causes(Place place) {
    List<Reason> causes = new ArrayList<>();
    List<Reason> consequences = new ArrayList<>();
    place
        .owned
        .byKey()
        .map(Claim.ByKey::column)
        .ifPresent(
            key ->
                causes.add(
                    Reason.of(key + " names no tenant", "t." + Sql.name(key) + " IS NOT NULL")));
    for (Claim claim : place.owned.claims()) {
      for (Place to : places.leadingTo(claim)) {
        String nobodysItself = claim + ", where the row is nobody's itself";
        if (claim instanceof Claim.ReferencedBy) {
          consequences.add(Reason.of(nobodysItself, isLedToFrom(place, to)));
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
            Reason.of(claim + ", where no such row is", edge.isSet("t") + " AND NOT " + there));
        consequences.add(Reason.of(nobodysItself, edge.isSet("t") + " AND " + there));
      }
    }
    types(place)
        .forEach(
            (column, types) ->
                causes.add(
                    Reason.of(
                        column + " has a type that the model does not know",
                        Sql.of(
                            "{type} IS NOT NULL AND {type} NOT IN ({types})",
                            "t." + Sql.name(column),
                            Sql.commas(types, Sql::text)))));
    causes.addAll(consequences);
    causes.add(Reason.of("nothing says whose it is", "1"));
    return causes;
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

  /** The types that the model knows of each column that has some. */
  private static Map<String, List<String>> types(Place place) {
    Map<String, List<String>> types = new LinkedHashMap<>();
    for (Claim claim : place.owned.claims()) {
      if (claim instanceof Claim.ByType type) {
        types.computeIfAbsent(type.typeColumn(), column -> new ArrayList<>()).add(type.type());
      }
    }
    return types;
  }

  /** Why a row of several tenants is in doubt: it refers to one that is not all of theirs. */
  private List<Reason> doubts(Place place) {
    List<Reason> doubts = new ArrayList<>();
    for (Claim claim : place.owned.claims()) {
      if (claim instanceof Claim.ByReference || claim instanceof Claim.ByType) {
        for (Place to : places.leadingTo(claim)) {
          if (to.used) {
            doubts.add(
                new Reason(
                    "several tenants', by " + claim + " not of all of them",
                    Sql.of(
                        """
                        EXISTS (SELECT 1 FROM {q} CROSS JOIN {nodes} v ON {row} WHERE {leads}
                          AND EXISTS (SELECT 1 FROM {owned} w CROSS JOIN {tenants} USING (o)
                            WHERE w.node = {node} AND NOT EXISTS (SELECT 1 FROM {owned} x
                              WHERE x.node = {node of q} AND x.o = w.o)))
                        """,
                        to.rows("q"),
                        places.nodes(to),
                        AllOwners.isRow(to, "v", "q"),
                        OwnerPlaces.leads(place, claim, to),
                        places.table("owned"),
                        places.table("tenants"),
                        places.id("n", place),
                        places.id("v", to)),
                    true));
          }
        }
      }
    }
    doubts.add(Reason.of("used by several tenants", "1"));
    return doubts;
  }
}
