package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Whose rows are these? The one relation between rows and tenants, that whatever writes a row holds
 * it against: everybody whom a row leads to by the model's claims. Its tenant's key decides alone
 * where it is not null; else all of its references, polymorphic pairs and the rows that refer to it
 * do.
 *
 * <p>Rows are asked about as sets of keys, and climbed from as sets, to all that they lead to; then
 * the owners that were found come down again the same way. Each row is looked at once, however many
 * rows lead to it and in whatever circles, so that the cost is that of the rows asked about and of
 * what they lead to. Keys never pass through Java: one with a NUL in it does not survive that. Use
 * from one thread.
 */
public final class Owners {

  private static final String TENANT = OwnerPlaces.TENANT;
  private static final int SAMPLES = 5;

  private final Scope scope;
  private final Session session;
  private final OwnerPlaces places;
  private final OwnerClimb climb;

  private Owners(Scope scope, String name) {
    this.scope = scope;
    this.session = scope.session();
    this.places = new OwnerPlaces(scope, name);
    this.climb = new OwnerClimb(scope, places);
  }

  /**
   * As rows are in the scope's live schema. What was found by the same name before is replaced.
   *
   * @param name what tells it apart from others in the scope
   */
  public static Owners in(Scope scope, String name) {
    Owners owners = new Owners(scope, name);
    for (OwnedTable owned : scope.ownership().owned()) {
      owners.places.add(owned, scope.live(), alias -> "1");
    }
    return owners;
  }

  /** As {@link #in}, where no rows are known yet: {@link #include} says which there are. */
  public static Owners ofNone(Scope scope, String name) {
    return new Owners(scope, name);
  }

  /**
   * Takes rows of an owned table in.
   *
   * @param in the schema that they are in
   * @param condition says of an alias of the table which rows count
   */
  public void include(OwnedTable owned, String in, UnaryOperator<String> condition) {
    places.add(owned, in, condition);
  }

  /**
   * Asks about rows of an owned table. Answered by {@link #climb}.
   *
   * @param in the schema that they are in
   * @param select selects their keys
   */
  public void ask(Table table, String in, String select) throws SQLException {
    if (session.exists(select)) {
      Place place = places.place(table, in).orElseThrow();
      places.use(place);
      places.put(place, select);
    }
  }

  OwnerPlaces places() {
    return places;
  }

  /** Finds the owners of all rows that were asked about. */
  public void climb() throws SQLException {
    climb.climb();
  }

  /**
   * As {@link #climb}, and makes everybody an owner of loosely claimed rows that others use: a row
   * refers to them whose owner their own claims do not lead to, be it another tenant's, or the
   * tenant's where they lead to others. So is what nothing else makes somebody's.
   */
  public void climbWithUses(LiveRows live) throws SQLException {
    climb.climb();
    Uses uses = uses();
    if (uses.find(live)) {
      uses.markUsed(
          Sql.of(
              """
              (w.o <> {tenant} OR EXISTS (
                SELECT 1 FROM {owned} x WHERE x.node = u.node AND x.o <> {tenant}))
              """,
              TENANT,
              places.table("owned")));
      uses.spread();
    }
  }

  Uses uses() {
    return new Uses(scope, places, climb);
  }

  /** A condition: the row that was asked about is everybody's, as others use it. */
  public String isEverybodys(Table table, String in, String alias, List<String> columns) {
    return owned(table, in, alias, columns, " AND w.o = " + Uses.EVERYBODY);
  }

  /**
   * A condition: somebody else owns the row that was asked about, or everybody does, alone or with
   * the tenant.
   *
   * @param columns of the row under {@code alias}, those that have its key
   */
  public String isOthers(Table table, String in, String alias, List<String> columns) {
    return owned(table, in, alias, columns, " AND w.o <> " + TENANT);
  }

  /**
   * As {@link #isOthers}, where everybody is no other: what is everybody's may be referred to as
   * rows of a shared table are.
   */
  public String isOtherTenants(Table table, String in, String alias, List<String> columns) {
    return owned(table, in, alias, columns, " AND w.o > " + TENANT);
  }

  /** A condition: the tenant owns the row that was asked about, alone or with others. */
  public String isTenants(Table table, String in, String alias, List<String> columns) {
    return owned(table, in, alias, columns, " AND w.o = " + TENANT);
  }

  /**
   * A condition: a reference of the row leads to somebody else alone, so that nobody can say whose
   * it is, if it is the tenant's by another.
   */
  public String isDoubtful(Table table, String in, String alias, List<String> columns) {
    Optional<Place> found = places.inUse(table, in);
    List<String> ways = new ArrayList<>();
    for (Claim claim : found.map(place -> place.owned.claims()).orElse(List.of())) {
      if (!(claim instanceof Claim.ByKey) && !(claim instanceof Claim.ReferencedBy)) {
        for (Place to : places.leadingTo(claim)) {
          String othersAlone =
              isOtherTenants(to.table, to.schema, "q", to.table.key())
                  + " AND NOT "
                  + isTenants(to.table, to.schema, "q", to.table.key());
          ways.add(
              Sql.of(
                  """
                  EXISTS (SELECT 1 FROM {t} CROSS JOIN {q} ON {leads}
                    WHERE {undecided} AND {same key} AND {others alone})
                  """,
                  found.get().rows("t"),
                  to.rows("q"),
                  OwnerPlaces.leads(found.get(), claim, to),
                  OwnerPlaces.isUndecided(found.get()),
                  Sql.equal("t", table.key(), alias, columns),
                  othersAlone));
        }
      }
    }
    return ways.isEmpty() ? "0" : '(' + String.join(" OR ", ways) + ')';
  }

  private String owned(Table table, String in, String alias, List<String> columns, String which) {
    Optional<Place> place = places.inUse(table, in);
    return place.isEmpty()
        ? "0"
        : "EXISTS (SELECT 1 FROM " + answers(place.get(), alias, columns) + which + ')';
  }

  private String answers(Place place, String alias, List<String> columns) {
    return ownedIn(place)
        + " WHERE "
        + Sql.equal("v", OwnedRows.keyColumns(place.table), alias, columns);
  }

  /** The rows {@code v} of a place with each of their owners, {@code w.o}. */
  private String ownedIn(Place place) {
    return Sql.of(
        "{nodes} v CROSS JOIN {owned} w ON w.node = {id}",
        places.nodes(place),
        places.table("owned"),
        places.id("v", place));
  }

  /** The ids of all tenants who own a row that was asked about, or that such a row leads to. */
  public Set<String> names(Table table, String in) throws SQLException {
    Optional<Place> place = places.inUse(table, in);
    return place.isEmpty()
        ? Set.of()
        : Set.copyOf(
            session.texts(
                "SELECT DISTINCT " + nameOf() + " FROM " + ownedIn(place.get()) + " AND w.o > 0"));
  }

  /** Whether a row that was asked about, or that such a row leads to, is no tenant's. */
  public boolean isAnyNoTenants(Table table, String in) throws SQLException {
    Optional<Place> place = places.inUse(table, in);
    return place.isPresent()
        && session.exists(
            Sql.of(
                """
                SELECT 1 FROM {nodes} v
                WHERE NOT EXISTS (SELECT 1 FROM {owned} w WHERE w.node = {id} AND w.o > 0)
                """,
                places.nodes(place.get()),
                places.table("owned"),
                places.id("v", place.get())));
  }

  /**
   * The first of some rows that others own, for people: {@code [3] leads to [2]}.
   *
   * @param from what follows {@code FROM}: the rows, under {@code alias}
   * @param columns those that have their keys
   */
  public List<String> samples(
      Table table, String in, String from, String alias, List<String> columns) throws SQLException {
    return samples(table, in, from, alias, columns, alias, columns);
  }

  /** The first of some rows that others own, shown by other columns than those of their keys. */
  public List<String> samples(
      Table table,
      String in,
      String from,
      String alias,
      List<String> columns,
      String shownAlias,
      List<String> shown)
      throws SQLException {
    Optional<Place> place = places.inUse(table, in);
    if (place.isEmpty()) {
      return List.of();
    }
    int count = shown.size();
    return session.query(
        Sql.of(
            """
            SELECT DISTINCT {shown}, (SELECT group_concat(who, ', ') FROM
              (SELECT DISTINCT {name} AS who FROM {answers} AND w.o <> {tenant}
                ORDER BY who LIMIT {samples}))
            FROM {rows} ORDER BY {shown} LIMIT {samples}
            """,
            Sql.columns(shownAlias, shown),
            nameOf(),
            answers(place.get(), alias, columns),
            TENANT,
            SAMPLES,
            from),
        row ->
            RowKeys.text(RowKeys.values(row, count))
                + " leads to ["
                + row.getString(count + 1)
                + ']');
  }

  /** The id of the owner {@code w.o}, as its own row has it if there is one. */
  private String nameOf() {
    String rootKey = "r." + Sql.name(scope.ownership().keyColumn());
    return Sql.of(
        """
        coalesce(
          (SELECT coalesce((SELECT {id} FROM {tenants} r WHERE {key} = x.k), {id as it was found})
            FROM {owners} x WHERE x.o = w.o),
          'everybody')
        """,
        TenantKey.idOf(rootKey),
        scope.live(scope.root().name()),
        rootKey,
        TenantKey.idOf("x.k"),
        places.table("owners"));
  }
}
