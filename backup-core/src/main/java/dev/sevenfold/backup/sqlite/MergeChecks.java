package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.source.RestorePlan.SideEffect;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Holds the difference against everybody else's rows: ids and unique values that were taken since,
 * rows of others that point at rows which would go, and references of restored rows that would lead
 * nowhere. Run for the plan, and anew under the write lock.
 */
final class MergeChecks {

  private static final String LIVE = SnapshotTaker.LIVE;

  private final Session session;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final Map<String, RowDiff> diffs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final KnownDangling known;
  private final List<String> obstacles = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final ForeignKeyActions actions;
  private final TakenValues taken;
  private final String rootAdvice;

  MergeChecks(
      Session session,
      Ownership ownership,
      SqliteSchema schema,
      List<RowDiff> diffs,
      TenantId tenant,
      ArchiveManifest manifest) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
    diffs.forEach(diff -> this.diffs.put(diff.table().name(), diff));
    this.known = KnownDangling.of(manifest);
    this.actions = new ForeignKeyActions(session, ownership, schema, this.diffs, known);
    this.taken = new TakenValues(session, ownership, schema, actions);
    this.rootAdvice =
        manifest.tenant().equals(Optional.of(tenant))
            ? ""
            : "; make tenant " + tenant + " first, with values of its own";
  }

  /** Runs every check once. */
  void run() throws SQLException {
    for (RowDiff diff : diffs.values()) {
      keepRowsThatOthersUse(diff);
    }
    actions.plan();
    for (RowDiff diff : diffs.values()) {
      boolean isRoot = diff.table().name().equals(ownership.root().name());
      taken.find(diff, isRoot ? rootAdvice : "");
    }
    obstacles.addAll(taken.obstacles());
    obstacles.addAll(actions.obstacles());
    DanglingCheck dangling = new DanglingCheck(session, ownership, schema, diffs, actions, known);
    dangling.run();
    obstacles.addAll(dangling.obstacles());
    notes.addAll(actions.notes());
    notes.addAll(dangling.notes());
  }

  /** Whether an id or a unique value of a restored row belongs to another row by now. */
  boolean hasTakenValues() {
    return !taken.obstacles().isEmpty();
  }

  List<String> obstacles() {
    return List.copyOf(obstacles);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  List<SideEffect> sideEffects() throws SQLException {
    return actions.sideEffects();
  }

  ForeignKeyActions actions() {
    return actions;
  }

  /** The tables that are written to, in lower case. */
  Set<String> written() throws SQLException {
    Set<String> written = new TreeSet<>();
    for (RowDiff diff : diffs.values()) {
      if (!diff.counts(session).isEmpty()) {
        written.add(diff.table().name().toLowerCase(Locale.ROOT));
      }
    }
    actions.tables().forEach(table -> written.add(table.toLowerCase(Locale.ROOT)));
    return written;
  }

  /** Rows that are the tenant's only because its rows point at them may have other users too. */
  private void keepRowsThatOthersUse(RowDiff diff) throws SQLException {
    diff.forgetKept(session);
    OwnedTable owned = ownership.owned(diff.table().name()).orElseThrow();
    String undecided =
        owned.byKey().map(byKey -> " AND b." + Sql.name(byKey.column()) + " IS NULL").orElse("");
    for (Claim claim : owned.claims()) {
      if (claim instanceof Claim.ReferencedBy by) {
        diff.keep(session, usedByOthers(diff, by, diff.deletes()) + undecided);
        long altered =
            session.queryLong(
                "SELECT count(*) FROM "
                    + diff.updates()
                    + " d CROSS JOIN "
                    + diff.beforeRows("d")
                    + " WHERE "
                    + usedByOthers(diff, by, diff.updates())
                    + undecided);
        if (altered > 0) {
          obstacles.add(
              altered
                  + " rows of table "
                  + diff.table().name()
                  + " would change, and rows of other tenants point at them");
        }
      }
    }
  }

  /** A condition: a row outside of the tenant points at the row {@code b} of the set. */
  private String usedByOthers(RowDiff diff, Claim.ReferencedBy by, String set) {
    SqliteTable child = schema.table(by.child());
    RowDiff children = diffs.get(child.name());
    // From the few rows of the set to those that point at them, and not the other way round.
    return diff.table().compared(diff.table(), "b", by.columns(), by.columns())
        + " IN (SELECT "
        + diff.table().selected(child, "c", by.childColumns(), by.columns())
        + " FROM "
        + Sql.name(LIVE, child.name())
        + " c WHERE "
        + diff.table().compared(child, "c", by.childColumns(), by.columns())
        + " IN (SELECT "
        + Sql.columns("b", by.columns())
        + " FROM "
        + set
        + " d CROSS JOIN "
        + diff.beforeRows("d")
        + ") AND "
        + (children == null ? "1" : children.isOutside("c"))
        + ')';
  }
}
