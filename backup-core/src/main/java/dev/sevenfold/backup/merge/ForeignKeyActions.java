package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.engine.Writes.Action;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestorePlan.SideEffect;
import dev.sevenfold.backup.stage.KnownDangling;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the host's declared foreign key actions do to rows outside of the tenant when rows of the
 * tenant go, or when a value changes that others point at. Planned and carried out here rather than
 * by SQLite, which would also reach rows that are only moved.
 */
public final class ForeignKeyActions {

  private static final String CASCADE = "CASCADE";
  private static final String SET_DEFAULT = "SET DEFAULT";
  private static final String GOES = "that would go";

  private final LiveRows live;
  private final Session session;
  private final Ownership ownership;
  private final Schema schema;
  private final Map<String, RowDiff> diffs;
  private final LostReferences lost;
  private final Cascades cascades;
  private final Map<String, String> deletedBy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<Action> changes = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  public ForeignKeyActions(LiveRows live, Map<String, RowDiff> diffs, KnownDangling known)
      throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.ownership = live.model().ownership();
    this.schema = live.model().schema();
    this.diffs = diffs;
    this.lost = new LostReferences(live, diffs, deletedBy, known);
    this.cascades = new Cascades(live, diffs, lost, deletedBy);
  }

  /** Works out every action, and what forbids one. */
  public void plan() throws SQLException {
    cascades.follow();
    List<Edge> undeclared =
        Edge.undeclared(ownership).stream()
            .filter(edge -> edge.isPlain() && diffs.containsKey(edge.parent()))
            .toList();
    // Which rows point at those that go or change, through whatever reference.
    List<Edge> all = new ArrayList<>();
    schema.tables().forEach(child -> all.addAll(Edge.declared(child)));
    all.addAll(undeclared);
    cascades.bring(all);
    for (Table child : schema.tables()) {
      for (Table.ForeignKey key : child.foreignKeys()) {
        Edge edge = Edge.of(child, key);
        act(child, key, key.onDelete(), lost.pointingAtGone(edge), GOES);
        act(child, key, key.onUpdate(), lost.pointingAtChanged(edge), "whose value would change");
        noteNowhereAgain(edge);
      }
    }
    for (Edge edge : undeclared) {
      noteNowhereAgain(edge);
      String going = lost.pointingAtGone(edge);
      if (cascades.isAny(going)) {
        refuse(edge, " outside of the tenant", GOES, going);
      }
    }
    noteForGood();
  }

  /**
   * Plans one action for the rows that {@code pointing} selects.
   *
   * @param what what becomes of the rows that they point at
   */
  private void act(Table child, Table.ForeignKey key, String action, String pointing, String what)
      throws SQLException {
    if (!cascades.isAny(pointing)) {
      return;
    }
    boolean goes = action.equals(CASCADE) && what.equals(GOES);
    if (cascades.isShared(child) || goes || !Cascades.isCarriedOut(action)) {
      String who = cascades.isShared(child) ? ", which is shared," : " outside of the tenant";
      refuse(Edge.of(child, key), who, what, pointing);
      return;
    }
    String set = cascades.newSet("loss_" + changes.size(), child);
    session.update("INSERT OR IGNORE INTO " + set + ' ' + pointing);
    Action change = new Action(child, key, action, set);
    changes.add(change);
    conflict(change, key).ifPresent(conflicts::add);
  }

  /** Why the host's schema does not let an action be carried out. */
  private Optional<String> conflict(Action change, Table.ForeignKey key) throws SQLException {
    Table child = change.child();
    String rows = "rows of table " + child.name() + " outside of the tenant";
    for (String column : change.follows() ? List.<String>of() : key.columns()) {
      boolean required =
          child.column(column).required()
              || (!child.hasRowid() && child.primaryKey().contains(column));
      if (required && change.valueOf(column).equals("NULL")) {
        return Optional.of(
            "%s lose their reference by %s, and %s is NOT NULL"
                .formatted(rows, change.action(), column));
      }
    }
    return change.action().equals(SET_DEFAULT) && !defaultExists(change, key)
        ? Optional.of(rows + " take the default of " + key.columns() + ", which is no row")
        : Optional.empty();
  }

  private boolean defaultExists(Action change, Table.ForeignKey key) throws SQLException {
    List<String> values = key.columns().stream().map(change::valueOf).toList();
    if (values.contains("NULL")) {
      return true;
    }
    Table parent = schema.table(key.parent());
    live.bring(
        List.of(
            Question.holding(parent, key.parentColumns(), "SELECT " + String.join(", ", values))));
    List<String> same = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      same.add("p." + Sql.name(key.parentColumns().get(i)) + " = " + values.get(i));
    }
    String there = live.table(parent.name()) + " p WHERE " + Sql.allOf(same);
    RowDiff diff = diffs.get(parent.name());
    return diff == null
        ? session.exists("SELECT 1 FROM " + there)
        : session.exists(
            Sql.of(
                """
                SELECT 1 FROM {there} AND {is outside}
                UNION ALL SELECT 1 FROM {staged} p WHERE {same}
                """,
                there,
                diff.isOutside("p"),
                Sql.name(Workbench.STAGE, parent.name()),
                Sql.allOf(same)));
  }

  private void refuse(Edge edge, String who, String what, String pointing) throws SQLException {
    Table child = schema.table(edge.child());
    List<String> rows = keys(child, pointing);
    conflicts.add(
        """
        %s rows of table %s%s point through %s at rows of table %s %s: %s = %s; \
        delete these rows or have them point elsewhere first, if nobody needs them%s\
        """
            .formatted(
                rows.size(),
                child.name(),
                who,
                edge.columns(),
                edge.parent(),
                what,
                child.key(),
                TakenValues.firstOf(rows),
                isIgnored(child)
                    ? ", or have restores delete them: deleteIgnored(\"" + child.name() + "\")"
                    : ""));
  }

  private boolean isIgnored(Table table) {
    return ownership.ignored().stream().anyMatch(table.name()::equalsIgnoreCase);
  }

  /** Rows that no archive has do not come back. */
  private void noteForGood() throws SQLException {
    for (Map.Entry<String, String> deleted : deletedBy.entrySet()) {
      Table table = schema.table(deleted.getKey());
      if (cascades.isDeleted(table)) {
        List<String> rows = keys(table, "SELECT * FROM " + deleted.getValue());
        notes.add(
            """
            %s rows of the ignored table %s go with the rows that they point at, as the model says, \
            and no undo brings them back: %s = %s\
            """
                .formatted(rows.size(), table.name(), table.key(), TakenValues.firstOf(rows)));
      }
    }
  }

  private List<String> keys(Table child, String pointing) throws SQLException {
    return session.query(pointing, row -> RowKeys.text(RowKeys.values(row, child.key().size())));
  }

  private void noteNowhereAgain(Edge edge) throws SQLException {
    Table child = schema.table(edge.child());
    String again = lost.pointingNowhereAgain(edge);
    List<String> rows = again.isEmpty() ? List.of() : keys(child, again);
    if (!rows.isEmpty()) {
      notes.add(
          """
          %s rows of table %s outside of the tenant point nowhere again through %s, \
          as when the archive was made: %s = %s\
          """
              .formatted(
                  rows.size(),
                  child.name(),
                  edge.columns(),
                  child.key(),
                  TakenValues.firstOf(rows)));
    }
  }

  /** What goes, as values that others may point at. */
  public LostReferences lost() {
    return lost;
  }

  /** A condition: the row under {@code alias} does not go by a cascade. */
  public String isNotDeleted(String table, String alias) {
    return isNotDeleted(table, alias, schema.table(table).key());
  }

  /** As {@link #isNotDeleted(String, String)}, where the row's key has other names. */
  public String isNotDeleted(String table, String alias, List<String> key) {
    return LostReferences.isNotIn(deletedBy.get(table), schema.table(table), alias, key);
  }

  public List<String> conflicts() {
    return List.copyOf(conflicts);
  }

  /** What a person should know: rows that are left pointing nowhere, as they were before. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** The tables that are written to. */
  public Set<String> tables() {
    Set<String> tables = new TreeSet<>(deletedBy.keySet());
    changes.forEach(change -> tables.add(change.child().name()));
    return tables;
  }

  /** Every action, in the order in which they are to be carried out. */
  public List<Action> actions() {
    List<Action> all = new ArrayList<>(changes);
    deletedBy.forEach((child, set) -> all.add(new Action(schema.table(child), null, CASCADE, set)));
    return all;
  }

  public List<SideEffect> sideEffects() throws SQLException {
    List<SideEffect> effects = new ArrayList<>();
    for (Map.Entry<String, String> deleted : deletedBy.entrySet()) {
      String action = cascades.isDeleted(schema.table(deleted.getKey())) ? "DELETE" : CASCADE;
      effects.add(new SideEffect(deleted.getKey(), action, count(deleted.getValue())));
    }
    for (Action change : changes) {
      effects.add(new SideEffect(change.child().name(), change.effect(), count(change.set())));
    }
    return effects;
  }

  private long count(String set) throws SQLException {
    return session.queryLong("SELECT count(*) FROM " + set);
  }
}
