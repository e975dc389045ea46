package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.engine.Writes.Action;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestorePlan.SideEffect;
import dev.sevenfold.backup.stage.KnownDangling;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the host's declared foreign key actions do to rows outside of the tenant when rows of the
 * tenant go, or when a value changes that others point at. Planned and carried out here rather than
 * by SQLite, which would also reach rows that are only moved.
 */
public final class ForeignKeyActions {

  private static final String CASCADE = "CASCADE";
  private static final String SET_NULL = "SET NULL";
  private static final String SET_DEFAULT = "SET DEFAULT";

  private final LiveRows live;
  private final Session session;
  private final Ownership ownership;
  private final Schema schema;
  private final Map<String, RowDiff> diffs;
  private final LostReferences lost;
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
  }

  /** Works out every action, and what forbids one. */
  public void plan() throws SQLException {
    cascade();
    live.bring(questions());
    for (Table child : schema.tables()) {
      for (Table.ForeignKey key : child.foreignKeys()) {
        Table parent = schema.table(key.parent());
        String going = lost.pointingAtGone(child, key.columns(), parent, key.parentColumns());
        act(child, key, key.onDelete(), going, "that would go");
        String changing = lost.pointingAtChanged(child, key, parent);
        act(child, key, key.onUpdate(), changing, "whose value would change");
        noteNowhereAgain(child, key.columns(), parent, key.parentColumns());
      }
    }
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.claim() instanceof Claim.ByReference by && !by.declared()) {
        findUndeclared(Edge.of(reference.child(), by));
      }
    }
    noteForGood();
  }

  /** Which rows point at those that go or change, through whatever reference. */
  private List<Question> questions() throws SQLException {
    List<Question> questions = new ArrayList<>();
    for (Table child : schema.tables()) {
      for (Table.ForeignKey key : child.foreignKeys()) {
        lost.pointing(child, key.columns(), schema.table(key.parent()), key.parentColumns())
            .ifPresent(questions::add);
      }
    }
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.claim() instanceof Claim.ByReference by
          && !by.declared()
          && diffs.containsKey(by.parent())) {
        Table parent = schema.table(by.parent());
        lost.pointing(schema.table(reference.child()), by.columns(), parent, by.parentColumns())
            .ifPresent(questions::add);
      }
    }
    return questions;
  }

  /** Follows the rows that go to the rows that go with them, until nothing more goes. */
  private void cascade() throws SQLException {
    Deque<String> due = new ArrayDeque<>();
    diffs.values().forEach(diff -> due.add(diff.table().name()));
    while (!due.isEmpty()) {
      Table parent = schema.table(due.removeFirst());
      List<Question> questions = new ArrayList<>();
      for (Table child : schema.tables()) {
        for (Table.ForeignKey key : cascading(child, parent)) {
          lost.pointing(child, key.columns(), parent, key.parentColumns())
              .ifPresent(questions::add);
        }
      }
      live.bring(questions);
      for (Table child : schema.tables()) {
        boolean more = false;
        for (Table.ForeignKey key : cascading(child, parent)) {
          more |= cascade(child, key, parent);
        }
        if (more) {
          due.addLast(child.name());
        }
      }
    }
  }

  private List<Table.ForeignKey> cascading(Table child, Table parent) {
    return isShared(child)
        ? List.of()
        : child.foreignKeys().stream()
            .filter(key -> key.onDelete().equals(CASCADE) || isDeleted(child))
            .filter(key -> key.parent().equalsIgnoreCase(parent.name()))
            .toList();
  }

  private boolean cascade(Table child, Table.ForeignKey key, Table parent) throws SQLException {
    String gone = lost.pointingAtGone(child, key.columns(), parent, key.parentColumns());
    boolean staysBehind = isDeleted(child) && !isCarriedOut(key.onUpdate());
    String changed = staysBehind ? lost.pointingAtChanged(child, key, parent) : "";
    String pointing =
        Stream.of(gone, changed)
            .filter(select -> !select.isEmpty())
            .collect(Collectors.joining(" UNION "));
    if (pointing.isEmpty() || !session.exists(pointing)) {
      return false;
    }
    String set = deletedBy.get(child.name());
    if (set == null) {
      set = newSet("cascade_" + deletedBy.size(), child);
      deletedBy.put(child.name(), set);
    }
    // A reference to the table itself is followed to its end at once: a chain may be very long.
    String going =
        child.name().equals(parent.name()) ? lost.allBelow(child, key, pointing) : pointing;
    return session.update("INSERT OR IGNORE INTO " + set + ' ' + going) > 0;
  }

  /** Whether the host's model says that rows of an ignored table go with what they point at. */
  private boolean isDeleted(Table table) {
    return ownership.rules().deletedIgnored().stream().anyMatch(table.name()::equalsIgnoreCase);
  }

  private static boolean isCarriedOut(String action) {
    return List.of(CASCADE, SET_NULL, SET_DEFAULT).contains(action);
  }

  private boolean isShared(Table table) {
    return ownership.shared().stream().anyMatch(name -> name.equalsIgnoreCase(table.name()));
  }

  private String newSet(String name, Table table) throws SQLException {
    String set = Sql.name(Workbench.PLAN, name);
    session.execute("DROP TABLE IF EXISTS " + set);
    session.execute(
        Sql.of(
            "CREATE TABLE {set} ({columns}, PRIMARY KEY (\"{key}\"))",
            set,
            String.join(", ", OwnedRows.keyDefinitions(table)),
            OwnedRows.keyColumns(table)));
    return set;
  }

  /**
   * Plans one action for the rows that {@code pointing} selects.
   *
   * @param what what becomes of the rows that they point at
   */
  private void act(Table child, Table.ForeignKey key, String action, String pointing, String what)
      throws SQLException {
    if (pointing.isEmpty() || !session.exists(pointing)) {
      return;
    }
    boolean cascades = action.equals(CASCADE) && what.equals("that would go");
    if (isShared(child) || cascades || !isCarriedOut(action)) {
      String who = isShared(child) ? ", which is shared," : " outside of the tenant";
      refuse(child, who, key.columns(), key.parent(), what, pointing);
      return;
    }
    String set = newSet("loss_" + changes.size(), child);
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
            rows
                + " lose their reference by "
                + change.action()
                + ", and "
                + column
                + " is NOT NULL");
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
    return session.exists(
        diff == null
            ? "SELECT 1 FROM " + there
            : "SELECT 1 FROM %s AND %s UNION ALL SELECT 1 FROM %s p WHERE %s"
                .formatted(
                    there,
                    diff.isOutside("p"),
                    Sql.name(Workbench.STAGE, parent.name()),
                    Sql.allOf(same)));
  }

  private void refuse(
      Table child, String who, List<String> columns, String parent, String what, String pointing)
      throws SQLException {
    List<String> rows = keys(child, pointing);
    conflicts.add(
        rows.size()
            + " rows of table "
            + child.name()
            + who
            + " point through "
            + columns
            + " at rows of table "
            + parent
            + ' '
            + what
            + ": "
            + child.key()
            + " = "
            + TakenValues.firstOf(rows)
            + "; delete these rows or have them point elsewhere first, if nobody needs them"
            + (isIgnored(child)
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
      if (isDeleted(table)) {
        List<String> rows = keys(table, "SELECT * FROM " + deleted.getValue());
        notes.add(
            rows.size()
                + " rows of the ignored table "
                + table.name()
                + " go with the rows that they point at, as the model says, and no undo brings them"
                + " back: "
                + table.key()
                + " = "
                + TakenValues.firstOf(rows));
      }
    }
  }

  private List<String> keys(Table child, String pointing) throws SQLException {
    return session.query(pointing, row -> RowKeys.text(RowKeys.values(row, child.key().size())));
  }

  private void noteNowhereAgain(
      Table child, List<String> columns, Table parent, List<String> parentColumns)
      throws SQLException {
    String again = lost.pointingNowhereAgain(child, columns, parent, parentColumns);
    List<String> rows = again.isEmpty() ? List.of() : keys(child, again);
    if (!rows.isEmpty()) {
      notes.add(
          rows.size()
              + " rows of table "
              + child.name()
              + " outside of the tenant point nowhere again through "
              + columns
              + ", as when the archive was made: "
              + child.key()
              + " = "
              + TakenValues.firstOf(rows));
    }
  }

  private void findUndeclared(Edge edge) throws SQLException {
    if (!diffs.containsKey(edge.parent())) {
      return;
    }
    Table child = schema.table(edge.child());
    Table parent = schema.table(edge.parent());
    noteNowhereAgain(child, edge.columns(), parent, edge.parentColumns());
    String going = lost.pointingAtGone(child, edge.columns(), parent, edge.parentColumns());
    if (!going.isEmpty() && session.exists(going)) {
      refuse(
          child, " outside of the tenant", edge.columns(), edge.parent(), "that would go", going);
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
      String action = isDeleted(schema.table(deleted.getKey())) ? "DELETE" : CASCADE;
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
