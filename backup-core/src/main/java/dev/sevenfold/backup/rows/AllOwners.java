package dev.sevenfold.backup.rows;

import static java.util.stream.Collectors.joining;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.rows.Reasons.Reason;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.OwnershipCheck.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose each row of each owned table is, by the one relation that {@link Owners} tells of, for all
 * tenants at once: each table is read once. What was found stays in the scope's scratch schema. Use
 * from one thread, in one snapshot.
 */
public final class AllOwners {

  private static final String NAME = "all";
  private static final int SAMPLES = 5;

  private final Scope scope;
  private final Session session;
  private final Owners owners;
  private final OwnerPlaces places;
  private final Uses uses;
  private final Reasons reasons;
  private boolean used;
  private boolean crossing;
  private final Map<Integer, Counts> counts = new HashMap<>();
  private final Map<String, List<Reason>> types = new HashMap<>();

  /** How many rows of a table are one tenant's alone, and a tenant's and somebody else's. */
  private record Counts(long one, long several) {}

  private AllOwners(Scope scope) {
    this.scope = scope;
    this.session = scope.session();
    this.owners = Owners.in(scope, NAME);
    this.places = owners.places();
    this.uses = owners.uses();
    this.reasons = new Reasons(scope, places);
  }

  /** Finds the owners of all live rows. */
  public static AllOwners find(LiveRows live) throws SQLException {
    live.bring(live.model().owned().stream().map(Question::all).toList());
    return find(scope(live));
  }

  /** Where the owners of all live rows are found. */
  public static Scope scope(LiveRows live) throws SQLException {
    return new Scope(live.workbench(), live.schema(), Workbench.WORK, live.model(), null);
  }

  /** Finds the owners of all rows of a scope. */
  public static AllOwners find(Scope scope) throws SQLException {
    AllOwners all = new AllOwners(scope);
    for (OwnedTable owned : scope.ownership().owned()) {
      Interrupts.check();
      Table table = scope.table(owned);
      all.owners.ask(
          table,
          scope.live(),
          Sql.of("SELECT \"{key}\" FROM {rows}", table.key(), scope.live(table.name())));
    }
    all.places.allAreAsked();
    all.owners.climb();
    all.noteTenants();
    all.countTenants();
    return all;
  }

  /** Notes also which loosely claimed rows others use, for {@link #count}. */
  public void noteUses(LiveRows live) throws SQLException {
    used = uses.find(live);
    if (used) {
      uses.markUsed(
          Sql.of(
              """
              EXISTS (SELECT 1 FROM {owned} x WHERE x.node = u.node)
              """,
              places.table("owned")));
    }
  }

  /** Notes also which rows are of types that the model does not know, and stop backups. */
  public void noteTypes(LiveRows live) throws SQLException {
    types.putAll(UnknownTypes.stopping(live, this));
  }

  /** Has references to other tenants' rows counted, too, which takes a look at each of all. */
  public void noteCrossing() {
    crossing = true;
  }

  /** Notes which of the keys that were found are those of tenants that there are, by an id. */
  private void noteTenants() throws SQLException {
    session.make(places.table("tenants"), "(o INTEGER PRIMARY KEY)");
    if (!places.inUse().isEmpty()) {
      session.update(
          Sql.of(
              """
              INSERT INTO {tenants}
              SELECT x.o FROM {owners} x
              WHERE {id} <> '' AND EXISTS (SELECT 1 FROM {root} r WHERE {key} = x.k)
              """,
              places.table("tenants"),
              places.table("owners"),
              TenantKey.idOf("x.k"),
              scope.live(scope.root().name()),
              "r." + Sql.name(scope.ownership().keyColumn())));
    }
  }

  /**
   * Counts for each table the rows of one tenant, and those of several, in one pass over all. A
   * tenant that does not exist counts beside one that does: the row is not that one's alone.
   */
  private void countTenants() throws SQLException {
    if (!places.inUse().isEmpty()) {
      session.forEach(
          Sql.of(
              """
              SELECT node % {places}, sum(owners = 1), sum(owners > 1)
              FROM (SELECT w.node, count(*) AS owners, count(t.o) AS tenants
                FROM {owned} w LEFT JOIN {tenants} t ON t.o = w.o GROUP BY w.node)
              WHERE tenants > 0 GROUP BY 1
              """,
              places.count(), places.table("owned"), places.table("tenants")),
          row -> counts.put(row.getInt(1), new Counts(row.getLong(2), row.getLong(3))));
    }
  }

  /**
   * What follows {@code FROM}: the rows of a table under an alias, each with the tenants that own
   * it, as numbers {@code o} under another.
   */
  public String rowsWithTenants(OwnedTable owned, String alias, String tenant) {
    return inUse(owned)
        .map(
            place ->
                Sql.of(
                    """
                    {nodes} v CROSS JOIN {rows} ON {row}
                      CROSS JOIN {owned} {w} ON {w}.node = {id} CROSS JOIN {tenants} USING (o)
                    """,
                    places.nodes(place),
                    place.rows(alias),
                    isRow(place, "v", alias),
                    places.table("owned"),
                    Sql.name(tenant),
                    places.id("v", place),
                    places.table("tenants")))
        .orElseGet(
            () ->
                Sql.of(
                    "{live} \"{t}\" CROSS JOIN (SELECT NULL AS o WHERE 0) \"{w}\"",
                    scope.live(owned.name()),
                    alias,
                    tenant));
  }

  /**
   * Selects the tenants of a row, as numbers {@code o} that are theirs here and nowhere else.
   *
   * @param alias a row of the table
   */
  public String tenantsOf(OwnedTable owned, String alias) {
    return inUse(owned)
        .map(
            place ->
                Sql.of(
                    """
                    SELECT w.o FROM {nodes} v CROSS JOIN {owned} w ON w.node = {id}
                      CROSS JOIN {tenants} USING (o) WHERE {row}
                    """,
                    places.nodes(place),
                    places.table("owned"),
                    places.id("v", place),
                    places.table("tenants"),
                    isRow(place, "v", alias)))
        .orElse("SELECT NULL WHERE 0");
  }

  /** A condition: the row of an owned table is a tenant's, alone or with others. */
  String isTenants(Table table, String alias) {
    return "EXISTS (" + tenantsOf(scope.ownership().owned(table.name()).orElseThrow(), alias) + ')';
  }

  /** A condition: the row of an owned table leads to nobody, not even to one who is not there. */
  String isNobodys(Table table, String alias) {
    return places
        .inUse(table, scope.live())
        .map(
            place ->
                Sql.of(
                    """
                    NOT EXISTS (SELECT 1 FROM {nodes} v CROSS JOIN {owned} w ON w.node = {id}
                      WHERE {row})
                    """,
                    places.nodes(place),
                    places.table("owned"),
                    places.id("v", place),
                    isRow(place, "v", alias)))
        .orElse("1");
  }

  private Optional<Place> inUse(OwnedTable owned) {
    return places.inUse(scope.table(owned), scope.live());
  }

  static String isRow(Place place, String node, String alias) {
    return Sql.equal(node, OwnedRows.keyColumns(place.table), alias, place.table.key());
  }

  /** Counts the rows of a table, and says what is not exactly one tenant's. */
  public OwnershipCheck.TableRows count(OwnedTable owned, boolean allowed) throws SQLException {
    Optional<Place> place = inUse(owned);
    if (place.isEmpty()) {
      return new OwnershipCheck.TableRows(owned.name(), 0, 0, 0, 0, allowed, List.of());
    }
    long rows = session.queryLong("SELECT count(*) FROM " + places.nodes(place.get()));
    Counts found = counts.getOrDefault(place.get().number, new Counts(0, 0));
    long nobodys = rows - found.one() - found.several();
    List<Finding> findings = new ArrayList<>();
    List<Reason> untold = types.getOrDefault(owned.name(), List.of());
    String told = untold.isEmpty() ? "" : " AND NOT " + anyOf(untold);
    String tenants = tenants(place.get());
    if (nobodys > 0) {
      findings.addAll(findings(place.get(), tenants + " = 0" + told, reasons.nobodys(place.get())));
    }
    if (found.several() > 0) {
      String several = tenants + " > 0 AND " + owners(place.get()) + " > 1";
      findings.addAll(findings(place.get(), several + told, reasons.several(place.get())));
    }
    if (!untold.isEmpty()) {
      findings.addAll(findings(place.get(), anyOf(untold), untold));
    }
    if (used && owned.isLooselyClaimed()) {
      String isUsed = places.id("n", place.get()) + " IN (" + uses.marked() + ')';
      List<Reason> use = List.of(new Reason(LooseClaims.used(owned), "1", Finding.Kind.KEPT));
      findings.addAll(findings(place.get(), isUsed + " AND " + tenants + " > 0", use));
    }
    if (crossing) {
      for (Reason reason : reasons.crossing(place.get())) {
        findings.addAll(findings(place.get(), reason.condition(), List.of(reason)));
      }
    }
    return new OwnershipCheck.TableRows(
        owned.name(), rows, found.one(), nobodys, found.several(), allowed, findings);
  }

  private static String anyOf(List<Reason> reasons) {
    return reasons.stream().map(Reason::condition).collect(joining(" OR ", "(", ")"));
  }

  /** How many tenants own the row {@code n}, as SQL. */
  private String tenants(Place place) {
    return Sql.of(
        "(SELECT count(*) FROM {owned} w CROSS JOIN {tenants} USING (o) WHERE w.node = {id})",
        places.table("owned"),
        places.table("tenants"),
        places.id("n", place));
  }

  /** How many own it, whether they exist or not. */
  private String owners(Place place) {
    return Sql.of(
        "(SELECT count(*) FROM {owned} w WHERE w.node = {id})",
        places.table("owned"),
        places.id("n", place));
  }

  /** Counts rows by the first reason that holds for each. */
  private List<Finding> findings(Place place, String condition, List<Reason> reasons)
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
        findings.add(new Finding(reason.why(), rows, reason.kind(), samples(place, some, i)));
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
}
