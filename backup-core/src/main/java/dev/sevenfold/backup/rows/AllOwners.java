package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
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

  private final Scope scope;
  private final Session session;
  private final Owners owners;
  private final OwnerPlaces places;
  private final Uses uses;
  private boolean used;
  private boolean anyEverybodys;
  private final Map<Integer, Counts> counts = new HashMap<>();

  /** How many rows of a table are one tenant's, several tenants', and everybody's alone. */
  private record Counts(long one, long several, long everybodys) {}

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
              (w.o = {everybody} OR w.o IN (SELECT o FROM {tenants}))
                AND EXISTS (SELECT 1 FROM {owned} x WHERE x.node = u.node)
              """,
              EverybodysRows.EVERYBODY,
              places.table("tenants"),
              places.table("owned")));
    }
  }

  /** Requires that no tenant has a key that the model takes for everybody's. */
  public void requireNoSharedTenants() throws SQLException {
    Decided.requireNoTenants(scope, scope.live(scope.root().name()), scope.ownership().keyColumn());
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

  /** Counts for each table the rows of one tenant, and those of several, in one pass over all. */
  private void countTenants() throws SQLException {
    if (!places.inUse().isEmpty()) {
      anyEverybodys =
          session.exists(
              "SELECT 1 FROM %s WHERE o = %s"
                  .formatted(places.table("owned"), EverybodysRows.EVERYBODY));
      session.forEach(
          Sql.of(
              """
              SELECT node % {places}, sum(tenants = 1), sum(tenants > 1), sum(tenants = 0)
              FROM (SELECT w.node, sum(w.o <> {everybody}) AS tenants FROM {owned} w
                WHERE w.o = {everybody} OR w.o IN (SELECT o FROM {tenants}) GROUP BY w.node)
              GROUP BY 1
              """,
              places.count(),
              EverybodysRows.EVERYBODY,
              places.table("owned"),
              places.table("tenants")),
          row ->
              counts.put(
                  row.getInt(1), new Counts(row.getLong(2), row.getLong(3), row.getLong(4))));
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

  static String isRow(Place place, String node, String alias) {
    return Sql.equal(node, OwnedRows.keyColumns(place.table), alias, place.table.key());
  }

  /** How many rows of a table are everybody's, and no tenant's in particular. */
  long everybodys(OwnedTable owned) {
    return inUse(owned)
        .map(place -> counts.getOrDefault(place.number, new Counts(0, 0, 0)).everybodys())
        .orElse(0L);
  }

  /** Counts the rows of a table, and says what is not exactly one tenant's. */
  public OwnershipCheck.TableRows count(OwnedTable owned, boolean allowed) throws SQLException {
    Optional<Place> place = inUse(owned);
    if (place.isEmpty()) {
      return new OwnershipCheck.TableRows(owned.name(), 0, 0, 0, 0, 0, allowed, List.of());
    }
    long rows = session.queryLong("SELECT count(*) FROM " + places.nodes(place.get()));
    Counts found = counts.getOrDefault(place.get().number, new Counts(0, 0, 0));
    long nobodys = rows - found.one() - found.several() - found.everybodys();
    OwnerFindings all = new OwnerFindings(scope, places, place.get());
    List<Finding> findings = new ArrayList<>();
    if (nobodys > 0) {
      findings.addAll(all.nobodys());
    }
    if (found.several() > 0) {
      findings.addAll(all.several());
    }
    if (used && owned.isLooselyClaimed()) {
      findings.addAll(all.used(uses.marked()));
    }
    if (anyEverybodys) {
      findings.addAll(all.usedByEverybodys());
    }
    return new OwnershipCheck.TableRows(
        owned.name(),
        rows,
        found.one(),
        nobodys,
        found.several(),
        found.everybodys(),
        allowed,
        findings);
  }

  /** A condition: the row under {@code alias} is everybody's, and no tenant's in particular. */
  String isEverybodysAlone(OwnedTable owned, String alias) {
    return anyEverybodys
        ? inUse(owned)
            .map(
                place ->
                    Sql.of(
                        """
                        EXISTS (SELECT 1 FROM {nodes} n
                          WHERE {row} AND {everybody's} AND NOT {tenants})
                        """,
                        places.nodes(place),
                        isRow(place, "n", alias),
                        OwnerFindings.isEverybodys(places, place, "n"),
                        OwnerFindings.tenants(places, place, "n")))
            .orElse("0")
        : "0";
  }
}
