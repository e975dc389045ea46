package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.stage.PartTable.Side;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private final LiveRows live;
  private final Session session;
  private final RestoreOptions.Part choice;
  private final PartStage stage;
  private final List<PartTable> tables = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();
  private final Map<String, String> writtenFiles = new HashMap<>();
  private boolean byRows;

  private Part(LiveRows live, RestoreOptions.Part choice, Set<String> unchecked) {
    this.live = live;
    this.session = live.workbench();
    this.choice = choice;
    this.stage = new PartStage(session, unchecked);
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
   * The files that the restore wrote which is taken back, by the names of their entries, with the
   * digests that they had then.
   */
  public Map<String, String> writtenFiles() {
    return Map.copyOf(writtenFiles);
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
        ? PartStage.comes(of, "1")
        : PartStage.comes(of, of.isIn(of.missing(), "a"));
  }

  private void bring(List<Table> staged) throws SQLException {
    PartNames names = new PartNames(live.model(), staged, choice);
    for (Table table : staged) {
      add(table, names.chosen(table), names.columns(table));
    }
    for (PartTable table : tables) {
      stage.setAside(table);
    }
    byRows =
        !choice.rows().isEmpty()
            && !new PartRows(session, live.model(), tables).choose(choice.rows());
    for (PartTable table : tables) {
      choose(table);
      stage.fill(table);
    }
    PartNeeds needs = new PartNeeds(session, live.model(), tables, stage);
    needs.bring();
    finish(needs);
  }

  /** Takes back what the restore wrote that the archive was taken for. */
  private void takeBack(List<Table> staged, StagedTenant archive) throws SQLException {
    for (Table table : staged) {
      add(table, true, List.of());
    }
    for (PartTable table : tables) {
      stage.setAside(table);
    }
    Map<String, List<String>> columns = WrittenRows.read(session, archive, tables, writtenFiles);
    tables.replaceAll(
        table -> table.taking(columns.getOrDefault(table.name(), table.table().stored())));
    PartUndo undo = new PartUndo(session);
    for (PartTable table : tables) {
      undo.choose(table, columns.getOrDefault(table.name(), table.table().stored()));
      stage.fill(table);
    }
    conflicts.addAll(undo.conflicts());
    finish(new PartNeeds(session, live.model(), tables, stage));
  }

  private void add(Table table, boolean chosen, List<String> columns) throws SQLException {
    RowNames names =
        new RowNames(stage.identity(table), RowNames.of(live.model(), table).display());
    tables.add(new PartTable(tables.size(), table, names, chosen, columns));
  }

  private void finish(PartNeeds needs) throws SQLException {
    needs.finish();
    notes.addAll(needs.notes());
    conflicts.addAll(needs.conflicts());
    for (PartTable table : tables) {
      stage.requireAllTaken(table);
    }
    conflicts.addAll(stage.conflicts());
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
    stage.put(
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
      stage.put(
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
    stage.put(table, table.missing(), missing);
  }

  /** Selects rows of one side that the other has not, where only all values together tell. */
  private static String only(PartTable table, Side side, Side other) {
    return Sql.of(
        "SELECT n.k FROM ({ours}) n WHERE (n.print, n.number) NOT IN (SELECT m.print, m.number FROM"
            + " ({theirs}) m)",
        RowMatch.numbered(table.table(), table.rows(side)),
        RowMatch.numbered(table.table(), table.rows(other)));
  }
}
