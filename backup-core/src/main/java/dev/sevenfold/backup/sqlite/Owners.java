package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
final class Owners {

  /** The one whose rows all of this is about, among the owners. */
  private static final String TENANT = "1";

  private static final int SAMPLES = 5;

  /** Rows of one owned table in one schema. */
  private static final class Place {
    private final int number;
    private final OwnedTable owned;
    private final SqliteTable table;
    private final String schema;
    private final UnaryOperator<String> isThere;
    private boolean used;
    private long climbed;

    Place(
        int number,
        OwnedTable owned,
        SqliteTable table,
        String schema,
        UnaryOperator<String> isThere) {
      this.number = number;
      this.owned = owned;
      this.table = table;
      this.schema = schema;
      this.isThere = isThere;
    }

    String rows(String alias) {
      return Sql.name(schema, table.name()) + ' ' + alias;
    }

    boolean isTable(String name) {
      return table.name().equalsIgnoreCase(name);
    }
  }

  private final Session session;
  private final String scratch;
  private final String prefix;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final TenantKey key;
  private final List<Place> places = new ArrayList<>();
  private final Map<String, List<Place>> byTable = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private boolean made;

  private Owners(
      Session session,
      String scratch,
      String prefix,
      Ownership ownership,
      SqliteSchema schema,
      TenantKey key) {
    this.session = session;
    this.scratch = scratch;
    this.prefix = prefix;
    this.ownership = ownership;
    this.schema = schema;
    this.key = key;
  }

  /**
   * As rows are in one schema.
   *
   * @param scratch the attached schema that takes what is found; what was found by the same name
   *     before is replaced
   * @param name what tells it apart from others in {@code scratch}
   * @param key the tenant whose rows all of this is about
   */
  static Owners in(
      String live,
      Session session,
      String scratch,
      String name,
      Ownership ownership,
      SqliteSchema schema,
      TenantKey key) {
    Owners owners = new Owners(session, scratch, name, ownership, schema, key);
    for (OwnedTable owned : ownership.owned()) {
      owners.add(owned, live, alias -> "1");
    }
    return owners;
  }

  /**
   * As rows will be when a difference is merged: those of the stage, and in place of the tenant's
   * rows now only the ones that stay.
   */
  static Owners afterMerge(
      Session session,
      String name,
      Ownership ownership,
      SqliteSchema schema,
      TenantKey key,
      Map<String, RowDiff> diffs,
      ForeignKeyActions actions) {
    Owners owners = new Owners(session, SnapshotTaker.WORK, name, ownership, schema, key);
    for (OwnedTable owned : ownership.owned()) {
      RowDiff diff = diffs.get(owned.name());
      if (diff != null) {
        owners.add(owned, RowDiff.STAGE, alias -> "1");
      }
      owners.add(
          owned,
          SnapshotTaker.LIVE,
          alias ->
              (diff == null ? "1" : diff.isOutside(alias))
                  + " AND "
                  + actions.isNotDeleted(owned.name(), alias));
    }
    return owners;
  }

  private void add(OwnedTable owned, String in, UnaryOperator<String> isThere) {
    SqliteTable table = schema.table(owned.name());
    Place place = new Place(places.size(), owned, table, in, isThere);
    places.add(place);
    byTable.computeIfAbsent(table.name(), name -> new ArrayList<>()).add(place);
  }

  /**
   * Asks about rows of an owned table. Answered by {@link #climb}.
   *
   * @param in the schema that they are in
   * @param select selects their keys
   */
  void ask(SqliteTable table, String in, String select) throws SQLException {
    if (session.queryLong("SELECT EXISTS (" + select + ')') != 0) {
      Place place = place(table, in).orElseThrow();
      use(place);
      put(place, select);
    }
  }

  private Optional<Place> place(SqliteTable table, String in) {
    return byTable.getOrDefault(table.name(), List.of()).stream()
        .filter(candidate -> candidate.schema.equals(in))
        .findFirst();
  }

  /** Finds the owners of all rows that were asked about. */
  void climb() throws SQLException {
    Deque<Place> due = new ArrayDeque<>(places.stream().filter(place -> place.used).toList());
    while (!due.isEmpty()) {
      Place place = due.removeFirst();
      for (Place reached : climb(place)) {
        if (!due.contains(reached)) {
          // Behind what is due already: most of what leads there has been found by then.
          due.addLast(reached);
        }
      }
    }
    if (made) {
      comeDown();
    }
  }

  /** Climbs one step from the rows that were found since the last one; returns where it led. */
  private List<Place> climb(Place place) throws SQLException {
    long from = place.climbed;
    if (last(place) == from) {
      return List.of();
    }
    climbWithin(place, from);
    place.climbed = last(place);
    String fresh = "n.n > " + from;
    Optional<Claim.ByKey> byKey = place.owned.byKey();
    if (byKey.isPresent()) {
      decide(place, byKey.get(), fresh);
      fresh += " AND " + isUndecided(place);
      if (!exists("SELECT 1 FROM " + found(place) + " WHERE " + fresh)) {
        return List.of();
      }
    }
    List<Place> reached = new ArrayList<>();
    for (Claim claim : place.owned.claims()) {
      for (Place to : leadingTo(claim)) {
        follow(place, claim, to, fresh);
        if (to.used && last(to) > to.climbed && !reached.contains(to)) {
          reached.add(to);
        }
      }
    }
    return reached;
  }

  private List<Place> leadingTo(Claim claim) {
    return OwnedRows.source(claim)
        .map(table -> byTable.getOrDefault(table, List.of()))
        .orElse(List.of());
  }

  /** The rows that were found in a place: {@code n} has their keys, {@code t} the rows. */
  private String found(Place place) {
    return nodes(place)
        + " n CROSS JOIN "
        + place.rows("t")
        + " ON "
        + Sql.equal("t", place.table.key(), "n", OwnedRows.keyColumns(place.table));
  }

  /** Rows that hold their tenant's key. */
  private void decide(Place place, Claim.ByKey claim, String fresh) throws SQLException {
    String column = "t." + Sql.name(claim.column());
    SqliteTable root = schema.table(ownership.root().name());
    List<String> rootKey = List.of(ownership.keyColumn());
    session.update(
        "INSERT OR IGNORE INTO "
            + table("owners")
            + " (k) SELECT "
            + column
            + " FROM "
            + found(place)
            + " WHERE "
            + fresh
            + " AND "
            + column
            + " IS NOT NULL");
    session.update(
        "INSERT OR IGNORE INTO "
            + table("direct")
            + " SELECT "
            + id("n", place)
            + ", o.o FROM "
            + found(place)
            + " CROSS JOIN "
            + table("owners")
            + " o ON "
            // By the root's own key: the row may hold it in another case, or as another type.
            + root.compared(place.table, "t", List.of(claim.column()), rootKey)
            + " = o.k WHERE "
            + fresh
            + " AND "
            + column
            + " IS NOT NULL");
  }

  /** Follows the references of a table to itself to their ends: a chain is long, not wide. */
  private void climbWithin(Place place, long from) throws SQLException {
    String keys = Sql.columns(OwnedRows.keyColumns(place.table));
    StringBuilder steps = new StringBuilder();
    for (Claim claim : place.owned.claims()) {
      if (OwnedRows.source(claim).filter(place::isTable).isPresent()) {
        steps
            .append(" UNION SELECT ")
            .append(Sql.columns("q", place.table.key()))
            .append(" FROM up u CROSS JOIN ")
            .append(place.rows("t"))
            .append(" ON ")
            .append(
                Sql.equal("t", place.table.key(), "u", OwnedRows.keyColumns(place.table)))
            .append(" CROSS JOIN ")
            .append(place.rows("q"))
            .append(" ON ")
            .append(leads(place, claim, place))
            .append(" WHERE ")
            .append(isUndecided(place));
      }
    }
    if (!steps.isEmpty()) {
      session.update(
          "INSERT OR IGNORE INTO "
              + nodes(place)
              + " ("
              + keys
              + ") WITH RECURSIVE up ("
              + keys
              + ") AS (SELECT "
              + keys
              + " FROM "
              + nodes(place)
              + " WHERE n > "
              + from
              + steps
              + ") SELECT "
              + keys
              + " FROM up");
    }
  }

  private static String isUndecided(Place place) {
    return place
        .owned
        .byKey()
        .map(byKey -> "t." + Sql.name(byKey.column()) + " IS NULL")
        .orElse("1");
  }

  /** A condition: the row {@code t} of a place leads by the claim to the row {@code q}. */
  private static String leads(Place place, Claim claim, Place to) {
    String there = " AND " + to.isThere.apply("q");
    if (claim instanceof Claim.ReferencedBy by) {
      return place.table.isPointedAt(to.table, "q", by.childColumns(), "t", by.columns()) + there;
    }
    Edge edge = Edge.of(place.table.name(), claim);
    return edge.isSet("t")
        + " AND "
        + to.table.isPointedAt(place.table, "t", edge.columns(), "q", edge.parentColumns())
        + there;
  }

  private void follow(Place place, Claim claim, Place to, String fresh) throws SQLException {
    String led =
        found(place)
            + " CROSS JOIN "
            + to.rows("q")
            + " ON "
            + leads(place, claim, to)
            + " WHERE "
            + fresh;
    if (!to.used) {
      if (!exists("SELECT 1 FROM " + led)) {
        return;
      }
      use(to);
    }
    put(to, "SELECT " + Sql.columns("q", to.table.key()) + " FROM " + led);
    session.update(
        "INSERT OR IGNORE INTO "
            + table("edges")
            + " SELECT "
            + id("m", to)
            + ", "
            + id("n", place)
            + " FROM "
            + found(place)
            + " CROSS JOIN "
            + to.rows("q")
            + " ON "
            + leads(place, claim, to)
            + " CROSS JOIN "
            + nodes(to)
            + " m ON "
            + Sql.equal("m", OwnedRows.keyColumns(to.table), "q", to.table.key())
            + " WHERE "
            + fresh);
  }

  /** From the rows that hold a key to all that lead there. */
  private void comeDown() throws SQLException {
    session.execute("DELETE FROM " + table("owned"));
    session.update(
        "INSERT INTO "
            + table("owned")
            + " WITH RECURSIVE down (node, o) AS (SELECT node, o FROM "
            + table("direct")
            + " UNION SELECT e.node, d.o FROM down d CROSS JOIN "
            + table("edges")
            + " e ON e.parent = d.node) SELECT node, o FROM down");
  }

  private void use(Place place) throws SQLException {
    if (!made) {
      make();
      made = true;
    }
    if (!place.used) {
      place.used = true;
      String keys = Sql.columns(OwnedRows.keyColumns(place.table));
      session.execute("DROP TABLE IF EXISTS " + nodes(place));
      session.execute(
          "CREATE TABLE "
              + nodes(place)
              + " (n INTEGER PRIMARY KEY, "
              + String.join(", ", OwnedRows.keyDefinitions(place.table))
              + ", UNIQUE ("
              + keys
              + "))");
    }
  }

  private void make() throws SQLException {
    SqliteTable root = schema.table(ownership.root().name());
    String keyType =
        root.affinity(ownership.keyColumn())
            + " COLLATE "
            + Sql.name(root.collation(ownership.keyColumn()));
    make("owners", "(o INTEGER PRIMARY KEY, k " + keyType + " UNIQUE)");
    make("direct", "(node, o, PRIMARY KEY (node, o)) WITHOUT ROWID");
    make("edges", "(parent, node, PRIMARY KEY (parent, node)) WITHOUT ROWID");
    make("owned", "(node, o, PRIMARY KEY (node, o)) WITHOUT ROWID");
    session.update(
        "INSERT INTO " + table("owners") + " VALUES (" + TENANT + ", ?)", key.value());
  }

  private void make(String name, String columns) throws SQLException {
    session.execute("DROP TABLE IF EXISTS " + table(name));
    session.execute("CREATE TABLE " + table(name) + ' ' + columns);
  }

  private String table(String name) {
    return Sql.name(scratch, prefix + '_' + name);
  }

  private String nodes(Place place) {
    return table("rows_" + place.number);
  }

  /** One number for each row of all places. */
  private String id(String alias, Place place) {
    return alias + ".n * " + places.size() + " + " + place.number;
  }

  private void put(Place place, String select) throws SQLException {
    session.update(
        "INSERT OR IGNORE INTO "
            + nodes(place)
            + " ("
            + Sql.columns(OwnedRows.keyColumns(place.table))
            + ") "
            + select);
  }

  private long last(Place place) throws SQLException {
    return session.queryLong("SELECT max(n) FROM " + nodes(place));
  }

  private boolean exists(String select) throws SQLException {
    return session.queryLong("SELECT EXISTS (" + select + ')') != 0;
  }

  /**
   * A condition: somebody else owns the row that was asked about, alone or with the tenant.
   *
   * @param columns of the row under {@code alias}, those that have its key
   */
  String isOthers(SqliteTable table, String in, String alias, List<String> columns) {
    return owned(table, in, alias, columns, " AND w.o <> " + TENANT);
  }

  /** A condition: the tenant owns the row that was asked about, alone or with others. */
  String isTenants(SqliteTable table, String in, String alias, List<String> columns) {
    return owned(table, in, alias, columns, " AND w.o = " + TENANT);
  }

  /**
   * A condition: a reference of the row leads to somebody else alone, so that nobody can say whose
   * it is, if it is the tenant's by another.
   */
  String isDoubtful(SqliteTable table, String in, String alias, List<String> columns) {
    Optional<Place> found = place(table, in).filter(candidate -> candidate.used);
    List<String> ways = new ArrayList<>();
    for (Claim claim : found.map(place -> place.owned.claims()).orElse(List.of())) {
      if (!(claim instanceof Claim.ByKey) && !(claim instanceof Claim.ReferencedBy)) {
        for (Place to : leadingTo(claim)) {
          String othersAlone =
              isOthers(to.table, to.schema, "q", to.table.key())
                  + " AND NOT "
                  + isTenants(to.table, to.schema, "q", to.table.key());
          ways.add(
              "EXISTS (SELECT 1 FROM "
                  + found.get().rows("t")
                  + " CROSS JOIN "
                  + to.rows("q")
                  + " ON "
                  + leads(found.get(), claim, to)
                  + " WHERE "
                  + isUndecided(found.get())
                  + " AND "
                  + Sql.equal("t", table.key(), alias, columns)
                  + " AND "
                  + othersAlone
                  + ')');
        }
      }
    }
    return ways.isEmpty() ? "0" : '(' + String.join(" OR ", ways) + ')';
  }

  private String owned(
      SqliteTable table, String in, String alias, List<String> columns, String which) {
    Optional<Place> place = place(table, in).filter(candidate -> candidate.used);
    return place.isEmpty()
        ? "0"
        : "EXISTS (SELECT 1 FROM " + answers(place.get(), alias, columns) + which + ')';
  }

  private String answers(Place place, String alias, List<String> columns) {
    return nodes(place)
        + " v CROSS JOIN "
        + table("owned")
        + " w ON w.node = "
        + id("v", place)
        + " WHERE "
        + Sql.equal("v", OwnedRows.keyColumns(place.table), alias, columns);
  }

  /**
   * The first of some rows that others own, for people: {@code [3] leads to [2]}.
   *
   * @param from what follows {@code FROM}: the rows, under {@code alias}
   * @param columns those that have their keys
   */
  List<String> samples(
      SqliteTable table, String in, String from, String alias, List<String> columns)
      throws SQLException {
    return samples(table, in, from, alias, columns, alias, columns);
  }

  /** As the other, where other columns are shown than those that have the keys. */
  List<String> samples(
      SqliteTable table,
      String in,
      String from,
      String alias,
      List<String> columns,
      String shownAlias,
      List<String> shown)
      throws SQLException {
    Optional<Place> place = place(table, in).filter(candidate -> candidate.used);
    if (place.isEmpty()) {
      return List.of();
    }
    int count = shown.size();
    return session.query(
        "SELECT DISTINCT "
            + Sql.columns(shownAlias, shown)
            + ", (SELECT group_concat(who, ', ') FROM (SELECT DISTINCT "
            + nameOf()
            + " AS who FROM "
            + answers(place.get(), alias, columns)
            + " AND w.o <> "
            + TENANT
            + " ORDER BY who LIMIT "
            + SAMPLES
            + ")) FROM "
            + from
            + " LIMIT "
            + SAMPLES,
        row ->
            RowKeys.text(RowKeys.values(row, count))
                + " leads to ["
                + row.getString(count + 1)
                + ']');
  }

  /** The id of the owner {@code w.o}, as its own row has it if there is one. */
  private String nameOf() {
    String rootKey = Sql.name(ownership.keyColumn());
    return "(SELECT coalesce((SELECT "
        + TenantKey.idOf("r." + rootKey)
        + " FROM "
        + Sql.name(SnapshotTaker.LIVE, ownership.root().name())
        + " r WHERE r."
        + rootKey
        + " = x.k), "
        + TenantKey.idOf("x.k")
        + ") FROM "
        + table("owners")
        + " x WHERE x.o = w.o)";
  }
}
