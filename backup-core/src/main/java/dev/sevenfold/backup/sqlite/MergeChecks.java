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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Holds the difference against everybody else's rows: ids and unique values that were taken since,
 * rows of others that point at rows which would go, and references of restored rows that would lead
 * nowhere. Run for the plan, and once more under the write lock.
 */
final class MergeChecks {

  private static final String LIVE = SnapshotTaker.LIVE;
  private static final int SAMPLES = 5;

  private final Session session;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final Map<String, RowDiff> diffs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<Ownership.Reference> undeclared;
  private final Map<String, Long> danglingThen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> obstacles = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final ForeignKeyActions actions;
  private boolean takenIds;

  MergeChecks(
      Session session,
      Ownership ownership,
      SqliteSchema schema,
      List<RowDiff> diffs,
      ArchiveManifest manifest) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
    diffs.forEach(diff -> this.diffs.put(diff.table().name(), diff));
    this.undeclared = ownership.references().stream().filter(r -> !isDeclared(r)).toList();
    manifest.tables().forEach(table -> danglingThen.put(table.name(), table.danglingReferences()));
    this.actions = new ForeignKeyActions(session, ownership, schema, this.diffs);
  }

  private static boolean isDeclared(Ownership.Reference reference) {
    return reference.claim() instanceof Claim.ByReference by && by.declared();
  }

  void run() throws SQLException {
    for (RowDiff diff : diffs.values()) {
      findTakenKeys(diff);
      for (SqliteTable.Unique unique : diff.table().uniques()) {
        if (!unique.columns().isEmpty()) {
          findTakenValues(diff, unique);
        }
      }
    }
    keepRowsThatOthersUse();
    actions.plan();
    obstacles.addAll(actions.obstacles());
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

  /** Whether an id of a restored row belongs to another row by now. */
  boolean hasTakenIds() {
    return takenIds;
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

  private void findTakenKeys(RowDiff diff) throws SQLException {
    SqliteTable table = diff.table();
    if (table.hasRowid() && !table.hasIntegerPrimaryKey()) {
      return;
    }
    List<String> taken =
        session.query(
            "SELECT "
                + Sql.columns("m", table.key())
                + " FROM "
                + diff.inserts()
                + " i CROSS JOIN "
                + Sql.name(LIVE, table.name())
                + " m ON "
                + Sql.equal("m", table.key(), "i", diff.stageKey()),
            row -> OwnerSearch.values(row, table.key().size()).toString());
    if (!taken.isEmpty()) {
      takenIds = true;
      obstacles.add(
          taken.size()
              + " ids of table "
              + table.name()
              + " belong to other rows by now: "
              + table.key()
              + " = "
              + firstOf(taken));
    }
  }

  private void findTakenValues(RowDiff diff, SqliteTable.Unique unique) throws SQLException {
    SqliteTable table = diff.table();
    String condition = unique.condition().isEmpty() ? "" : " WHERE " + unique.condition();
    List<String> same = new ArrayList<>();
    for (int i = 0; i < unique.columns().size(); i++) {
      String column = Sql.name(unique.columns().get(i));
      same.add(
          "m." + column + " = s." + column + " COLLATE " + Sql.name(unique.collations().get(i)));
    }
    String stage = "(SELECT * FROM " + rowsOf(RowDiff.STAGE, table) + condition + ") s";
    String live = "(SELECT * FROM " + rowsOf(LIVE, table) + condition + ") m";
    String written =
        "SELECT "
            + Sql.columns(diff.stageKey())
            + " FROM "
            + diff.inserts()
            + " UNION ALL SELECT "
            + Sql.columns(diff.stageKey())
            + " FROM "
            + diff.updates();
    List<String> taken =
        session.query(
            "SELECT "
                + Sql.columns("s", unique.columns())
                + " FROM ("
                + written
                + ") w CROSS JOIN "
                + stage
                + " ON "
                + Sql.equal("s", aliased(table), "w", diff.stageKey())
                + " CROSS JOIN "
                + live
                + " ON "
                + Sql.allOf(same)
                + " WHERE NOT EXISTS (SELECT 1 FROM "
                + Sql.name(RowDiff.BEFORE, table.name())
                + " b WHERE "
                + Sql.equal("b", table.key(), "m", aliased(table))
                + ')',
            row -> OwnerSearch.values(row, unique.columns().size()).toString());
    if (!taken.isEmpty()) {
      obstacles.add(
          taken.size()
              + " values of table "
              + table.name()
              + " must be unique and are in use by"
              + " other rows: "
              + unique.columns()
              + " = "
              + firstOf(taken));
    }
  }

  /** All columns of a table, and its row id under a name of ours. */
  private static String rowsOf(String schemaName, SqliteTable table) {
    return table.hasRowid()
        ? "(SELECT *, "
            + Sql.name(table.key().get(0))
            + " AS sevenfold_rowid FROM "
            + Sql.name(schemaName, table.name())
            + ")"
        : Sql.name(schemaName, table.name());
  }

  private static List<String> aliased(SqliteTable table) {
    return table.hasRowid() ? List.of("sevenfold_rowid") : table.key();
  }

  /** Rows that were owned only because they are pointed at stay while others point at them too. */
  private void keepRowsThatOthersUse() throws SQLException {
    for (RowDiff diff : diffs.values()) {
      SqliteTable table = diff.table();
      for (var claim : ownership.owned(table.name()).orElseThrow().claims()) {
        if (claim instanceof Claim.ReferencedBy by) {
          String usedByOthers = usedByOthers(by, "b");
          String keys = Sql.columns(diff.beforeKey());
          session.execute(
              "DELETE FROM "
                  + diff.deletes()
                  + " WHERE ("
                  + keys
                  + ") IN (SELECT "
                  + Sql.columns("d", diff.beforeKey())
                  + " FROM "
                  + diff.deletes()
                  + " d CROSS JOIN "
                  + Sql.name(RowDiff.BEFORE, table.name())
                  + " b ON "
                  + Sql.equal("b", table.key(), "d", diff.beforeKey())
                  + " WHERE "
                  + usedByOthers
                  + ')');
          long altered =
              session.queryLong(
                  "SELECT count(*) FROM "
                      + diff.updates()
                      + " u CROSS JOIN "
                      + Sql.name(RowDiff.BEFORE, table.name())
                      + " b ON "
                      + Sql.equal("b", table.key(), "u", diff.beforeKey())
                      + " WHERE "
                      + usedByOthers);
          if (altered > 0) {
            obstacles.add(
                altered
                    + " rows of table "
                    + table.name()
                    + " would change, and rows of other tenants point at them");
          }
        }
      }
    }
  }

  private String usedByOthers(Claim.ReferencedBy by, String alias) {
    SqliteTable child = schema.table(by.child());
    return "EXISTS (SELECT 1 FROM "
        + Sql.name(LIVE, child.name())
        + " c WHERE "
        + Sql.equal("c", by.childColumns(), alias, by.columns())
        + " AND NOT EXISTS (SELECT 1 FROM "
        + Sql.name(RowDiff.BEFORE, child.name())
        + " o WHERE "
        + RowMatch.isSameKey(child, "o", "c")
        + "))";
  }

  /** Restored rows whose reference would lead to no row after the merge. */
  private void findDangling(RowDiff diff, Edge edge, boolean declared) throws SQLException {
    if (schema.find(edge.parent()).isEmpty()) {
      return;
    }
    SqliteTable child = diff.table();
    RowDiff parent = diffs.get(edge.parent());
    String written =
        "SELECT "
            + Sql.columns(diff.stageKey())
            + " FROM "
            + diff.inserts()
            + " UNION ALL SELECT "
            + Sql.columns(diff.stageKey())
            + " FROM "
            + diff.updates();
    String inStage = parent == null ? "0" : exists(RowDiff.STAGE, edge, "1");
    String elsewhere =
        exists(
            LIVE,
            edge,
            (parent == null
                    ? "1"
                    : "NOT EXISTS (SELECT 1 FROM "
                        + Sql.name(RowDiff.BEFORE, parent.table().name())
                        + " b WHERE "
                        + RowMatch.isSameKey(parent.table(), "b", "p")
                        + ')')
                + " AND "
                + actions.isNotDeleted(edge.parent(), "p"));
    List<String> leading =
        session.query(
            "SELECT "
                + Sql.columns("s", child.key())
                + " FROM ("
                + written
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
            row -> OwnerSearch.values(row, child.key().size()).toString());
    if (leading.isEmpty()) {
      return;
    }
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
            + firstOf(leading);
    if (declared && danglingThen.getOrDefault(child.name(), 0L) == 0) {
      obstacles.add(found);
    } else {
      notes.add(found);
    }
  }

  private String exists(String schemaName, Edge edge, String condition) {
    return "EXISTS (SELECT 1 FROM "
        + Sql.name(schemaName, edge.parent())
        + " p WHERE "
        + Sql.equal("p", edge.parentColumns(), "s", edge.columns())
        + " AND "
        + condition
        + ')';
  }

  private static String firstOf(List<String> items) {
    return items.size() <= SAMPLES
        ? items.toString()
        : items.subList(0, SAMPLES) + " and " + (items.size() - SAMPLES) + " more";
  }
}
