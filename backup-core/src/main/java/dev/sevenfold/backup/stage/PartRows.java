package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.naming.NearestNames;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.PartTable.Side;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows that a part names by their keys, and all that hangs below them: in the archive, and in
 * the tenant as it is. A row that has moved is below both where it was and where it is. Use once,
 * from one thread.
 */
final class PartRows {

  /** Selects, of the rows {@code c} of a side, those that hang below rows {@code p} of a set. */
  private record Below(PartTable above, PartTable below, Edge edge, boolean owner) {}

  private final Session session;
  private final LiveModel model;
  private final Schema schema;
  private final List<PartTable> tables;
  private final List<Below> ways = new ArrayList<>();

  PartRows(Session session, LiveModel model, List<PartTable> tables) {
    this.session = session;
    this.model = model;
    this.schema = model.schema();
    this.tables = tables;
    for (PartTable table : tables) {
      model.ownership().owned(table.name()).ifPresent(owned -> addWays(table, owned));
    }
  }

  private void addWays(PartTable table, OwnedTable owned) {
    if (model.ownership().isRoot(owned)) {
      return;
    }
    for (Claim claim : claims(model, owned)) {
      if (claim instanceof Claim.ReferencedBy by) {
        find(by.child()).ifPresent(above -> ways.add(new Below(above, table, Edge.of(by), true)));
      } else if (!(claim instanceof Claim.ByKey) && !isLetGo(table.table(), owned, claim)) {
        Edge edge = Edge.of(table.name(), claim);
        find(edge.parent()).ifPresent(above -> ways.add(new Below(above, table, edge, false)));
      }
    }
  }

  /**
   * All ways in which rows of a table hang below others. A table whose rows hold the tenant's key
   * is claimed by that alone, and its references lead upwards all the same; where the model says
   * which of them decides, only that one does. What is the tenant's because rows refer to it hangs
   * below those, and they not below it.
   */
  static Set<Claim> claims(LiveModel model, OwnedTable owned) {
    Set<Claim> claims = new LinkedHashSet<>(owned.claims());
    if (!owned.decided()) {
      model.ownership().references().stream()
          .filter(reference -> reference.child().equalsIgnoreCase(owned.name()))
          .filter(reference -> !isReversed(model, reference))
          .forEach(reference -> claims.add(reference.claim()));
    }
    return claims;
  }

  private static boolean isReversed(LiveModel model, Ownership.Reference reference) {
    Edge edge = Edge.of(reference);
    return model
        .ownership()
        .owned(edge.parent())
        .filter(
            parent ->
                parent.claims().stream()
                    .anyMatch(
                        claim ->
                            claim instanceof Claim.ReferencedBy by && Edge.of(by).equals(edge)))
        .isPresent();
  }

  /** Whether rows outlive what they refer to, as the schema says, and are the tenant's still. */
  private static boolean isLetGo(Table table, OwnedTable owned, Claim claim) {
    return !owned.claims().equals(List.of(claim))
        && claim instanceof Claim.ByReference by
        && table.foreignKeys().stream()
            .filter(key -> key.columns().equals(by.columns()))
            .filter(key -> key.parent().equalsIgnoreCase(by.parent()))
            .anyMatch(key -> key.onDelete().toUpperCase(Locale.ROOT).startsWith("SET"));
  }

  private Optional<PartTable> find(String name) {
    return tables.stream().filter(table -> table.name().equalsIgnoreCase(name)).findFirst();
  }

  /**
   * Finds them.
   *
   * @return whether they are all rows of the tenant, as its own row is among those named
   * @throws RestoreRefused if a key is neither in the archive nor among the live rows
   */
  boolean choose(Map<String, List<String>> rows) throws SQLException {
    List<String> unknown = new ArrayList<>();
    boolean all = false;
    for (Map.Entry<String, List<String>> of : rows.entrySet()) {
      PartTable table = find(of.getKey()).orElseThrow();
      all |= table.name().equalsIgnoreCase(model.ownership().root().name());
      requireIdentity(table);
      for (String key : of.getValue()) {
        if (!choose(table, key)) {
          unknown.add(
              "table %s has no row %s, neither now nor in the archive%s"
                  .formatted(table.name(), key, nearest(table, key)));
        }
      }
    }
    if (!unknown.isEmpty()) {
      throw new RestoreRefused(
          "The part to restore names rows that are nowhere",
          unknown,
          "Nothing was changed; name rows by their keys, as a preview or the archive shows them");
    }
    if (!all) {
      chooseBelow();
    }
    return all;
  }

  private static void requireIdentity(PartTable table) {
    if (!table.hasIdentity()) {
      throw new RestoreRefused(
          "Rows of table " + table.name() + " cannot be named",
          List.of(
              table.table().identity().isEmpty()
                  ? "the table has no primary key that says which row is which"
                  : "rows of it have null in their primary key, so that it does not say which row"
                      + " is which"),
          "Nothing was changed; choose the whole table, or the rows that its rows hang below");
    }
  }

  private boolean choose(PartTable table, String key) throws SQLException {
    List<String> identity = table.names().identity();
    List<Object> written = WrittenKey.bound(table.name(), identity, key);
    String named = WrittenKey.names(identity, "t");
    long found = 0;
    for (Side side : Side.values()) {
      found +=
          session.update(
              Sql.of(
                  "INSERT OR IGNORE INTO {set} (\"{keys}\") SELECT t.\"{key}\" FROM {rows} t WHERE"
                      + " {named}",
                  table.chosen(side),
                  table.keys(),
                  table.table().key(),
                  table.rows(side),
                  named),
              written.toArray());
      if (found == 0) {
        // Named twice, it is in the set already.
        found +=
            session.queryLong(
                Sql.of("SELECT count(*) FROM {rows} t WHERE {named}", table.rows(side), named),
                written.toArray());
      }
    }
    return found > 0;
  }

  private String nearest(PartTable table, String key) throws SQLException {
    NearestNames nearest = new NearestNames(key);
    String both =
        Stream.of(Side.values())
            .map(side -> "SELECT " + table.names().key("t") + " FROM " + table.rows(side) + " t")
            .collect(Collectors.joining(" UNION "));
    session.forEach(both, row -> nearest.look(Objects.requireNonNullElse(row.getString(1), "")));
    return PartNames.near(nearest);
  }

  /** Follows the rows that were found last, until there are no more. */
  private void chooseBelow() throws SQLException {
    Map<String, Long> done = new HashMap<>();
    boolean more = true;
    while (more) {
      Map<String, Long> found = new HashMap<>();
      for (PartTable table : tables) {
        for (Side side : Side.values()) {
          String set = table.chosen(side);
          long last = session.queryLong("SELECT max(n) FROM " + set);
          if (last > done.getOrDefault(set, 0L)) {
            found.put(set, last);
          }
        }
      }
      for (PartTable table : tables) {
        for (Side side : Side.values()) {
          if (found.containsKey(table.chosen(side))) {
            follow(table, side, done.getOrDefault(table.chosen(side), 0L));
          }
        }
      }
      done.putAll(found);
      more = !found.isEmpty();
    }
  }

  /** Chooses what rows lead to that were chosen behind a number. */
  private void follow(PartTable table, Side side, long behind) throws SQLException {
    String last =
        table.rowsOf(
            "(SELECT * FROM " + table.chosen(side) + " WHERE n > " + behind + ")", side, "p");
    if (table.hasIdentity()) {
      Side other = side == Side.THEN ? Side.NOW : Side.THEN;
      put(
          table,
          other,
          Sql.of(
              "SELECT t.\"{key}\" FROM {last} CROSS JOIN {rows} t ON {same}",
              table.table().key(),
              last,
              table.rows(other),
              table.isSame("t", "p")));
    }
    for (Below way : ways) {
      if (way.above().equals(table)) {
        for (Side of : Side.values()) {
          put(way.below(), of, below(way, of, last));
        }
      }
    }
  }

  private void put(PartTable table, Side side, String keys) throws SQLException {
    session.update(
        Sql.of(
            "INSERT OR IGNORE INTO {set} (\"{keys}\") {rows}",
            table.chosen(side),
            table.keys(),
            keys));
  }

  /** Selects the keys of a side's rows that hang below rows {@code p}. */
  private String below(Below way, Side side, String above) {
    Edge edge = way.edge();
    Table below = way.below().table();
    if (way.owner()) {
      return Sql.of(
          """
          SELECT t."{key}" FROM {rows} t
            WHERE {columns} IN (SELECT {pointers} FROM {above} WHERE {are set})
          """,
          below.key(),
          way.below().rows(side),
          below.compared(below, "t", edge.parentColumns(), edge.parentColumns()),
          below.selected(way.above().table(), "p", edge.columns(), edge.parentColumns()),
          above,
          edge.isSet("p"));
    }
    return Sql.of(
        """
        SELECT t."{key}" FROM {rows} t
          WHERE {is set} AND {pointer} IN (SELECT p."{parent}" FROM {above})
        """,
        below.key(),
        way.below().rows(side),
        edge.isSet("t"),
        edge.pointer(schema, "t"),
        edge.parentColumns(),
        above);
  }
}
