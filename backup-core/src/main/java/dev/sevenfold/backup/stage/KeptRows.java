package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.PlannedRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Decided;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.LooseClaims;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.Owners;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Archived rows that are everybody's by now, as a reference which may be null is all that claims
 * them, and others use them: they are taken out of the stage, so that neither a restore nor a copy
 * writes what is there in their place. References to them lead to what is there.
 */
public final class KeptRows {

  private static final int SAMPLES = 5;

  private final LiveRows live;
  private final Session session;
  private final Scope scope;
  private final List<? extends PlannedRows> diffs;
  private final Set<String> reach;
  private final Map<String, String> left = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private KeptRows(LiveRows live, TenantKey key, List<? extends PlannedRows> diffs)
      throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.scope = Scope.of(live, live.model(), key);
    this.diffs = diffs;
    this.reach = LooseClaims.of(live.model()).reach();
  }

  /**
   * Takes them out, and says which.
   *
   * @param archived the key that the archived rows have
   * @param copies whether the rows go into another tenant
   * @param outside whether the archive came from outside: its ids need not be those of rows here
   */
  public static List<String> setAside(
      LiveRows live,
      TenantKey archived,
      List<? extends PlannedRows> diffs,
      boolean copies,
      boolean outside)
      throws SQLException {
    for (PlannedRows diff : diffs) {
      String keys = OwnedRows.keyDefinitions(diff.table(), "b");
      live.workbench()
          .make(
              diff.aside(), "(" + keys + ", PRIMARY KEY (" + Sql.columns(diff.beforeKey()) + "))");
    }
    KeptRows kept = new KeptRows(live, archived, diffs);
    return kept.reach.isEmpty() || (copies && outside) ? List.of() : kept.take(copies, outside);
  }

  private List<String> take(boolean copies, boolean outside) throws SQLException {
    List<PlannedRows> asked = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    for (PlannedRows diff : diffs) {
      Table table = diff.table();
      if (reach.contains(table.name()) && !table.identity().isEmpty()) {
        asked.add(diff);
        String ids =
            "SELECT " + Sql.columns("s", table.identity()) + " FROM " + stage(table) + " s";
        questions.add(Question.leading(table, table.identity(), ids));
      }
    }
    live.bring(questions);
    Owners owners = Owners.in(scope, "aside");
    for (PlannedRows diff : asked) {
      owners.ask(diff.table(), live.schema(), counterparts(diff.table(), copies));
    }
    owners.climbWithUses(live);
    List<String> notes = new ArrayList<>();
    for (PlannedRows diff : asked) {
      Table table = diff.table();
      String isKept = owners.isEverybodys(table, live.schema(), "t", table.key());
      String isTenants = owners.isTenants(table, live.schema(), "t", table.key());
      if (outside) {
        isKept += " AND " + isTenants;
      }
      long rows =
          session.update(
              "INSERT OR IGNORE INTO "
                  + diff.aside()
                  + ' '
                  + counterparts(table, copies)
                  + " AND "
                  + isKept);
      if (rows > 0) {
        unstage(diff, copies ? "1" : "NOT " + isTenants);
        notes.add(note(diff, rows));
      }
    }
    takeBelow(notes);
    return notes;
  }

  /** Selects the keys of the live rows {@code t} in whose place staged ones would be written. */
  private String counterparts(Table table, boolean copies) {
    return Sql.of(
        "SELECT t.\"{key}\" FROM {stage} s CROSS JOIN {live} t ON {same row} WHERE {written}",
        table.key(),
        stage(table),
        live.table(table.name()),
        Sql.equal("t", table.identity(), "s", table.identity()),
        copies ? "1" : "NOT " + RowMatch.isExact(table, "t", "s"));
  }

  /**
   * Takes staged rows out in whose place kept ones are.
   *
   * @param condition of which live rows {@code t} the tenant gets nothing below, either
   */
  private void unstage(PlannedRows diff, String condition) throws SQLException {
    Table table = diff.table();
    String replaced =
        Sql.of(
            """
            SELECT s."{key}" FROM {aside} a CROSS JOIN {live} t ON {same key}
              CROSS JOIN {stage} s ON {same row}
            """,
            table.key(),
            diff.aside(),
            live.table(table.name()),
            Sql.equal("t", table.key(), "a", diff.beforeKey()),
            stage(table),
            Sql.equal("s", table.identity(), "t", table.identity()));
    leave(diff, replaced + " WHERE " + condition);
    unstage(table, replaced);
  }

  private void unstage(Table table, String keys) throws SQLException {
    session.update(
        Sql.of(
            "DELETE FROM {stage} WHERE (\"{key}\") IN ({keys})", stage(table), table.key(), keys));
  }

  /** Remembers staged rows below which the tenant gets nothing. */
  private void leave(PlannedRows diff, String keys) throws SQLException {
    String rows =
        Sql.of(
            "SELECT * FROM {stage} WHERE (\"{key}\") IN ({keys})",
            stage(diff.table()),
            diff.table().key(),
            keys);
    if (session.exists(rows)) {
      String set = Sql.name(Workbench.PLAN, "left_" + diff.number());
      if (left.putIfAbsent(diff.table().name(), set) == null) {
        session.execute("DROP TABLE IF EXISTS " + set);
        session.execute("CREATE TABLE " + set + " AS " + rows + " AND 0");
      }
      session.update("INSERT INTO " + set + ' ' + rows);
    }
  }

  /** Takes staged rows out that only such rows would make the tenant's. */
  private void takeBelow(List<String> notes) throws SQLException {
    boolean more = !left.isEmpty();
    while (more) {
      more = false;
      for (PlannedRows diff : diffs) {
        String going = Sql.name(Workbench.PLAN, "going");
        session.execute("DROP TABLE IF EXISTS " + going);
        session.execute("CREATE TABLE " + going + " AS " + below(diff.table()));
        String keys = "SELECT * FROM " + going;
        if (session.exists(keys)) {
          more = true;
          leave(diff, keys);
          unstage(diff.table(), keys);
          notes.add(
              "%s rows of table %s are not brought back: they hang below rows that stay as they are"
                  .formatted(
                      session.queryLong("SELECT count(*) FROM " + going), diff.table().name()));
        }
      }
    }
  }

  /** Selects the keys of staged rows that lead to rows which were left, and to no staged one. */
  private String below(Table table) throws SQLException {
    OwnedTable owned = live.model().ownership().owned(table.name()).orElseThrow();
    List<String> toLeft = new ArrayList<>(List.of("0"));
    List<String> toStaged = new ArrayList<>(List.of("0"));
    for (Claim claim : owned.claims()) {
      Optional<Table> source = OwnedRows.source(claim).flatMap(live.model().schema()::find);
      if (source.isPresent() && live.model().ownership().owned(source.get().name()).isPresent()) {
        String leads = leads(table, claim);
        toStaged.add("EXISTS (SELECT 1 FROM " + stage(source.get()) + " q WHERE " + leads + ')');
        Optional.ofNullable(left.get(source.get().name()))
            .ifPresent(
                set -> toLeft.add("EXISTS (SELECT 1 FROM " + set + " q WHERE " + leads + ')'));
      }
    }
    return Sql.of(
        "SELECT s.\"{key}\" FROM {stage} s WHERE {undecided} AND ({left}) AND NOT ({staged})",
        table.key(),
        stage(table),
        Decided.isUndecided(owned, "s"),
        String.join(" OR ", toLeft),
        String.join(" OR ", toStaged));
  }

  private String leads(Table table, Claim claim) throws SQLException {
    boolean up = !(claim instanceof Claim.ReferencedBy);
    Edge edge = claim instanceof Claim.ReferencedBy by ? Edge.of(by) : Edge.of(table.name(), claim);
    String child = up ? "s" : "q";
    return edge.isSet(child) + " AND " + edge.leads(live.model().schema(), child, up ? "q" : "s");
  }

  private String note(PlannedRows diff, long rows) throws SQLException {
    Table table = diff.table();
    List<String> samples =
        session.query(
            "SELECT "
                + Sql.columns(diff.beforeKey())
                + " FROM "
                + diff.aside()
                + " LIMIT "
                + SAMPLES,
            row -> RowKeys.text(RowKeys.values(row, table.key().size())));
    return ("%s rows of table %s (%s = %s) stay as they are: others use them, or what they hang"
            + " below, and only references that may be null claim these. A check has the line that"
            + " settles it")
        .formatted(rows, table.name(), table.key(), String.join(", ", samples));
  }

  private static String stage(Table table) {
    return Sql.name(Workbench.STAGE, table.name());
  }
}
