package dev.sevenfold.backup.rows;

import static java.util.stream.Collectors.joining;

import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.rows.Reasons.Reason;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.OwnershipCheck.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Which rows of one table are not exactly one tenant's, of those that {@link AllOwners} found. */
final class OwnerFindings {

  private static final int SAMPLES = 5;

  private final Session session;
  private final OwnerPlaces places;
  private final Place place;
  private final Reasons reasons;
  private final List<Reason> untold;

  /**
   * Looks at one table.
   *
   * @param untold by which types rows of it are in doubt: this is said of them, and nothing else
   */
  OwnerFindings(Scope scope, OwnerPlaces places, Place place, List<Reason> untold) {
    this.session = scope.session();
    this.places = places;
    this.place = place;
    this.reasons = new Reasons(scope, places);
    this.untold = untold;
  }

  /** Rows that are nobody's. */
  List<Finding> nobodys() throws SQLException {
    String noOnes = tenants() + " = 0 AND NOT " + isEverybodys(places, place, "n");
    return findings(noOnes + isTold(), reasons.nobodys(place));
  }

  /** Rows that are a tenant's and somebody else's. */
  List<Finding> several() throws SQLException {
    String several = tenants() + " > 0 AND " + owners() + " > 1";
    return findings(several + isTold(), reasons.several(place));
  }

  /** Rows of types that the model does not know, which stop backups. */
  List<Finding> untold() throws SQLException {
    return untold.isEmpty() ? List.of() : findings(anyOf(untold), untold);
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

  /** Rows that refer to somebody else's, and are in no doubt. */
  List<Finding> crossing() throws SQLException {
    List<Finding> crossing = new ArrayList<>();
    for (Reason reason : reasons.crossing(place)) {
      crossing.addAll(findings(reason.condition(), List.of(reason)));
    }
    return crossing;
  }

  /** Rows that are a tenant's, and that no restore writes. */
  private List<Finding> kept(String condition, String why) throws SQLException {
    return findings(
        condition + " AND " + tenants() + " > 0", List.of(new Reason(why, "1", Finding.Kind.KEPT)));
  }

  private String isTold() {
    return untold.isEmpty() ? "" : " AND NOT " + anyOf(untold);
  }

  private static String anyOf(List<Reason> reasons) {
    return reasons.stream().map(Reason::condition).collect(joining(" OR ", "(", ")"));
  }

  /** A condition: a row is everybody's, alone or with tenants. */
  static String isEverybodys(OwnerPlaces places, Place place, String node) {
    return EverybodysRows.isAmong(places, '(' + places.id(node, place) + ')');
  }

  private String tenants() {
    return tenants(places, place, "n");
  }

  /** How many tenants own a row, as SQL. */
  static String tenants(OwnerPlaces places, Place place, String node) {
    return Sql.of(
        "(SELECT count(*) FROM {owned} w CROSS JOIN {tenants} USING (o) WHERE w.node = {id})",
        places.table("owned"),
        places.table("tenants"),
        places.id(node, place));
  }

  /** How many own it, whether they exist or not. */
  private String owners() {
    return Sql.of(
        "(SELECT count(*) FROM {owned} w WHERE w.node = {id} AND w.o <> {everybody})",
        places.table("owned"),
        places.id("n", place),
        EverybodysRows.EVERYBODY);
  }

  /** Counts rows by the first reason that holds for each. */
  private List<Finding> findings(String condition, List<Reason> why) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    String some = places.table("some_" + place.number);
    session.make(some, "(why INTEGER, " + OwnedRows.keyDefinitions(place.table) + ")");
    StringBuilder which = new StringBuilder();
    for (int i = 0; i < why.size(); i++) {
      which.append(" WHEN ").append(why.get(i).condition()).append(" THEN ").append(i);
    }
    session.update(
        Sql.of(
            "INSERT INTO {some} SELECT CASE{which} END, t.\"{key}\" FROM {found} WHERE {condition}",
            some,
            which,
            place.table.key(),
            places.found(place),
            condition));
    for (int i = 0; i < why.size(); i++) {
      Reason reason = why.get(i);
      long rows = session.queryLong("SELECT count(*) FROM " + some + " WHERE why = ?", i);
      if (rows > 0) {
        findings.add(new Finding(reason.why(), rows, reason.kind(), samples(some, i)));
      }
    }
    session.execute("DROP TABLE " + some);
    return findings;
  }

  /** The first rows of one reason, by the keys that people know them by. */
  private List<String> samples(String some, int why) throws SQLException {
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
}
