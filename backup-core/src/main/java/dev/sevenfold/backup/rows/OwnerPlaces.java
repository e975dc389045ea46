package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Where the rows are that {@link Owners} is about, the scratch tables that take what is found of
 * them, and the conditions that lead from one to the next.
 */
final class OwnerPlaces {

  /** The one whose rows all of this is about, among the owners. */
  static final String TENANT = "1";

  /** Rows of one owned table in one schema. */
  static final class Place {
    final int number;
    final OwnedTable owned;
    final Table table;
    final String schema;
    final UnaryOperator<String> isThere;
    boolean used;
    long climbed;
    long chased;

    Place(int number, OwnedTable owned, Table table, String schema, UnaryOperator<String> isThere) {
      this.number = number;
      this.owned = owned;
      this.table = table;
      this.schema = schema;
      this.isThere = isThere;
    }

    String rows(String alias) {
      return Sql.name(schema, table.name()) + ' ' + alias;
    }

    Chains.Rows under(String alias) {
      return new Chains.Rows(String.valueOf(number), table, rows(alias));
    }
  }

  private final Scope scope;
  private final Session session;
  private final String prefix;
  private final List<Place> places = new ArrayList<>();
  private final Map<String, List<Place>> byTable = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private boolean made;

  /** Whether every row was asked about, so that none is left to be found. */
  private boolean whole;

  OwnerPlaces(Scope scope, String prefix) {
    this.scope = scope;
    this.session = scope.session();
    this.prefix = prefix;
  }

  void allAreAsked() {
    whole = true;
  }

  boolean areAllAsked() {
    return whole;
  }

  Place place(String number) {
    return places.get(Integer.parseInt(number));
  }

  /** What each place leads to, by their numbers. */
  Map<String, List<String>> leading() {
    Map<String, List<String>> leading = new TreeMap<>();
    for (Place place : places) {
      leading.put(
          String.valueOf(place.number),
          place.owned.claims().stream()
              .flatMap(claim -> leadingTo(claim).stream())
              .map(to -> String.valueOf(to.number))
              .toList());
    }
    return leading;
  }

  List<Place> inUse() {
    return places.stream().filter(place -> place.used).toList();
  }

  void add(OwnedTable owned, String in, UnaryOperator<String> isThere) {
    Table table = scope.table(owned);
    Place place = new Place(places.size(), owned, table, in, isThere);
    places.add(place);
    byTable.computeIfAbsent(table.name(), name -> new ArrayList<>()).add(place);
  }

  Optional<Place> place(Table table, String in) {
    return byTable.getOrDefault(table.name(), List.of()).stream()
        .filter(candidate -> candidate.schema.equals(in))
        .findFirst();
  }

  Optional<Place> inUse(Table table, String in) {
    return place(table, in).filter(candidate -> candidate.used);
  }

  List<Place> leadingTo(Claim claim) {
    return OwnedRows.source(claim)
        .map(table -> byTable.getOrDefault(table, List.of()))
        .orElse(List.of());
  }

  /** The rows that were found in a place: {@code n} has their keys, {@code t} the rows. */
  String found(Place place) {
    return Sql.of(
        "{nodes} n CROSS JOIN {t} ON {same key}",
        nodes(place),
        place.rows("t"),
        Sql.equal("t", place.table.key(), "n", OwnedRows.keyColumns(place.table)));
  }

  static String isUndecided(Place place) {
    return Decided.isUndecided(place.owned, "t");
  }

  /** A condition: the row {@code t} of a place leads by the claim to the row {@code q}. */
  static String leads(Place place, Claim claim, Place to) {
    String there = " AND " + to.isThere.apply("q");
    if (claim instanceof Claim.ReferencedBy by) {
      Edge edge = Edge.of(by);
      return edge.isSet("q")
          + " AND "
          + place.table.isPointedAt(to.table, "q", edge.columns(), "t", edge.parentColumns())
          + there;
    }
    Edge edge = Edge.of(place.table.name(), claim);
    return edge.isSet("t")
        + " AND "
        + to.table.isPointedAt(place.table, "t", edge.columns(), "q", edge.parentColumns())
        + there;
  }

  void use(Place place) throws SQLException {
    if (!made) {
      make();
      made = true;
    }
    if (!place.used) {
      place.used = true;
      session.make(
          nodes(place),
          Sql.of(
              "(n INTEGER PRIMARY KEY, {columns}, UNIQUE (\"{key}\"))",
              OwnedRows.keyDefinitions(place.table),
              OwnedRows.keyColumns(place.table)));
    }
  }

  private void make() throws SQLException {
    String column = scope.ownership().keyColumn();
    String type =
        scope.root().affinity(column) + " COLLATE " + Sql.name(scope.root().collation(column));
    session.make(table("owners"), "(o INTEGER PRIMARY KEY, k " + type + " UNIQUE)");
    session.make(table("direct"), "(node, o, PRIMARY KEY (node, o)) WITHOUT ROWID");
    // Whether the parent uses the row, which is owned because of it; else the row refers to it.
    session.make(
        table("edges"), "(parent, node, uses, PRIMARY KEY (parent, node, uses)) WITHOUT ROWID");
    session.make(table("owned"), "(node, o, PRIMARY KEY (node, o)) WITHOUT ROWID");
    TenantKey key = scope.key();
    if (key != null) {
      session.update("INSERT INTO " + table("owners") + " VALUES (" + TENANT + ", ?)", key.value());
    }
  }

  String table(String name) {
    return scope.scratch(prefix + '_' + name);
  }

  String nodes(Place place) {
    return table("rows_" + place.number);
  }

  /** One number for each row of all places. */
  String id(String alias, Place place) {
    return alias + ".n * " + places.size() + " + " + place.number;
  }

  /** What divides the number of a row, so that its place's is left. */
  String count() {
    return String.valueOf(places.size());
  }

  void put(Place place, String select) throws SQLException {
    session.update(
        Sql.of(
            "INSERT OR IGNORE INTO {nodes} (\"{key}\") {rows}",
            nodes(place),
            OwnedRows.keyColumns(place.table),
            select));
  }

  long last(Place place) throws SQLException {
    return session.queryLong("SELECT max(n) FROM " + nodes(place));
  }
}
