package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.stage.IdOrigins;
import dev.sevenfold.backup.stage.UniqueRows;
import dev.sevenfold.backup.tenant.Replacement;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Finds ids and unique values of restored rows that belong to other rows by now: rows outside of
 * the tenant, which a restore must not touch.
 */
final class TakenValues {

  private static final int SAMPLES = 5;

  private final LiveRows live;
  private final ForeignKeyActions actions;
  private final List<RestoreRules.ColumnRule<Replacement>> rules;
  private final IdOrigins origins;
  private final List<String> conflicts = new ArrayList<>();

  /**
   * Looks for them when told to.
   *
   * @param actions the rows outside of the tenant that go, and stand in nobody's way
   */
  TakenValues(LiveRows live, ForeignKeyActions actions) throws SQLException {
    this.live = live;
    this.actions = actions;
    this.rules = live.model().ownership().rules().replacements();
    this.origins = new IdOrigins(live.model().ownership(), live.model().schema());
  }

  /** One sentence for each key of a table of which something is taken. */
  List<String> conflicts() {
    return List.copyOf(conflicts);
  }

  /** Which rows are to be looked for: those with the keys and the unique values of written rows. */
  static List<Question> questions(Collection<RowDiff> diffs) {
    List<Question> questions = new ArrayList<>();
    for (RowDiff diff : diffs) {
      String keys = "SELECT " + Sql.columns(diff.stageKey()) + " FROM " + diff.inserts();
      questions.add(Question.holding(diff.table(), diff.table().key(), keys));
      diff.table().uniques().stream()
          .map(unique -> Question.taken(diff.table(), unique, diff.written()))
          .forEach(questions::add);
    }
    return questions;
  }

  /**
   * Looks at one table, once the {@link #questions} are asked.
   *
   * @param advice what to do about a value of this table, if that is something particular
   */
  void find(RowDiff diff, String advice) throws SQLException {
    findIds(diff);
    for (Table.Unique unique : diff.table().uniques()) {
      findValues(diff, unique, advice);
    }
  }

  private void findIds(RowDiff diff) throws SQLException {
    Table table = diff.table();
    if (table.hasHiddenRowid()) {
      return;
    }
    List<String> taken =
        live.workbench()
            .query(
                Sql.of(
                    """
                    SELECT m."{key}" FROM {inserts} i CROSS JOIN {live} m ON {same key}
                    WHERE {does not go}
                    """,
                    table.key(),
                    diff.inserts(),
                    live.table(table.name()),
                    Sql.equal("m", table.key(), "i", diff.stageKey()),
                    actions.isNotDeleted(table.name(), "m")),
                row -> RowKeys.text(RowKeys.values(row, table.key().size())));
    if (!taken.isEmpty()) {
      conflicts.add(
          "%s ids of table %s belong to other rows by now: %s = %s"
              .formatted(taken.size(), table.name(), table.key(), firstOf(taken)));
    }
  }

  private void findValues(RowDiff diff, Table.Unique unique, String advice) throws SQLException {
    Table table = diff.table();
    List<String> values = UniqueRows.values(unique);
    List<String> keys = OwnedRows.keyColumns(table);
    List<String> taken =
        live.workbench()
            .query(
                Sql.of(
                    """
                    SELECT s."{values}" FROM ({written}) w CROSS JOIN {staged} s ON {same key}
                      CROSS JOIN {live} m ON {same values}
                    WHERE {is outside} AND {does not go}
                    """,
                    values,
                    diff.written(),
                    UniqueRows.of(Workbench.STAGE, table, unique),
                    Sql.equal("s", keys, "w", diff.stageKey()),
                    UniqueRows.of(live.schema(), table, unique),
                    UniqueRows.same("m", "s", unique),
                    diff.isOutside("m", keys),
                    actions.isNotDeleted(table.name(), "m", keys)),
                row -> RowKeys.text(RowKeys.values(row, values.size())));
    if (!taken.isEmpty()) {
      conflicts.add(
          "%s values of table %s must be unique and are in use by other rows: %s%s%s"
              .formatted(
                  taken.size(),
                  table.name(),
                  unique.columns().isEmpty() ? unique.terms() : unique.columns(),
                  isSecret(table, unique) ? "" : " = " + firstOf(taken),
                  advice.isEmpty() ? advice(table, unique) : advice));
    }
  }

  private boolean isSecret(Table table, Table.Unique unique) {
    return rules.stream()
        .filter(rule -> rule.table().equals(table.name()) && rule.with().isSecret())
        .anyMatch(rule -> UniqueRows.dependsOn(unique, rule.column()));
  }

  private String advice(Table table, Table.Unique unique) {
    if (unique.columns().stream().anyMatch(column -> origins.holdsIds(table, column))) {
      return "";
    }
    boolean hasRule =
        rules.stream()
            .filter(rule -> rule.table().equals(table.name()))
            .anyMatch(rule -> UniqueRows.dependsOn(unique, rule.column()));
    return hasRule
        ? "; restored with new ids, these rows get other values too, as the model says"
        : "; change those rows, or declare what becomes of such values, by replaceTaken(\""
            + table.name()
            + "\", …), and restore with new ids";
  }

  static String firstOf(List<String> items) {
    return items.size() <= SAMPLES
        ? items.toString()
        : items.subList(0, SAMPLES) + " and " + (items.size() - SAMPLES) + " more";
  }
}
