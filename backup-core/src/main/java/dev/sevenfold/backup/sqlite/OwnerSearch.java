package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Climbs from single rows to the tenants that they lead to. For the few rows that are in doubt. */
final class OwnerSearch {

  private final Session session;
  private final String live;
  private final Ownership ownership;
  private final SqliteSchema schema;

  OwnerSearch(Session session, String live, Ownership ownership, SqliteSchema schema) {
    this.session = session;
    this.live = live;
    this.ownership = ownership;
    this.schema = schema;
  }

  /** The tenants of the rows that a row of the edge's child points at through it. */
  Set<String> ownersBehind(Edge edge, List<Object> childKey) throws SQLException {
    Set<String> owners = new TreeSet<>();
    Set<String> seen = new HashSet<>();
    for (List<Object> parent : parents(edge, childKey)) {
      climb(edge.parent(), parent, seen, owners);
    }
    return owners;
  }

  /** The tenants that a row leads to; empty if it is nobody's. */
  Set<String> ownersOf(String table, List<Object> key) throws SQLException {
    Set<String> owners = new TreeSet<>();
    climb(table, key, new HashSet<>(), owners);
    return owners;
  }

  /** Whether the row holds its tenant's key itself, so that no reference has a say. */
  boolean isDecided(OwnedTable table, List<Object> key) throws SQLException {
    Optional<Claim.ByKey> byKey = table.byKey();
    return byKey.isPresent() && keyIn(table, byKey.get(), key).isPresent();
  }

  static List<Object> values(ResultSet row, int count) throws SQLException {
    List<Object> values = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      values.add(row.getObject(i));
    }
    return values;
  }

  /** Values for people to read, and to compare: a blob is written as SQL writes it. */
  static String text(List<Object> values) {
    return values.stream()
        .map(v -> v instanceof byte[] blob ? "x'" + HexFormat.of().formatHex(blob) + '\'' : "" + v)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private void climb(String tableName, List<Object> key, Set<String> seen, Set<String> owners)
      throws SQLException {
    Optional<OwnedTable> owned = ownership.owned(tableName);
    if (owned.isEmpty() || !seen.add(tableName + text(key))) {
      return;
    }
    OwnedTable table = owned.get();
    if (table.byKey().isPresent()) {
      Optional<String> tenant = keyIn(table, table.byKey().get(), key);
      if (tenant.isPresent()) {
        owners.add(tenant.get());
        return;
      }
    }
    for (Claim claim : table.claims()) {
      if (claim instanceof Claim.ReferencedBy by) {
        Edge edge = new Edge(by.child(), by.childColumns(), table.name(), by.columns(), "", "");
        for (List<Object> child : children(edge, key)) {
          climb(by.child(), child, seen, owners);
        }
      } else if (!(claim instanceof Claim.ByKey)) {
        Edge edge = Edge.of(table.name(), claim);
        for (List<Object> parent : parents(edge, key)) {
          climb(edge.parent(), parent, seen, owners);
        }
      }
    }
  }

  private Optional<String> keyIn(OwnedTable owned, Claim.ByKey claim, List<Object> key)
      throws SQLException {
    SqliteTable table = schema.table(owned.name());
    SqliteTable root = schema.table(ownership.root().name());
    List<String> rootKey = List.of(ownership.keyColumn());
    String column = "t." + Sql.name(claim.column());
    return session
        .query(
            // By the root's own key: the row may hold it in another case, or as another type.
            "SELECT coalesce((SELECT "
                + TenantKey.idOf("r." + Sql.name(ownership.keyColumn()))
                + " FROM "
                + Sql.name(live, root.name())
                + " r WHERE "
                + root.isPointedAt(table, "t", List.of(claim.column()), "r", rootKey)
                + "), "
                + TenantKey.idOf(column)
                + ") FROM "
                + Sql.name(live, table.name())
                + " t WHERE "
                + column
                + " IS NOT NULL AND "
                + keyIs("t", table),
            row -> row.getString(1),
            key.toArray())
        .stream()
        .findFirst();
  }

  private List<List<Object>> parents(Edge edge, List<Object> childKey) throws SQLException {
    SqliteTable child = schema.table(edge.child());
    SqliteTable parent = schema.table(edge.parent());
    return joined(edge, parent, "p", edge.isSet("c") + " AND " + keyIs("c", child), childKey);
  }

  private List<List<Object>> children(Edge edge, List<Object> parentKey) throws SQLException {
    SqliteTable child = schema.table(edge.child());
    return joined(edge, child, "c", keyIs("p", schema.table(edge.parent())), parentKey);
  }

  private List<List<Object>> joined(
      Edge edge, SqliteTable wanted, String alias, String condition, List<Object> key)
      throws SQLException {
    return session.query(
        "SELECT "
            + Sql.columns(alias, wanted.key())
            + " FROM "
            + Sql.name(live, edge.child())
            + " c JOIN "
            + Sql.name(live, edge.parent())
            + " p ON "
            + schema
                .table(edge.parent())
                .isPointedAt(
                    schema.table(edge.child()), "c", edge.columns(), "p", edge.parentColumns())
            + " WHERE "
            + condition,
        row -> values(row, wanted.key().size()),
        key.toArray());
  }

  static String keyIs(String alias, SqliteTable table) {
    return Sql.allOf(
        table.key().stream().map(column -> alias + '.' + Sql.name(column) + " = ?").toList());
  }
}
