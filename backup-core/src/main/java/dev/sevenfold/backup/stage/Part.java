package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.stage.PartTable.Side;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A part of the archive, brought into the tenant as it is: the stage becomes the state that the
 * restore of the part ends with. What compares, checks, writes and proves a whole restore does so
 * here.
 *
 * <p>The archived rows are set aside, and the stage is filled anew: with the live rows that stay,
 * with the archived rows that take the place of others, and with those that are missing. Use once,
 * from one thread.
 */
public final class Part {

  private static final int SAMPLES = 5;

  private final LiveRows live;
  private final Session session;
  private final RestoreOptions.Part choice;
  private final Set<String> unchecked;
  private final List<PartTable> tables = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();
  private boolean byRows;

  private Part(LiveRows live, RestoreOptions.Part choice, Set<String> unchecked) {
    this.live = live;
    this.session = live.workbench();
    this.choice = choice;
    this.unchecked = unchecked;
  }

  /**
   * Turns the stage from the whole archive into the tenant as it is with the part brought in. Where
   * the part is the whole, nothing is done.
   *
   * @param staged the tables of the stage
   * @param archive what is restored
   * @param unchecked those of them with rows that break a CHECK, as they did when archived
   * @throws dev.sevenfold.backup.error.RestoreRefused if the part names what is not there
   */
  public static Part bring(
      LiveRows live,
      List<Table> staged,
      StagedTenant archive,
      RestoreOptions.Part choice,
      Set<String> unchecked)
      throws SQLException {
    Part part = new Part(live, choice, unchecked);
    if (choice.takesBack()) {
      part.takeBack(staged, archive);
    } else if (!choice.isWhole()) {
      part.bring(staged);
    }
    return part;
  }

  /** Whether it is all of the tenant, and nothing was done. */
  public boolean isWhole() {
    return choice.isWhole();
  }

  /** What stands in the way of the part by itself: rows of the tenant that stay as they are. */
  public List<String> conflicts() {
    return List.copyOf(conflicts);
  }

  /** What a person should know: what comes along that nobody chose. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * A condition: the staged row {@code s} of a table comes out of the archive with at least one of
   * these columns, which name its file. All others name a file that stays as it is.
   */
  public String brings(String table, List<String> columns) {
    return tables.stream()
        .filter(one -> one.name().equalsIgnoreCase(table))
        .findFirst()
        .map(of -> brings(of, of.table().spelled(columns)))
        .orElse("0");
  }

  private String brings(PartTable of, List<String> columns) {
    return of.columns().isEmpty() || of.columns().stream().anyMatch(columns::contains)
        ? comes(of)
        : comes(of, of.isIn(of.missing(), "a"));
  }

  private void bring(List<Table> staged) throws SQLException {
    PartNames names = new PartNames(live.model(), staged, choice);
    for (Table table : staged) {
      tables.add(
          new PartTable(
              tables.size(), table, identity(table), names.chosen(table), names.columns(table)));
    }
    for (PartTable table : tables) {
      setAside(table);
    }
    byRows =
        !choice.rows().isEmpty()
            && !new PartRows(session, live.model(), tables).choose(choice.rows());
    for (PartTable table : tables) {
      choose(table);
      fill(table);
    }
    PartNeeds needs = new PartNeeds(session, live.model(), tables, this);
    needs.bring();
    finish(needs);
  }

  /** Takes back what the restore wrote that the archive was taken for. */
  private void takeBack(List<Table> staged, StagedTenant archive) throws SQLException {
    for (Table table : staged) {
      tables.add(new PartTable(tables.size(), table, identity(table), true, List.of()));
    }
    for (PartTable table : tables) {
      setAside(table);
    }
    Map<String, List<String>> columns = WrittenRows.read(session, archive, tables);
    tables.replaceAll(
        table -> table.taking(columns.getOrDefault(table.name(), table.table().stored())));
    PartUndo undo = new PartUndo(session);
    for (PartTable table : tables) {
      undo.choose(table, columns.getOrDefault(table.name(), table.table().stored()));
      fill(table);
    }
    conflicts.addAll(undo.conflicts());
    finish(new PartNeeds(session, live.model(), tables, this));
  }

  private void finish(PartNeeds needs) throws SQLException {
    needs.finish();
    notes.addAll(needs.notes());
    conflicts.addAll(needs.conflicts());
    for (PartTable table : tables) {
      requireAllTaken(table);
    }
  }

  /** The columns that say which row is which; none where a row of either state has no such. */
  private List<String> identity(Table table) throws SQLException {
    List<String> identity = table.identity();
    if (identity.isEmpty() || identity.equals(table.key())) {
      return identity;
    }
    String isNull =
        String.join(" OR ", identity.stream().map(c -> Sql.name(c) + " IS NULL").toList());
    for (String side : List.of(Workbench.COPY, Workbench.STAGE)) {
      if (session.exists("SELECT 1 FROM " + Sql.name(side, table.name()) + " WHERE " + isNull)) {
        return List.of();
      }
    }
    return identity;
  }

  private void setAside(PartTable of) throws SQLException {
    Table table = of.table();
    String then = of.rows(Side.THEN);
    // As the table's own columns compare, and without its rules.
    session.make(
        then,
        '('
            + Sql.commas(
                table.copied(),
                column ->
                    Sql.name(column)
                        + ' '
                        + (table.hasRowid() && table.key().contains(column)
                            ? "INTEGER"
                            : table.affinity(column))
                        + " COLLATE "
                        + Sql.name(table.collation(column)))
            + ", PRIMARY KEY ("
            + Sql.columns(table.key())
            + "))");
    session.execute(
        Sql.of(
            "INSERT INTO {then} SELECT {columns} FROM {stage} s",
            then,
            Sql.columns("s", table.copied()),
            of.stage()));
    if (of.hasIdentity() && !of.identity().equals(table.key())) {
      session.execute(
          Sql.of(
              "CREATE INDEX {index} ON {then} (\"{identity}\")",
              then.substring(0, then.length() - 1) + "_id\"",
              then.substring(then.indexOf('.') + 1),
              of.identity()));
    }
    session.execute("DELETE FROM " + of.stage());
    for (String set :
        List.of(
            of.chosen(Side.THEN),
            of.chosen(Side.NOW),
            of.taken(),
            of.missing(),
            of.going(),
            of.staying(),
            of.held(),
            of.needed())) {
      session.make(set, of.keyDefinition());
    }
  }

  /** A condition: the row under the alias was chosen. */
  private String isChosen(PartTable table, Side side, String alias) {
    if (!table.chosen()) {
      return "0";
    }
    return byRows ? table.isIn(table.chosen(side), alias) : "1";
  }

  /** Decides which archived rows come, and which live ones go. */
  private void choose(PartTable table) throws SQLException {
    boolean creates = choice.changes().contains(Change.CREATE);
    boolean updates = choice.changes().contains(Change.UPDATE);
    findMissing(table);
    put(
        table,
        table.taken(),
        Sql.of(
            "SELECT t.\"{key}\" FROM {then} t WHERE {chosen} AND CASE WHEN {missing} THEN {creates}"
                + " ELSE {updates} END",
            table.table().key(),
            table.rows(Side.THEN),
            isChosen(table, Side.THEN, "t"),
            table.isIn(table.missing(), "t"),
            creates ? 1 : 0,
            updates && table.hasIdentity() ? 1 : 0));
    if (choice.changes().contains(Change.DELETE) && table.columns().isEmpty()) {
      put(
          table,
          table.going(),
          Sql.of(
              "SELECT t.\"{key}\" FROM {now} t WHERE {chosen} AND {new}",
              table.table().key(),
              table.rows(Side.NOW),
              isChosen(table, Side.NOW, "t"),
              isNew(table)));
    }
  }

  /** Fills the stage, once it is decided. */
  private void fill(PartTable table) throws SQLException {
    put(
        table,
        table.staying(),
        Sql.of(
            "SELECT t.\"{key}\" FROM {now} t WHERE NOT {replaced} AND NOT {goes}",
            table.table().key(),
            table.rows(Side.NOW),
            isReplaced(table, "t"),
            table.isIn(table.going(), "t")));
    stay(table, 0);
    replace(table);
    create(table, table.taken());
  }

  private void put(PartTable table, String set, String keys) throws SQLException {
    session.update(
        Sql.of("INSERT OR IGNORE INTO {set} (\"{keys}\") {rows}", set, table.keys(), keys));
  }

  /** A condition: an archived row takes the place of the live row under the alias. */
  static String isReplaced(PartTable table, String alias) {
    return table.hasIdentity()
        ? Sql.of(
            "EXISTS (SELECT 1 FROM {then} a WHERE {same} AND {taken})",
            table.rows(Side.THEN),
            table.isSame("a", alias),
            table.isIn(table.taken(), "a"))
        : "0";
  }

  /** A condition: the archive has not the live row {@code t}. */
  private static String isNew(PartTable table) {
    return table.hasIdentity()
        ? Sql.of(
            "NOT EXISTS (SELECT 1 FROM {then} a WHERE {same})",
            table.rows(Side.THEN),
            table.isSame("a", "t"))
        : Sql.of(
            "(t.\"{key}\") IN ({only now})", table.table().key(), only(table, Side.NOW, Side.THEN));
  }

  private void findMissing(PartTable table) throws SQLException {
    String missing =
        table.hasIdentity()
            ? Sql.of(
                "SELECT t.\"{key}\" FROM {then} t WHERE NOT EXISTS (SELECT 1 FROM {now} b WHERE"
                    + " {same})",
                table.table().key(),
                table.rows(Side.THEN),
                table.rows(Side.NOW),
                table.isSame("b", "t"))
            : only(table, Side.THEN, Side.NOW);
    put(table, table.missing(), missing);
  }

  /** Selects rows of one side that the other has not, where only all values together tell. */
  private static String only(PartTable table, Side side, Side other) {
    String numbered =
        """
        SELECT print, row_number() OVER (PARTITION BY print ORDER BY k) AS number, k
        FROM (SELECT {print} AS print, t."{key}" AS k FROM {rows} t)
        """;
    String print = RowMatch.fingerprint(table.table(), "t");
    String key = table.table().key().get(0);
    return Sql.of(
        "SELECT n.k FROM ({ours}) n WHERE (n.print, n.number) NOT IN (SELECT m.print, m.number FROM"
            + " ({theirs}) m)",
        Sql.of(numbered, print, key, table.rows(side)),
        Sql.of(numbered, print, key, table.rows(other)));
  }

  /** Stages the live rows that stay, behind a number. What they break by now, they do already. */
  void stay(PartTable table, long behind) throws SQLException {
    List<String> columns = table.table().copied();
    String those = "(SELECT * FROM " + table.staying() + " WHERE n > " + behind + ')';
    session.set("ignore_check_constraints", 1);
    long put =
        session.update(
            Sql.of(
                "INSERT OR IGNORE INTO {stage} (\"{columns}\") SELECT {values} FROM {rows}",
                table.stage(),
                columns,
                Sql.columns("b", columns),
                table.rowsOf(those, Side.NOW, "b")));
    session.set("ignore_check_constraints", unchecked.contains(table.name()) ? 1 : 0);
    long lost = session.queryLong("SELECT count(*) FROM " + those) - put;
    if (lost > 0) {
      conflicts.add(
          lost
              + " rows of table "
              + table.name()
              + " stay, as others use them, and have unique values that archived rows come with");
    }
  }

  /** Stages live rows with what they take from the archive. */
  private void replace(PartTable of) throws SQLException {
    if (!of.hasIdentity()) {
      return;
    }
    List<String> columns = of.table().copied();
    session.update(
        Sql.of(
            "INSERT OR IGNORE INTO {stage} (\"{columns}\") SELECT {values} FROM {rows} CROSS JOIN"
                + " {now} b ON {same}",
            of.stage(),
            columns,
            Sql.commas(columns, column -> (isTaken(of, column) ? "a." : "b.") + Sql.name(column)),
            of.rowsOf(of.taken(), Side.THEN, "a"),
            of.rows(Side.NOW),
            of.isSame("a", "b")));
  }

  /** A row keeps the row id that it has, and takes columns of the archive. */
  private static boolean isTaken(PartTable of, String column) {
    return of.columns().isEmpty()
        ? of.table().stored().contains(column)
        : of.columns().contains(column);
  }

  /** Stages archived rows that are missing, of a set; under their row ids where those are free. */
  void create(PartTable of, String set) throws SQLException {
    Table table = of.table();
    String rows = of.rowsOf(set, Side.THEN, "a") + " WHERE " + of.isIn(of.missing(), "a") + " AND ";
    if (!table.hasHiddenRowid()) {
      create(of, table.copied(), rows + '1');
      return;
    }
    String free =
        Sql.of(
            "NOT EXISTS (SELECT 1 FROM {now} b WHERE {same key})",
            of.rows(Side.NOW),
            RowMatch.isSameKey(table, "b", "a"));
    create(of, table.copied(), rows + free);
    create(of, table.stored(), rows + "NOT " + free);
  }

  private void create(PartTable of, List<String> columns, String rows) throws SQLException {
    session.update(
        Sql.of(
            "INSERT OR IGNORE INTO {stage} (\"{columns}\") SELECT {values} FROM {rows}",
            of.stage(),
            columns,
            Sql.columns("a", columns),
            rows));
  }

  /** A condition: the staged row {@code s} comes out of the archive. */
  String comes(PartTable of) {
    return comes(of, "1");
  }

  private static String comes(PartTable of, String condition) {
    return of.hasIdentity()
        ? Sql.of(
            "EXISTS (SELECT 1 FROM {then} a WHERE {same} AND {taken} AND {condition})",
            of.rows(Side.THEN),
            of.isSame("a", "s"),
            of.isIn(of.taken(), "a"),
            condition)
        : "NOT " + of.isIn(of.staying(), "s");
  }

  /** What was to come and did not breaks a rule together with rows that stay. */
  private void requireAllTaken(PartTable of) throws SQLException {
    Table table = of.table();
    if (!of.hasIdentity()) {
      long lost =
          session.queryLong("SELECT count(*) FROM " + of.taken())
              + session.queryLong("SELECT count(*) FROM " + of.staying())
              - session.queryLong("SELECT count(*) FROM " + of.stage());
      if (lost > 0) {
        conflicts.add(
            lost
                + " rows of table "
                + of.name()
                + " break a rule of the table together with rows that stay as they are");
      }
      return;
    }
    String lost =
        of.rowsOf(of.taken(), Side.THEN, "a")
            + Sql.of(
                " WHERE NOT EXISTS (SELECT 1 FROM {stage} s WHERE {same})",
                of.stage(),
                of.isSame("s", "a"));
    List<String> keys = keys("SELECT " + Sql.columns("a", of.identity()) + " FROM " + lost, of);
    if (keys.isEmpty()) {
      return;
    }
    Optional<String> unique = Optional.empty();
    for (Table.Unique index : table.uniques()) {
      if (unique.isEmpty() && !index.columns().isEmpty()) {
        unique = inTheWay(of, index, lost);
      }
    }
    conflicts.add(
        "%s rows of table %s (%s = %s) %s"
            .formatted(
                keys.size(),
                of.name(),
                of.identity(),
                shown(keys),
                unique.orElse("break a rule of the table together with what stays as it is")));
  }

  private Optional<String> inTheWay(PartTable of, Table.Unique index, String lost)
      throws SQLException {
    String rows =
        Sql.of(
            "SELECT DISTINCT s.\"{key}\" FROM (SELECT a.* FROM {lost}) a CROSS JOIN {stage} s ON"
                + " {values}",
            of.identity(),
            lost,
            of.stage(),
            Sql.equal("s", index.columns(), "a", index.columns()));
    List<String> keys = keys(rows, of);
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "must be unique in %s, and rows that stay as they are have their values by now: %s"
                    .formatted(index.columns(), shown(keys))
                + "; change those first, or choose them too");
  }

  List<String> keys(String select, PartTable of) throws SQLException {
    int size = of.hasIdentity() ? of.identity().size() : of.table().key().size();
    return session.query(select, row -> RowKeys.text(RowKeys.values(row, size)));
  }

  static String shown(List<String> keys) {
    return keys.size() <= SAMPLES
        ? String.join(", ", keys)
        : String.join(", ", keys.subList(0, SAMPLES)) + " and " + (keys.size() - SAMPLES) + " more";
  }
}
