package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  private boolean used;

  /** Why a row is not exactly one tenant's, and the condition over {@code t} that tells it. */
  private record Reason(String why, String condition, boolean doubtful) {
    static Reason of(String why, String condition) {
      return new Reason(why, condition, false);
    }
  }

  private AllOwners(Scope scope) {
    this.scope = scope;
    this.session = scope.session();
    this.owners = Owners.in(scope, NAME);
    this.places = owners.places();
    this.uses = owners.uses();
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
    all.owners.climb();
    all.noteTenants();
    return all;
  }

  /** Notes also which loosely claimed rows others use, for {@link #count}. */
  public void noteUses(LiveRows live) throws SQLException {
    used = uses.find(live);
    if (used) {
      uses.markUsed(
          Sql.of(
              """
              w.o IN (SELECT o FROM {tenants})
                AND EXISTS (SELECT 1 FROM {owned} x WHERE x.node = u.node)
              """,
              places.table("tenants"),
              places.table("owned")));
    }
  }

  /** Notes which of the keys that were found are those of tenants that there are. */
  private void noteTenants() throws SQLException {
    session.make(places.table("tenants"), "(o INTEGER PRIMARY KEY)");
    if (!places.inUse().isEmpty()) {
      session.update(
          Sql.of(
              """
              INSERT INTO {tenants}
              SELECT x.o FROM {owners} x WHERE EXISTS (SELECT 1 FROM {root} r WHERE {key} = x.k)
              """,
              places.table("tenants"),
              places.table("owners"),
              scope.live(scope.root().name()),
              "r." + Sql.name(scope.ownership().keyColumn())));
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

  private Optional<Place> inUse(OwnedTable owned) {
    return places.inUse(scope.table(owned), scope.live());
  }

  private static String isRow(Place place, String node, String alias) {
    return Sql.equal(node, OwnedRows.keyColumns(place.table), alias, place.table.key());
  }

  /** Counts the rows of a table, and says what is not exactly one tenant's. */
  public OwnershipCheck.TableRows count(OwnedTable owned, boolean allowed) throws SQLException {
    Optional<Place> place = inUse(owned);
    if (place.isEmpty()) {
      return new OwnershipCheck.TableRows(owned.name(), 0, 0, 0, 0, allowed, List.of());
    }
    List<Long> counts =
        session
            .query(
                Sql.of(
                    """
                SELECT count(*), coalesce(sum(tenants = 1), 0), coalesce(sum(tenants > 1), 0)
                FROM (SELECT {tenants} AS tenants FROM {nodes} n)
                """,
                    tenants(place.get(), "n"),
                    places.nodes(place.get())),
                row -> List.of(row.getLong(1), row.getLong(2), row.getLong(3)))
            .get(0);
    long nobodys = counts.get(0) - counts.get(1) - counts.get(2);
    List<OwnershipCheck.Finding> findings = new ArrayList<>();
    if (nobodys > 0) {
      findings.addAll(findings(place.get(), "= 0", causes(place.get())));
    }
    if (counts.get(2) > 0) {
      findings.addAll(findings(place.get(), "> 1", doubts(place.get())));
    }
    if (used && owned.isLooselyClaimed()) {
      String isUsed = "> 0 AND " + places.id("n", place.get()) + " IN (" + uses.marked() + ')';
      findings.addAll(findings(place.get(), isUsed, List.of(Reason.of(use(owned), "1"))));
    }
    return new OwnershipCheck.TableRows(
        owned.name(), counts.get(0), counts.get(1), nobodys, counts.get(2), allowed, findings);
  }

  /** What is with rows that others use, and the lines that would settle it. */
  private static String use(OwnedTable owned) {
    List<String> columns =
        owned.claims().stream()
            .filter(Claim.ByReference.class::isInstance)
            .map(claim -> ((Claim.ByReference) claim).columns().get(0))
            .toList();
    return "used by tenants that %s does not lead to, so that no restore writes them; say %s, or %s"
        .formatted(
            String.join(", ", columns),
            "shared: [" + owned.name() + ']',
            "that it decides: "
                + Sql.commas(columns, c -> "{table: " + owned.name() + ", through: " + c + '}'));
  }

  /** How many tenants own a row, as SQL. */
  private String tenants(Place place, String node) {
    return Sql.of(
        "(SELECT count(*) FROM {owned} w CROSS JOIN {tenants} USING (o) WHERE w.node = {id})",
        places.table("owned"),
        places.table("tenants"),
        places.id(node, place));
  }

  /** Counts rows by the first reason that holds for each. */
  private List<OwnershipCheck.Finding> findings(Place place, String howMany, List<Reason> reasons)
      throws SQLException {
    List<OwnershipCheck.Finding> findings = new ArrayList<>();
    String some = places.table("some_" + place.number);
    session.make(some, "(why INTEGER, " + OwnedRows.keyDefinitions(place.table) + ")");
    StringBuilder which = new StringBuilder();
    for (int i = 0; i < reasons.size(); i++) {
      which.append(" WHEN ").append(reasons.get(i).condition()).append(" THEN ").append(i);
    }
    session.update(
        Sql.of(
            "INSERT INTO {some} SELECT CASE{which} END, t.\"{key}\" FROM {found} WHERE {how many}",
            some,
            which,
            place.table.key(),
            places.found(place),
            tenants(place, "n") + ' ' + howMany));
    for (int i = 0; i < reasons.size(); i++) {
      Reason reason = reasons.get(i);
      long rows = session.queryLong("SELECT count(*) FROM " + some + " WHERE why = ?", i);
      if (rows > 0) {
        List<String> samples =
            session.query(
                Sql.of(
                    "SELECT \"{key}\" FROM {some} WHERE why = ? ORDER BY rowid LIMIT {samples}",
                    OwnedRows.keyColumns(place.table),
                    some,
                    "0 + " + SAMPLES),
                row -> RowKeys.text(RowKeys.values(row, place.table.key().size())),
                i);
        findings.add(new OwnershipCheck.Finding(reason.why(), rows, reason.doubtful(), samples));
      }
    }
    session.execute("DROP TABLE " + some);
    return findings;
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
        boolean up = !(claim instanceof Claim.ReferencedBy);
        String set = up ? Edge.of(place.table.name(), claim).isSet("t") : "1";
        String there =
            Sql.of(
                "EXISTS (SELECT 1 FROM {q} WHERE {leads})",
                to.rows("q"),
                OwnerPlaces.leads(place, claim, to));
        if (up) {
          causes.add(Reason.of(claim + ", where no such row is", set + " AND NOT " + there));
        }
        consequences.add(
            Reason.of(claim + ", where the row is nobody's itself", set + " AND " + there));
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
                        EXISTS (SELECT 1 FROM {q} WHERE {leads} AND EXISTS (
                          SELECT 1 FROM {owned} w CROSS JOIN {tenants} USING (o)
                          WHERE w.node = {node} AND w.o NOT IN ({owners of q})))
                        """,
                        to.rows("q"),
                        OwnerPlaces.leads(place, claim, to),
                        places.table("owned"),
                        places.table("tenants"),
                        places.id("n", place),
                        tenantsOf(to.owned, "q")),
                    true));
          }
        }
      }
    }
    doubts.add(Reason.of("used by several tenants", "1"));
    return doubts;
  }
}
