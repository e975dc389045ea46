package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.source.RestorePlan.SideEffect;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the host's declared {@code ON DELETE} actions do to rows outside of the tenant when rows of
 * the tenant go. Planned and carried out here rather than by SQLite, which would also reach rows
 * that are only moved.
 */
final class ForeignKeyActions {

  private static final String LIVE = SnapshotTaker.LIVE;

  /** References of rows that outlive their parents. */
  private record Loss(SqliteTable child, SqliteTable.ForeignKey key, String set) {}

  private final Session session;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final Map<String, RowDiff> diffs;
  private final Map<String, String> deletedBy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<Loss> losses = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();

  ForeignKeyActions(
      Session session, Ownership ownership, SqliteSchema schema, Map<String, RowDiff> diffs) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
    this.diffs = diffs;
  }

  /** Follows the rows that go to the rows that point at them, until nothing more goes. */
  void plan() throws SQLException {
    Deque<String> going = new ArrayDeque<>();
    for (RowDiff diff : diffs.values()) {
      going.add(diff.table().name());
    }
    while (!going.isEmpty()) {
      SqliteTable parent = schema.table(going.removeFirst());
      for (SqliteTable child : schema.tables()) {
        for (SqliteTable.ForeignKey key : child.foreignKeys()) {
          if (key.parent().equalsIgnoreCase(parent.name()) && follow(child, key, parent)) {
            going.addLast(child.name());
          }
        }
      }
    }
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.claim() instanceof Claim.ByReference by && !by.declared()) {
        findUndeclared(Edge.of(reference.child(), by));
      }
    }
  }

  /** Whether more rows of the child go than were known to go. */
  private boolean follow(SqliteTable child, SqliteTable.ForeignKey key, SqliteTable parent)
      throws SQLException {
    String pointing = pointing(child, key.columns(), parent, key.parentColumns());
    if (session.queryLong("SELECT EXISTS (" + pointing + ')') == 0) {
      return false;
    }
    boolean isShared =
        ownership.shared().stream().anyMatch(name -> name.equalsIgnoreCase(child.name()));
    if (isShared || key.onDelete().equals("NO ACTION") || key.onDelete().equals("RESTRICT")) {
      obstacles.add(
          session.queryLong("SELECT count(*) FROM (" + pointing + ')')
              + " rows of table "
              + child.name()
              + (isShared ? ", which is shared," : " outside of the tenant")
              + " point through "
              + key.columns()
              + " at rows of table "
              + parent.name()
              + " that would go");
      return false;
    }
    if (key.onDelete().equals("CASCADE")) {
      String set = deletedBy.get(child.name());
      if (set == null) {
        set = newSet("cascade_" + deletedBy.size(), child);
        deletedBy.put(child.name(), set);
      }
      return session.update("INSERT OR IGNORE INTO " + set + ' ' + pointing) > 0;
    }
    String set = newSet("loss_" + losses.size(), child);
    session.update("INSERT OR IGNORE INTO " + set + ' ' + pointing);
    losses.add(new Loss(child, key, set));
    return false;
  }

  private String newSet(String name, SqliteTable table) throws SQLException {
    String set = Sql.name(RowDiff.PLAN, name);
    String keys = Sql.columns(OwnedRows.keyColumns(table));
    session.execute("DROP TABLE IF EXISTS " + set);
    session.execute("CREATE TABLE " + set + " (" + keys + ", PRIMARY KEY (" + keys + "))");
    return set;
  }

  private void findUndeclared(Edge edge) throws SQLException {
    if (!diffs.containsKey(edge.parent())) {
      return;
    }
    SqliteTable child = schema.table(edge.child());
    SqliteTable parent = schema.table(edge.parent());
    long rows =
        session.queryLong(
            "SELECT count(*) FROM ("
                + pointing(child, edge.columns(), parent, edge.parentColumns())
                + ')');
    if (rows > 0) {
      obstacles.add(
          rows
              + " rows of table "
              + child.name()
              + " outside of the tenant point through "
              + edge.columns()
              + " at rows of table "
              + parent.name()
              + " that would go");
    }
  }

  /** Selects the keys of rows outside of the tenant that point at rows which go. */
  private String pointing(
      SqliteTable child, List<String> columns, SqliteTable parent, List<String> parentColumns) {
    List<String> going = new ArrayList<>();
    RowDiff diff = diffs.get(parent.name());
    if (diff != null) {
      String stays =
          "EXISTS (SELECT 1 FROM "
              + Sql.name(RowDiff.STAGE, parent.name())
              + " s WHERE "
              + Sql.equal("s", parentColumns, "b", parentColumns)
              + ')';
      going.add(gone(diff.deletes(), diff, parentColumns) + " WHERE NOT " + stays);
      if (!parentColumns.equals(parent.key())) {
        going.add(gone(diff.updates(), diff, parentColumns) + " WHERE NOT " + stays);
      }
    }
    String cascade = deletedBy.get(parent.name());
    if (cascade != null) {
      going.add(
          "SELECT "
              + Sql.columns("p", parentColumns)
              + " FROM "
              + cascade
              + " d CROSS JOIN "
              + Sql.name(LIVE, parent.name())
              + " p ON "
              + Sql.equal("p", parent.key(), "d", OwnedRows.keyColumns(parent)));
    }
    String left =
        columns.size() == 1
            ? "c." + Sql.name(columns.get(0))
            : '(' + Sql.columns("c", columns) + ')';
    return "SELECT "
        + Sql.columns("c", child.key())
        + " FROM "
        + Sql.name(LIVE, child.name())
        + " c WHERE "
        + left
        + " IN ("
        + (going.isEmpty() ? "SELECT NULL WHERE 0" : String.join(" UNION ALL ", going))
        + ") AND "
        + isOutside(child, "c");
  }

  private static String gone(String set, RowDiff diff, List<String> parentColumns) {
    return "SELECT "
        + Sql.columns("b", parentColumns)
        + " FROM "
        + set
        + " d CROSS JOIN "
        + Sql.name(RowDiff.BEFORE, diff.table().name())
        + " b ON "
        + Sql.equal("b", diff.table().key(), "d", diff.beforeKey());
  }

  /** The tenant's own rows are decided by the difference, not by actions. */
  private String isOutside(SqliteTable child, String alias) {
    return diffs.containsKey(child.name())
        ? "NOT EXISTS (SELECT 1 FROM "
            + Sql.name(RowDiff.BEFORE, child.name())
            + " o WHERE "
            + RowMatch.isSameKey(child, "o", alias)
            + ')'
        : "1";
  }

  /** A condition: the row under {@code alias} does not go by a cascade. */
  String isNotDeleted(String table, String alias) {
    String set = deletedBy.get(table);
    SqliteTable parent = schema.table(table);
    return set == null
        ? "1"
        : "NOT EXISTS (SELECT 1 FROM "
            + set
            + " d WHERE "
            + Sql.equal(alias, parent.key(), "d", OwnedRows.keyColumns(parent))
            + ')';
  }

  List<String> obstacles() {
    return obstacles;
  }

  Set<String> tables() {
    Set<String> tables = new TreeSet<>(deletedBy.keySet());
    losses.forEach(loss -> tables.add(loss.child().name()));
    return tables;
  }

  List<SideEffect> sideEffects() throws SQLException {
    List<SideEffect> effects = new ArrayList<>();
    for (Map.Entry<String, String> deleted : deletedBy.entrySet()) {
      effects.add(new SideEffect(deleted.getKey(), "CASCADE", count(deleted.getValue())));
    }
    for (Loss loss : losses) {
      effects.add(new SideEffect(loss.child().name(), loss.key().onDelete(), count(loss.set())));
    }
    return effects;
  }

  private long count(String set) throws SQLException {
    return session.queryLong("SELECT count(*) FROM " + set);
  }

  /** Carries the actions out, inside the write transaction. */
  void apply() throws SQLException {
    for (Loss loss : losses) {
      boolean toNull = loss.key().onDelete().equals("SET NULL");
      for (String column : loss.key().columns()) {
        String value = toNull ? "NULL" : defaultOf(loss.child(), column);
        session.update(
            "UPDATE OR ABORT "
                + Sql.name(LIVE, loss.child().name())
                + " SET "
                + Sql.name(column)
                + " = "
                + value
                + " WHERE "
                + keyIn(loss.child(), loss.set()));
      }
    }
    for (Map.Entry<String, String> deleted : deletedBy.entrySet()) {
      SqliteTable child = schema.table(deleted.getKey());
      session.update(
          "DELETE FROM "
              + Sql.name(LIVE, child.name())
              + " WHERE "
              + keyIn(child, deleted.getValue()));
    }
  }

  private String defaultOf(SqliteTable table, String column) throws SQLException {
    return session
        .query(
            "SELECT coalesce(dflt_value, 'NULL') FROM pragma_table_xinfo(?, ?) WHERE name = ?",
            row -> row.getString(1),
            table.name(),
            LIVE,
            column)
        .get(0);
  }

  private static String keyIn(SqliteTable table, String set) {
    return '('
        + Sql.columns(table.key())
        + ") IN (SELECT "
        + Sql.columns(OwnedRows.keyColumns(table))
        + " FROM "
        + set
        + ')';
  }
}
