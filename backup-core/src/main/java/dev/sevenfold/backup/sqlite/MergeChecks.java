package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.source.RestorePlan.SideEffect;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
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
  private final List<Ownership.Reference> undeclared;
  private final Map<String, Long> danglingThen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> obstacles = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final ForeignKeyActions actions;
  private final OwnerChecks owners;
  private final TakenValues taken;
  private final String rootAdvice;

  MergeChecks(
      Session session,
      Ownership ownership,
      SqliteSchema schema,
      List<RowDiff> diffs,
      TenantKey key,
      ArchiveManifest manifest) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
    diffs.forEach(diff -> this.diffs.put(diff.table().name(), diff));
    this.undeclared = ownership.references().stream().filter(r -> !isDeclared(r)).toList();
    manifest.tables().forEach(table -> danglingThen.put(table.name(), table.danglingReferences()));
    this.actions = new ForeignKeyActions(session, ownership, schema, this.diffs);
    this.owners = new OwnerChecks(session, ownership, schema, key, this.diffs);
    this.taken = new TakenValues(session, ownership, schema, actions);
    this.rootAdvice =
        manifest.tenant().equals(Optional.of(key.tenant()))
            ? ""
            : "; make tenant " + key.tenant() + " first, with values of its own";
  }

  private static boolean isDeclared(Ownership.Reference reference) {
    return reference.claim() instanceof Claim.ByReference by && by.declared();
  }

  /** Runs every check once. */
  void run() throws SQLException {
    owners.keepWhatOthersOwn();
    actions.plan();
    owners.judge(actions);
    for (RowDiff diff : diffs.values()) {
      boolean isRoot = diff.table().name().equals(ownership.root().name());
      taken.find(diff, isRoot ? rootAdvice : "");
    }
    obstacles.addAll(taken.obstacles());
    obstacles.addAll(actions.obstacles());
    obstacles.addAll(owners.obstacles());
    notes.addAll(owners.notes());
    for (RowDiff diff : diffs.values()) {
      for (SqliteTable.ForeignKey key : diff.table().foreignKeys()) {
        findDangling(
            diff,
            new Edge(diff.table().name(), key.columns(), key.parent(), key.parentColumns(), "", ""),
            true);
      }
    }
    for (Ownership.Reference reference : undeclared) {
      RowDiff diff = diffs.get(reference.child());
      if (diff != null) {
        findDangling(diff, Edge.of(reference.child(), reference.claim()), false);
      }
    }
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

  OwnerChecks owners() {
    return owners;
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

  /** Restored rows whose reference would lead to no row after the merge. */
  private void findDangling(RowDiff diff, Edge edge, boolean declared) throws SQLException {
    if (schema.find(edge.parent()).isEmpty()) {
      return;
    }
    SqliteTable child = diff.table();
    RowDiff parent = diffs.get(edge.parent());
    String inStage = parent == null ? "0" : exists(RowDiff.STAGE, edge, "1");
    String elsewhere =
        exists(
            LIVE,
            edge,
            (parent == null ? "1" : parent.isOutside("p"))
                + " AND "
                + actions.isNotDeleted(edge.parent(), "p"));
    List<String> leading =
        session.query(
            "SELECT "
                + Sql.columns("s", child.key())
                + " FROM ("
                + diff.written()
                + ") w CROSS JOIN "
                + Sql.name(RowDiff.STAGE, child.name())
                + " s ON "
                + Sql.equal("s", child.key(), "w", diff.stageKey())
                + " WHERE "
                + edge.isSet("s")
                + " AND NOT "
                + inStage
                + " AND NOT "
                + elsewhere,
            row -> RowKeys.text(RowKeys.values(row, child.key().size())));
    if (!leading.isEmpty()) {
      String found =
          leading.size()
              + " restored rows of table "
              + child.name()
              + " point through "
              + edge.columns()
              + " at rows of table "
              + edge.parent()
              + " that are not there: "
              + child.key()
              + " = "
              + TakenValues.firstOf(leading);
      boolean dangledThen = danglingThen.getOrDefault(child.name(), 0L) > 0;
      (declared && !dangledThen ? obstacles : notes).add(found);
    }
  }

  private String exists(String schemaName, Edge edge, String condition) {
    return "EXISTS (SELECT 1 FROM "
        + Sql.name(schemaName, edge.parent())
        + " p WHERE "
        + schema
            .table(edge.parent())
            .isPointedAt(schema.table(edge.child()), "s", edge.columns(), "p", edge.parentColumns())
        + " AND "
        + condition
        + ')';
  }
}
