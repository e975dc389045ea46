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
import dev.sevenfold.backup.tenant.OwnershipCheck.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
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
  private final Map<Integer, Counts> counts = new HashMap<>();

  /** How many rows of a table are one tenant's, and several tenants'. */
  private record Counts(long one, long several) {}

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

  /** Counts for each table the rows of one tenant, and those of several, in one pass over all. */
  private void countTenants() throws SQLException {
    if (!places.inUse().isEmpty()) {
      session.forEach(
          Sql.of(
              """
              SELECT node % {places}, sum(tenants = 1), sum(tenants > 1)
              FROM (SELECT w.node, count(*) AS tenants
                FROM {owned} w CROSS JOIN {tenants} USING (o) GROUP BY w.node)
              GROUP BY 1
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
    long rows = session.queryLong("SELECT count(*) FROM " + places.nodes(place.get()));
    Counts found = counts.getOrDefault(place.get().number, new Counts(0, 0));
    long nobodys = rows - found.one() - found.several();
    List<Finding> findings = new ArrayList<>();
    if (nobodys > 0) {
      findings.addAll(findings(place.get(), Finding.Kind.NOBODYS, causes(place.get())));
    }
    if (found.several() > 0) {
      findings.addAll(findings(place.get(), Finding.Kind.SEVERAL, doubts(place.get())));
    }
    if (used && owned.isLooselyClaimed()) {
      String isUsed = places.id("n", place.get()) + " IN (" + uses.marked() + ')';
      List<Reason> use = List.of(Reason.of(LooseClaims.used(owned), "1"));
      findings.addAll(
          findings(
              place.get(), Finding.Kind.KEPT, isUsed + " AND " + tenants(place.get(), "n"), use));
    }
    return new OwnershipCheck.TableRows(
        owned.name(), rows, found.one(), nobodys, found.several(), allowed, findings);
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
  private List<Finding> findings(Place place, Finding.Kind otherwise, List<Reason> reasons)
      throws SQLException {
    String howMany = otherwise == Finding.Kind.NOBODYS ? " = 0" : " > 1";
    return findings(place, otherwise, tenants(place, "n") + howMany, reasons);
  }

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
                        isRow(to, "v", "q"),
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
