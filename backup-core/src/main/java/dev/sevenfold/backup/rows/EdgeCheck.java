package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.archive.DanglingReference;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks at every reference that leaves a tenant's rows. One that leads to another tenant's row is
 * reported; where it makes doubtful whose row it is, the backup stops. One that leads nowhere is
 * counted.
 */
public final class EdgeCheck {

  private static final int SAMPLES = 5;

  /**
   * What was found.
   *
   * @param warnings references to other tenants' rows, one sentence each
   * @param dangling for each table, how many references of its rows lead to no row at all
   * @param deadEnds which references these are, and with which values
   */
  public record Result(
      List<String> warnings, Map<String, Long> dangling, List<DanglingReference> deadEnds) {
    public Result {
      warnings = List.copyOf(warnings);
      dangling = Map.copyOf(dangling);
      deadEnds = List.copyOf(deadEnds);
    }
  }

  /** References of the tenant's rows {@code c} to rows {@code p} that are not among them. */
  private record Crossing(
      Ownership.Reference reference,
      Edge edge,
      SqliteTable child,
      SqliteTable parent,
      String rows) {}

  /** The tenant's rows {@code t} that rows of {@code child} point at which are not the tenant's. */
  private record Shared(SqliteTable table, SqliteTable child, String rows) {}

  private final Session session;
  private final String live;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final OwnedRows rows;
  private final TenantKey key;
  private final Owners owners;
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
      TenantKey key) {
    this.session = session;
    this.live = live;
    this.ownership = ownership;
    this.schema = schema;
    this.rows = rows;
    this.key = key;
    this.owners = Owners.in(live, session, Workbench.WORK, "edge", ownership, schema, key);
    this.deadEnds = new DeadEnds(session);
  }

  /** Checks the rows in the snapshot that they were found in. */
  public static Result run(
      Session session,
      String live,
      Ownership ownership,
      SqliteSchema schema,
      OwnedRows rows,
      TenantKey key)
      throws SQLException {
    EdgeCheck check = new EdgeCheck(session, live, ownership, schema, rows, key);
    check.warnings.addAll(
        new UnknownTypes(session, ownership, schema).requireKnown(live, rows, key));
    List<Crossing> crossings = new ArrayList<>();
    for (Ownership.Reference reference : ownership.references()) {
      check.follow(reference).ifPresent(crossings::add);
    }
    List<Shared> shared = check.sharedReferences();
    check.owners.climb();
    for (Crossing crossing : crossings) {
      check.judge(crossing);
    }
    for (Shared one : shared) {
      check.judge(one);
    }
    if (!check.conflicts.isEmpty()) {
      throw new BackupRefused(
          "Rows of tenant " + key.tenant() + " also lead to another tenant",
          check.conflicts,
          "Correct the rows, or say in the model which reference decides whose row it is");
    }
    return new Result(check.warnings, check.dangling, check.deadEnds.found());
  }

  /** Counts the references that lead nowhere, and asks whose rows the others lead to. */
  private Optional<Crossing> follow(Ownership.Reference reference) throws SQLException {
    Edge edge = Edge.of(reference.child(), reference.claim());
    Optional<SqliteTable> parent = schema.find(edge.parent());
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    SqliteTable child = schema.table(edge.child());
    boolean owned = ownership.owned(edge.parent()).isPresent();
    String leaving =
        " WHERE "
            + edge.isSet("c")
            + (owned
                ? " AND ("
                    + rows.isAmong(child, "c", edge.columns(), edge.parent(), edge.parentColumns())
                    + ") IS NOT 1"
                : "");
    String there = Sql.name(live, parent.get().name());
    String pointedAt =
        parent.get().isPointedAt(child, "c", edge.columns(), "p", edge.parentColumns());
    String leadingNowhere =
        Sql.of(
            " FROM {rows}{leaving} AND NOT EXISTS (SELECT 1 FROM {live} p WHERE {pointed at})",
            rows.ownedRowsOf(child, "o", "c"),
            leaving,
            there,
            pointedAt);
    long missing = session.queryLong("SELECT count(*)" + leadingNowhere);
    if (missing > 0) {
      dangling.merge(child.name(), missing, Long::sum);
      deadEnds.list(edge, missing, leadingNowhere);
    }
    if (!owned) {
      return Optional.empty();
    }
    String crossing =
        rows.ownedRowsOf(child, "o", "c") + " CROSS JOIN " + there + " p ON " + pointedAt + leaving;
    owners.ask(
        parent.get(), live, "SELECT " + Sql.columns("p", parent.get().key()) + " FROM " + crossing);
    return Optional.of(new Crossing(reference, edge, child, parent.get(), crossing));
  }

  private void judge(Crossing crossing) throws SQLException {
    SqliteTable child = crossing.child();
    SqliteTable parent = crossing.parent();
    String others = crossing.rows() + " AND " + owners.isOthers(parent, live, "p", parent.key());
    String count =
        "SELECT count(*) FROM (SELECT DISTINCT " + Sql.columns("c", child.key()) + " FROM ";
    OwnedTable table = ownership.owned(child.name()).orElseThrow();
    boolean claims = table.claims().contains(crossing.reference().claim());
    String undecided =
        table.byKey().map(byKey -> " AND c." + Sql.name(byKey.column()) + " IS NULL").orElse("");
    long doubtful = claims ? session.queryLong(count + others + undecided + ')') : 0;
    long all = doubtful > 0 ? doubtful : session.queryLong(count + others + ')');
    if (doubtful > 0) {
      conflicts.add(
          crossing.edge()
              + ": "
              + doubtful
              + " rows, the first of them "
              + owners.samples(
                  parent, live, others + undecided, "p", parent.key(), "c", child.key()));
    } else if (all > 0) {
      warnings.add(
          "Cross-tenant reference "
              + crossing.edge()
              + ": "
              + all
              + " rows of tenant "
              + key.tenant()
              + " point at another tenant's, the first of them "
              + firstOf(child, others));
    }
  }

  /** Rows that are the tenant's because its rows point at them, while another tenant's do too. */
  private List<Shared> sharedReferences() throws SQLException {
    List<Shared> found = new ArrayList<>();
    for (OwnedTable owned : ownership.owned()) {
      for (Claim claim : owned.claims()) {
        if (claim instanceof Claim.ReferencedBy by) {
          SqliteTable table = schema.table(owned.name());
          SqliteTable child = schema.table(by.child());
          String from =
              Sql.of(
                  "{rows} WHERE EXISTS (SELECT 1 FROM {live} c WHERE {points} AND NOT {is owned})",
                  rows.ownedRowsOf(table, "o", "t"),
                  Sql.name(live, child.name()),
                  table.isPointedAt(child, "c", by.childColumns(), "t", by.columns()),
                  rows.isOwned(child, "c"));
          owners.ask(table, live, "SELECT " + Sql.columns("t", table.key()) + " FROM " + from);
          found.add(new Shared(table, child, from));
        }
      }
    }
    return found;
  }

  private void judge(Shared one) throws SQLException {
    SqliteTable table = one.table();
    String others = owners.isOthers(table, live, "t", table.key());
    long shared = session.queryLong("SELECT count(*) FROM " + one.rows() + " AND " + others);
    if (shared > 0) {
      warnings.add(
          "Cross-tenant reference "
              + one.child().name()
              + " -> "
              + table.name()
              + ": "
              + shared
              + " rows of tenant "
              + key.tenant()
              + " are used by another tenant as well");
    }
  }

  private List<String> firstOf(SqliteTable child, String rows) throws SQLException {
    return session.query(
        "SELECT DISTINCT " + Sql.columns("c", child.key()) + " FROM " + rows + " LIMIT " + SAMPLES,
        row -> RowKeys.text(RowKeys.values(row, child.key().size())));
  }
}
