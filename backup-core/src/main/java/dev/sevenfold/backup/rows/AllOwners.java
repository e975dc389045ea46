package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.rows.Reasons.Reason;
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
  private boolean crossing;
  private final Map<Integer, Counts> counts = new HashMap<>();
  private final Map<String, List<Reason>> types = new HashMap<>();

  /**
   * How many rows of a table are one tenant's alone, a tenant's and somebody else's, and
   * everybody's alone.
   */
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
              EXISTS (SELECT 1 FROM {owned} x WHERE x.node = u.node)
              """,
              places.table("owned")));
    }
  }

  /** Requires that no tenant has a key that the model takes for everybody's. */
  public void requireNoSharedTenants() throws SQLException {
    Decided.requireNoTenants(scope, scope.live(scope.root().name()), scope.ownership().keyColumn());
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
      anyEverybodys =
          session.exists(
              "SELECT 1 FROM %s WHERE o = %s"
                  .formatted(places.table("owned"), EverybodysRows.EVERYBODY));
      session.forEach(
          Sql.of(
              """
              SELECT node % {places}, sum(tenants > 0 AND owners = 1),
                sum(tenants > 0 AND owners > 1), sum(tenants = 0 AND everybodys)
              FROM (SELECT w.node, sum(w.o <> {everybody}) AS owners, count(t.o) AS tenants,
                  max(w.o = {everybody}) AS everybodys
                FROM {owned} w LEFT JOIN {tenants} t ON t.o = w.o GROUP BY w.node)
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
    Optional<Place> place = inUse(owned);
    if (place.isEmpty()) {
      String rows = scope.live(owned.name()) + ' ' + alias;
      return rows + " CROSS JOIN (SELECT NULL AS o WHERE 0) " + tenant;
    }
    return Sql.of(
        """
        {nodes} v CROSS JOIN {rows} ON {row} CROSS JOIN {owned} "{w}" ON "{w}".node = {id}
          CROSS JOIN {tenants} z ON z.o = "{w}".o
        """,
        places.nodes(place.get()),
        place.get().rows(alias),
        isRow(place.get(), "v", alias),
        places.table("owned"),
        tenant,
        places.id("v", place.get()),
        places.table("tenants"));
  }

  /** Selects the tenants of a row under an alias, as numbers {@code o} known only here. */
  public String tenantsOf(OwnedTable owned, String alias) {
    return inUse(owned)
        .map(place -> "SELECT w.o FROM " + tenantsOf(place, alias))
        .orElse("SELECT NULL WHERE 0");
  }

  /** What follows {@code alias} among what is joined: its tenants, as {@code w.o}. */
  public String withTenants(OwnedTable owned, String alias) {
    return " CROSS JOIN "
        + inUse(owned).map(it -> tenantsOf(it, alias)).orElse("(SELECT NULL AS o WHERE 0) w");
  }

  private String tenantsOf(Place place, String alias) {
    return Sql.of(
        """
        {nodes} v CROSS JOIN {owned} w ON w.node = {id} AND {row}
          CROSS JOIN {tenants} z ON z.o = w.o
        """,
        places.nodes(place),
        places.table("owned"),
        places.id("v", place),
        isRow(place, "v", alias),
        places.table("tenants"));
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
    List<Reason> untold = types.getOrDefault(owned.name(), List.of());
    OwnerFindings all = new OwnerFindings(scope, places, place.get(), untold);
    List<Finding> findings = new ArrayList<>();
    if (nobodys > 0) {
      findings.addAll(all.nobodys());
    }
    if (found.several() > 0) {
      findings.addAll(all.several());
    }
    findings.addAll(all.untold());
    if (used && owned.isLooselyClaimed()) {
      findings.addAll(all.used(uses.marked()));
    }
    if (anyEverybodys) {
      findings.addAll(all.usedByEverybodys());
    }
    if (crossing) {
      findings.addAll(all.crossing());
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
                          WHERE {row} AND {everybody's} AND {tenants} = 0)
                        """,
                        places.nodes(place),
                        isRow(place, "n", alias),
                        OwnerFindings.isEverybodys(places, place, "n"),
                        OwnerFindings.tenants(places, place, "n")))
            .orElse("0")
        : "0";
  }
}
