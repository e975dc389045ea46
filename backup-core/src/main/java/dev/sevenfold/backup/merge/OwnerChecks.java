package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.engine.Writes.Action;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.Owners;
import dev.sevenfold.backup.rows.ReturningRows;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.rows.UnknownTypes;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what a restore would write against everybody whom the rows lead to, before and afterwards:
 * that must be the tenant, or nobody. Rows that would only be deleted, and that others own too,
 * stay; whatever else would reach somebody else's row is a conflict.
 */
public final class OwnerChecks {

  private static final String ADVICE =
      ". Take the other tenant's references to them away, or bring these rows by hand to what the"
          + " archive has, and restore then";

  /** Rows that are asked about: a table's, in one schema, as a select of their keys. */
  private record Asked(Table table, String in, String select) {

    /** The keys of the rows, as {@code w}, for what follows {@code FROM}. */
    String rows() {
      String keys = Sql.columns(OwnedRows.keyColumns(table));
      return "(WITH r (" + keys + ") AS (" + select + ") SELECT * FROM r) w";
    }

    String isOthers(Owners owners) {
      return owners.isOthers(table, in, "w", OwnedRows.keyColumns(table));
    }
  }

  private final LiveRows live;
  private final Session session;
  private final Ownership ownership;
  private final Schema schema;
  private final Scope scope;
  private final TenantKey key;
  private final Map<String, RowDiff> diffs;
  private final boolean newIds;
  private final boolean safety;
  private final List<String> conflicts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  public OwnerChecks(
      LiveRows live, TenantKey key, Map<String, RowDiff> diffs, boolean newIds, boolean safety)
      throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.ownership = live.model().ownership();
    this.schema = live.model().schema();
    this.scope = Scope.of(live, live.model(), key);
    this.key = key;
    this.diffs = diffs;
    this.newIds = newIds;
    this.safety = safety;
  }

  public List<String> conflicts() {
    return List.copyOf(conflicts);
  }

  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Looks at the rows as they are: what others own too is kept, and must not change. */
  public void keepWhatOthersOwn() throws SQLException {
    List<Question> questions = new ArrayList<>();
    for (RowDiff diff : diffs.values()) {
      diff.forgetKept(session);
      for (String set : List.of(diff.deletes(), diff.updates())) {
        String keys = "SELECT " + Sql.columns(diff.beforeKey()) + " FROM " + set;
        questions.add(Question.leading(diff.table(), diff.table().key(), keys));
      }
    }
    live.bring(questions);
    Owners owners = Owners.in(scope, "now");
    List<Asked> changing = new ArrayList<>();
    for (RowDiff diff : diffs.values()) {
      String keys = "SELECT " + Sql.columns(diff.beforeKey()) + " FROM ";
      owners.ask(diff.table(), live.schema(), keys + diff.deletes());
      changing.add(ask(owners, diff.table(), live.schema(), keys + diff.updates()));
    }
    owners.climbWithUses(live);
    for (RowDiff diff : diffs.values()) {
      String isOthers = owners.isOthers(diff.table(), live.schema(), "d", diff.beforeKey());
      diff.keep(session, '(' + isOthers + " OR " + diff.isAside("d") + ')');
      String kept = diff.kept() + " d WHERE NOT " + diff.isAside("d");
      String keys = "SELECT " + Sql.columns("d", diff.beforeKey()) + " FROM ";
      Asked told = new Asked(diff.table(), live.schema(), keys + kept);
      tell(owners, told, notes, "stay, with their files, because others use them too");
      diff.setAside(
          session, owners.isEverybodys(diff.table(), live.schema(), "d", diff.beforeKey()));
    }
    new WhatKeptRowsNeed(live, diffs).keep(notes);
    for (Asked asked : changing) {
      tell(owners, asked, conflicts, "would change, and others use them too" + ADVICE);
    }
  }

  /**
   * The rows as they will be: those of the stage, and in place of the tenant's rows now only the
   * ones that stay.
   */
  private Owners afterMerge(ForeignKeyActions actions) {
    Owners owners = Owners.ofNone(scope, "after");
    for (OwnedTable owned : ownership.owned()) {
      RowDiff diff = diffs.get(owned.name());
      if (diff != null) {
        owners.include(owned, Workbench.STAGE, alias -> "1");
      }
      owners.include(
          owned,
          live.schema(),
          alias ->
              (diff == null ? "1" : diff.isOutside(alias))
                  + " AND "
                  + actions.isNotDeleted(owned.name(), alias));
    }
    return owners;
  }

  /** For each table, the rows to be written as {@code t}, for what follows {@code FROM}. */
  private Map<String, String> written() {
    Map<String, String> rows = new HashMap<>();
    diffs.forEach(
        (name, diff) ->
            rows.put(
                name,
                Sql.of(
                    "({written}) w CROSS JOIN {staged} t ON {same key}",
                    diff.written(),
                    Sql.name(Workbench.STAGE, name),
                    Sql.equal("t", diff.table().key(), "w", diff.stageKey()))));
    return rows;
  }

  /** Looks at the rows as they would be, and at those that the host's actions would reach. */
  public void judge(ForeignKeyActions actions) throws SQLException {
    judgeReached(actions);
    List<Asked> gained = gained();
    live.bring(leavingTheStage(gained));
    Owners owners = afterMerge(actions);
    List<Asked> written = new ArrayList<>();
    for (RowDiff diff : diffs.values()) {
      OwnedTable owned = ownership.owned(diff.table().name()).orElseThrow();
      ArchivedShared shared = new ArchivedShared(session, diff, owned);
      shared.conflict().ifPresent(conflicts::add);
      written.add(ask(owners, diff.table(), Workbench.STAGE, shared.others()));
    }
    for (Asked asked : gained) {
      owners.ask(asked.table(), asked.in(), keysIn(asked.table(), asked.select()));
    }
    owners.climb();
    for (Asked asked : written) {
      String what = "of the archive would be " + others() + ", or lead to such" + ADVICE;
      tell(owners, asked, conflicts, what);
    }
    for (Asked asked : gained) {
      judgeGained(owners, asked);
    }
    conflicts.addAll(UnknownTypes.among(live, written(), newIds, safety, notes));
  }

  /** Other tenants' rows that would be the tenant's as well: a set of keys for each table. */
  private List<Asked> gained() throws SQLException {
    List<Asked> gained = new ArrayList<>();
    for (Table table : live.model().owned()) {
      ReturningRows.gained(session, Workbench.WORK, ownership, table.name())
          .map(set -> new Asked(table, live.schema(), set))
          .ifPresent(gained::add);
    }
    return gained;
  }

  /**
   * What staged rows lead to, if it is not staged rows; and other tenants' rows that would be the
   * tenant's as well.
   */
  private List<Question> leavingTheStage(List<Asked> gained) {
    List<Question> questions = new ArrayList<>();
    for (OwnedTable owned : ownership.owned()) {
      Table table = schema.table(owned.name());
      for (Claim claim : diffs.containsKey(table.name()) ? owned.claims() : List.<Claim>of()) {
        leavingTheStage(table, claim).ifPresent(questions::add);
      }
    }
    for (Asked asked : gained) {
      Table table = asked.table();
      questions.add(Question.leading(table, table.key(), keysIn(table, asked.select())));
    }
    return questions;
  }

  private Optional<Question> leavingTheStage(Table table, Claim claim) {
    String stage = Sql.name(Workbench.STAGE, table.name());
    if (claim instanceof Claim.ReferencedBy by) {
      Edge edge = Edge.of(by);
      String values = "SELECT " + Sql.columns("t", edge.parentColumns()) + " FROM " + stage + " t";
      return Optional.of(Question.leading(schema.table(by.child()), edge.columns(), values));
    }
    if (claim instanceof Claim.ByKey) {
      return Optional.empty();
    }
    Edge edge = Edge.of(table.name(), claim);
    String values =
        "SELECT %s FROM %s t WHERE %s"
            .formatted(Sql.columns("t", edge.columns()), stage, edge.isSet("t"));
    return schema
        .find(edge.parent())
        .map(parent -> Question.leading(parent, edge.parentColumns(), values));
  }

  private static String keysIn(Table table, String set) {
    return "SELECT " + Sql.columns(OwnedRows.keyColumns(table)) + " FROM " + set;
  }

  private static Asked ask(Owners owners, Table table, String in, String select)
      throws SQLException {
    owners.ask(table, in, select);
    return new Asked(table, in, select);
  }

  /** Other tenants' rows that restored ones would lead to, or that would lead to restored ones. */
  private void judgeGained(Owners owners, Asked asked) throws SQLException {
    Table table = asked.table();
    List<String> keys = OwnedRows.keyColumns(table);
    String condition =
        owners.isTenants(table, live.schema(), "g", keys)
            + " AND (g.direct OR "
            + owners.isDoubtful(table, live.schema(), "g", keys)
            + ')';
    String select =
        "SELECT " + Sql.columns("g", keys) + " FROM " + asked.select() + " g WHERE " + condition;
    tell(
        owners,
        new Asked(table, live.schema(), select),
        conflicts,
        """
        are %s by now, and would be tenant %s's as well: restored rows refer to them, \
        or they to those. Change these rows or their references by hand, or the archived ones in an \
        ArchiveMigration, and restore then\
        """
            .formatted(others(), key.tenant()));
  }

  /** Whose rows are that no restore of the tenant reaches. */
  private String others() {
    return ownership.owned().stream().allMatch(owned -> owned.shared().isEmpty())
        ? "another tenant's"
        : "another tenant's or everybody's";
  }

  /** The host's declared actions never reach somebody else's row. */
  private void judgeReached(ForeignKeyActions actions) throws SQLException {
    List<Action> reached = actions.actions();
    live.bring(reached.stream().filter(this::isOwned).map(OwnerChecks::leading).toList());
    Owners owners = Owners.in(scope, "reached");
    for (Action action : reached) {
      if (isOwned(action)) {
        owners.ask(action.child(), live.schema(), keysIn(action.child(), action.set()));
      }
    }
    owners.climb();
    for (Action action : reached) {
      String keys = keysIn(action.child(), action.set());
      tell(
          owners,
          new Asked(action.child(), live.schema(), keys),
          conflicts,
          """
          are %s, and %s would reach them. Delete them or change what they refer to, \
          and restore then\
          """
              .formatted(others(), action.effect()));
    }
  }

  private boolean isOwned(Action action) {
    return ownership.owned(action.child().name()).isPresent();
  }

  private static Question leading(Action action) {
    Table child = action.child();
    return Question.leading(child, child.key(), keysIn(child, action.set()));
  }

  /** Says what is with the rows that others own, if there are any. */
  private void tell(Owners owners, Asked asked, List<String> to, String what) throws SQLException {
    describe(owners, asked).ifPresent(rows -> to.add(rows + ' ' + what));
  }

  /** How many of the rows others own, and the first of them; empty if none. */
  private Optional<String> describe(Owners owners, Asked asked) throws SQLException {
    String others = asked.rows() + " WHERE " + asked.isOthers(owners);
    long rows = session.queryLong("SELECT count(*) FROM " + others);
    if (rows == 0) {
      return Optional.empty();
    }
    Table table = asked.table();
    List<String> samples =
        owners.samples(table, asked.in(), others, "w", OwnedRows.keyColumns(table));
    return Optional.of(
        "%s rows of table %s (%s = %s)"
            .formatted(rows, table.name(), table.key(), String.join(", ", samples)));
  }

  /**
   * Proves what was written, inside the transaction: what leads to somebody else is named.
   *
   * @param inserted selects the keys of inserted rows where they are not those of the stage
   */
  public List<String> foundAfterwards(List<Action> actions, Map<String, String> inserted)
      throws SQLException {
    List<Asked> written = new ArrayList<>();
    for (RowDiff diff : diffs.values()) {
      String select = inserted.get(diff.table().name());
      String updates =
          " UNION ALL SELECT " + Sql.columns(diff.beforeKey()) + " FROM " + diff.updates();
      written.add(
          new Asked(
              diff.table(), live.schema(), select == null ? diff.written() : select + updates));
    }
    for (Action action : actions) {
      if (isOwned(action)) {
        String keys = keysIn(action.child(), action.set());
        written.add(new Asked(action.child(), live.schema(), keys));
      }
    }
    live.bring(
        written.stream()
            .map(asked -> Question.leading(asked.table(), asked.table().key(), asked.select()))
            .toList());
    Owners owners = Owners.in(scope, "proof");
    for (Asked asked : written) {
      owners.ask(asked.table(), asked.in(), asked.select());
    }
    owners.climb();
    List<String> others = new ArrayList<>();
    for (Asked asked : written) {
      describe(owners, asked).ifPresent(others::add);
    }
    return others;
  }
}
