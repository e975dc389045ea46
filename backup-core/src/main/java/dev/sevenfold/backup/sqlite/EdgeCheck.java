package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.DanglingReference;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks at every reference that leaves a tenant's rows. One that leads to another tenant's row is
 * reported; where it makes doubtful whose row it is, the backup stops. One that leads nowhere is
 * counted.
 */
final class EdgeCheck {

  private static final int SAMPLES = 5;

  /**
   * What was found.
   *
   * @param warnings references to other tenants' rows, one sentence each
   * @param dangling for each table, how many references of its rows lead to no row at all
   * @param deadEnds which references these are, and with which values
   */
  record Result(
      List<String> warnings, Map<String, Long> dangling, List<DanglingReference> deadEnds) {
    Result {
      warnings = List.copyOf(warnings);
      dangling = Map.copyOf(dangling);
      deadEnds = List.copyOf(deadEnds);
    }
  }

  private final Session session;
  private final String live;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final OwnedRows rows;
  private final TenantId tenant;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();
  private final Map<String, Long> dangling = new TreeMap<>();
  private final DeadEnds deadEnds;

  private EdgeCheck(
      Session session,
      String live,
      Ownership ownership,
      SqliteSchema schema,
      OwnedRows rows,
      TenantId tenant) {
    this.session = session;
    this.live = live;
    this.ownership = ownership;
    this.schema = schema;
    this.rows = rows;
    this.tenant = tenant;
    this.deadEnds = new DeadEnds(session);
  }

  /** Checks the rows in the snapshot that they were found in. */
  static Result run(
      Session session,
      String live,
      Ownership ownership,
      SqliteSchema schema,
      OwnedRows rows,
      TenantId tenant)
      throws SQLException {
    EdgeCheck check = new EdgeCheck(session, live, ownership, schema, rows, tenant);
    check.requireKnownTypes();
    for (Ownership.Reference reference : ownership.references()) {
      check.follow(reference);
    }
    check.findSharedReferences();
    if (!check.conflicts.isEmpty()) {
      throw new BackupRefused(
          "Rows of tenant " + tenant + " also lead to another tenant",
          check.conflicts,
          "Correct the rows, or say in the model which reference decides whose row it is");
    }
    return new Result(check.warnings, check.dangling, check.deadEnds.found());
  }

  /** A type that the model does not know would leave rows out in silence. */
  private void requireKnownTypes() throws SQLException {
    Map<String, Set<String>> known = new TreeMap<>();
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.claim() instanceof Claim.ByType type) {
        known
            .computeIfAbsent(reference.child() + '\0' + type.typeColumn(), key -> new HashSet<>())
            .add(type.type());
      }
    }
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, Set<String>> entry : known.entrySet()) {
      String[] column = entry.getKey().split("\0", 2);
      session
          .query(
              "SELECT DISTINCT "
                  + Sql.name(column[1])
                  + " FROM "
                  + Sql.name(live, column[0])
                  + " WHERE "
                  + Sql.name(column[1])
                  + " IS NOT NULL",
              row -> row.getString(1))
          .stream()
          .filter(type -> !entry.getValue().contains(type))
          .forEach(
              type ->
                  unknown.add(
                      column[0]
                          + '.'
                          + column[1]
                          + " has the type '"
                          + type
                          + "', which stands for no table"));
    }
    if (!unknown.isEmpty()) {
      throw new BackupRefused(
          "The tenant model does not know every polymorphic type",
          unknown,
          "Declare the table of each type among the targets");
    }
  }

  private void follow(Ownership.Reference reference) throws SQLException {
    Edge edge = Edge.of(reference.child(), reference.claim());
    Optional<SqliteTable> parent = schema.find(edge.parent());
    if (parent.isEmpty()) {
      return;
    }
    SqliteTable child = schema.table(edge.child());
    boolean owned = ownership.owned(edge.parent()).isPresent();
    String leaving =
        " FROM "
            + rows.ownedRowsOf(child, "o", "c")
            + " WHERE "
            + edge.isSet("c")
            + (owned
                ? " AND ("
                    + rows.isAmong(child, "c", edge.columns(), edge.parent(), edge.parentColumns())
                    + ") IS NOT 1"
                : "");
    String exists =
        "EXISTS (SELECT 1 FROM "
            + Sql.name(live, parent.get().name())
            + " p WHERE "
            + parent.get().isPointedAt(child, "c", edge.columns(), "p", edge.parentColumns())
            + ')';
    long missing = session.queryLong("SELECT count(*)" + leaving + " AND NOT " + exists);
    if (missing > 0) {
      dangling.merge(child.name(), missing, Long::sum);
      deadEnds.list(edge, missing, leaving + " AND NOT " + exists);
    }
    if (owned) {
      crossing(reference, edge, child, leaving + " AND " + exists);
    }
  }

  private void crossing(Ownership.Reference reference, Edge edge, SqliteTable child, String from)
      throws SQLException {
    List<List<Object>> keys =
        session.query(
            "SELECT " + Sql.columns("c", child.key()) + from,
            row -> OwnerSearch.values(row, child.key().size()));
    if (keys.isEmpty()) {
      return;
    }
    OwnedTable table = ownership.owned(child.name()).orElseThrow();
    OwnerSearch search = new OwnerSearch(session, live, ownership, schema);
    List<String> doubtful = new ArrayList<>();
    long others = 0;
    for (List<Object> key : keys) {
      Set<String> owners = search.ownersBehind(edge, key);
      owners.remove(tenant.value());
      if (!owners.isEmpty()) {
        others++;
        if (table.claims().contains(reference.claim()) && !search.isDecided(table, key)) {
          doubtful.add(OwnerSearch.text(key) + " leads to " + owners);
        }
      }
    }
    if (!doubtful.isEmpty()) {
      conflicts.add(edge + ": " + doubtful.size() + " rows, " + firstOf(doubtful));
    } else if (others > 0) {
      warnings.add(
          "Cross-tenant reference "
              + edge
              + ": "
              + others
              + " rows of tenant "
              + tenant
              + " point at another tenant's, "
              + firstOf(keys.stream().map(OwnerSearch::text).toList()));
    }
  }

  /** Rows that are the tenant's because its rows point at them, while another tenant's do too. */
  private void findSharedReferences() throws SQLException {
    for (OwnedTable owned : ownership.owned()) {
      for (Claim claim : owned.claims()) {
        if (claim instanceof Claim.ReferencedBy by) {
          SqliteTable table = schema.table(owned.name());
          SqliteTable child = schema.table(by.child());
          long shared =
              session.queryLong(
                  "SELECT count(*) FROM "
                      + rows.ownedRowsOf(table, "o", "t")
                      + " WHERE EXISTS (SELECT 1 FROM "
                      + Sql.name(live, child.name())
                      + " c WHERE "
                      + table.isPointedAt(child, "c", by.childColumns(), "t", by.columns())
                      + " AND NOT "
                      + rows.isOwned(child, "c")
                      + ')');
          if (shared > 0) {
            warnings.add(
                "Cross-tenant reference "
                    + child.name()
                    + " -> "
                    + table.name()
                    + ": "
                    + shared
                    + " rows of tenant "
                    + tenant
                    + " are used by another tenant as well");
          }
        }
      }
    }
  }

  private static String firstOf(List<String> items) {
    return "the first of them " + items.subList(0, Math.min(SAMPLES, items.size()));
  }
}
