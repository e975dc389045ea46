package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.scratch.TypedValues;
import dev.sevenfold.backup.stage.IdOrigins;
import dev.sevenfold.backup.stage.UniqueRows;
import dev.sevenfold.backup.tenant.Replacement;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives staged rows other values where theirs must be unique and belong to rows outside of the
 * tenant by now, as the host's rules say. What no rule is for stays, and is a conflict later.
 * Changes the stage alone.
 */
public final class ReplacedValues {

  private static final int MOST_ATTEMPTS = 100;

  private final LiveRows live;
  private final Session session;
  private final List<RestoreRules.ColumnRule<Replacement>> rules;
  private final IdOrigins origins;
  private final List<RowDiff> diffs;
  private final List<String> notes = new ArrayList<>();

  public ReplacedValues(LiveRows live, List<RowDiff> diffs) throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.rules = live.model().ownership().rules().replacements();
    this.origins = new IdOrigins(live.model().ownership(), live.model().schema());
    this.diffs = diffs;
  }

  /** Applies every rule, and says what was done. */
  public List<String> apply() throws SQLException {
    for (RowDiff diff : diffs) {
      for (RestoreRules.ColumnRule<Replacement> rule : rules) {
        // An id got a new value together with everything that refers to it.
        if (rule.table().equals(diff.table().name())
            && !origins.holdsIds(diff.table(), rule.column())) {
          apply(diff.table(), rule);
        }
      }
    }
    return notes;
  }

  private void apply(Table table, RestoreRules.ColumnRule<Replacement> rule) throws SQLException {
    List<String> replaced = new ArrayList<>();
    for (Table.Unique unique : table.uniques()) {
      if (UniqueRows.dependsOn(unique, rule.column())) {
        for (List<Object> row : taken(table, unique, rule.column())) {
          replaced.add(replace(table, unique, rule, row));
        }
      }
    }
    if (!replaced.isEmpty()) {
      notes.add(
          "%s rows of table %s get another %s, as theirs belongs to other rows by now%s"
              .formatted(
                  replaced.size(),
                  table.name(),
                  rule.column(),
                  rule.with().isSecret() ? "" : ": " + TakenValues.firstOf(replaced)));
    }
  }

  /** The staged rows whose values others have: their keys, and the column's value at the end. */
  private List<List<Object>> taken(Table table, Table.Unique unique, String column)
      throws SQLException {
    String staged = Sql.name(Workbench.STAGE, table.name());
    live.bring(
        List.of(
            Question.taken(
                table, unique, "SELECT " + Sql.columns(table.key()) + " FROM " + staged)));
    return session.query(
        Sql.of(
            """
            SELECT t."{key}", t."{column}" FROM {staged} t
            WHERE t."{column}" IS NOT NULL AND EXISTS ({collisions})
            """,
            table.key(),
            column,
            staged,
            collisions(table, unique)),
        row -> RowKeys.values(row, table.key().size() + 1));
  }

  /** Selects the rows outside of the tenant that have the unique values of the staged row t. */
  private String collisions(Table table, Table.Unique unique) {
    List<String> keys = OwnedRows.keyColumns(table);
    return Sql.of(
        """
        SELECT 1 FROM {staged} s CROSS JOIN {live} m ON {same values}
        WHERE {same key} AND NOT EXISTS (SELECT 1 FROM {copy} b WHERE {own key})
        """,
        UniqueRows.of(Workbench.STAGE, table, unique),
        UniqueRows.of(live.schema(), table, unique),
        UniqueRows.same("m", "s", unique),
        Sql.equal("s", keys, "t", table.key()),
        Sql.name(Workbench.COPY, table.name()),
        Sql.equal("b", table.key(), "m", keys));
  }

  /** Tries until nobody has the value, and says what became of which. */
  private String replace(
      Table table, Table.Unique unique, RestoreRules.ColumnRule<Replacement> rule, List<Object> row)
      throws SQLException {
    List<Object> key = new ArrayList<>(row.subList(0, table.key().size()));
    Object old = TenantKey.value(row.get(table.key().size()));
    // A row's key may hold the very column that is replaced.
    int inKey = table.key().indexOf(rule.column());
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      Object candidate = rule.with().replace(old, attempt);
      if (set(table, rule, key, candidate)) {
        if (inKey >= 0 && candidate != null) {
          key.set(inKey, candidate);
        }
        if (isFree(table, unique, key)) {
          return TypedValues.shown(old) + " -> " + TypedValues.shown(candidate);
        }
      }
    }
    throw new RestoreRefused(
        "No free value was found for %s.%s = %s"
            .formatted(table.name(), rule.column(), TypedValues.shown(old)),
        List.of("the last of " + MOST_ATTEMPTS + " that were tried is taken too"),
        "Declare a replacement that makes values which nobody has");
  }

  private boolean isFree(Table table, Table.Unique unique, List<Object> key) throws SQLException {
    List<String> literals = key.stream().map(TypedValues::literal).toList();
    live.bring(List.of(Question.taken(table, unique, "SELECT " + String.join(", ", literals))));
    return !session.exists(
        Sql.of(
            "SELECT 1 FROM {staged} t WHERE {key is bound} AND EXISTS ({collisions})",
            Sql.name(Workbench.STAGE, table.name()),
            RowKeys.keyIs("t", table),
            collisions(table, unique)),
        key.toArray());
  }

  /** Whether the stage took the value; false if another staged row has it. */
  private boolean set(
      Table table,
      RestoreRules.ColumnRule<Replacement> rule,
      List<Object> key,
      @Nullable Object value)
      throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(value);
    values.addAll(key);
    try {
      session.update(
          Sql.of(
              "UPDATE OR ABORT {staged} AS t SET \"{column}\" = ? WHERE {key is bound}",
              Sql.name(Workbench.STAGE, table.name()),
              rule.column(),
              RowKeys.keyIs("t", table)),
          values.toArray());
      return true;
    } catch (SQLException e) {
      if (SqliteErrors.isDuplicate(e)) {
        return false;
      }
      if (!SqliteErrors.isConstraint(e)) {
        throw e;
      }
      throw new RestoreRefused(
          table.name() + '.' + rule.column() + " cannot be replaced as the model says",
          List.of(TypedValues.shown(value) + ": " + e.getMessage()),
          "Declare a replacement that the schema allows",
          e);
    }
  }
}
