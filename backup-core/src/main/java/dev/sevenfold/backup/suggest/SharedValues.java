package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.Texts;
import dev.sevenfold.backup.rows.Decided;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Values of a tenant column that are no tenant's key and that applications write for everybody: a
 * number below 1, or a word for it. Asked about, and never proposed: a tenant that is gone leaves
 * rows behind as well, and only the application knows which they are.
 */
final class SharedValues {

  /** So many rows have it at least. */
  private static final long SEVERAL = 2;

  private static final Pattern FOR_ALL =
      Pattern.compile(
          "-?[0-]+|-1|all|any|common|default|everybody|everyone|global|public|shared|system",
          Pattern.CASE_INSENSITIVE);

  private record Value(String yaml, long rows, boolean isForAll) {}

  private SharedValues() {}

  /** Asks about them, and returns how many rows have one; none if most rows name no tenant. */
  static long ask(Look look, Draft draft, OwnedTable owned) throws SQLException {
    Optional<String> column = owned.byKey().map(Claim.ByKey::column);
    if (column.isEmpty()) {
      return 0;
    }
    Table table = look.schema.table(owned.name());
    List<Value> values = without(look, owned, table, column.get());
    List<Value> shared =
        values.stream().filter(each -> each.isForAll() && each.rows() >= SEVERAL).toList();
    long without = values.stream().mapToLong(Value::rows).sum();
    long found = shared.stream().mapToLong(Value::rows).sum();
    long named = look.owners.count(owned, false).owned();
    if (shared.isEmpty() || named < without - found || named == 0) {
      return 0;
    }
    List<String> written = shared.stream().map(Value::yaml).toList();
    draft.ask(
        "%s rows of %s have %s in %s, which is no tenant, and %s rows are a tenant's. Are they everybody's? Then say {table: %s, shared_rows: {%s: [%s]}}"
            .formatted(
                Evidence.number(found),
                owned.name(),
                String.join(" or ", written),
                column.get(),
                Evidence.number(named),
                Texts.yaml(owned.name()),
                Texts.yaml(column.get()),
                String.join(", ", written)));
    return found;
  }

  /** The values that name no tenant, and how many rows have each. */
  private static List<Value> without(Look look, OwnedTable owned, Table table, String column)
      throws SQLException {
    Table root = look.schema.table(look.ownership.root().name());
    List<String> rootKey = List.of(look.ownership.keyColumn());
    List<Value> values = new ArrayList<>();
    look.session.forEach(
        Sql.of(
            """
            SELECT typeof(t."{column}"), CAST(t."{column}" AS TEXT), count(*) FROM {live} t
            WHERE t."{column}" IS NOT NULL AND NOT {is shared}
              AND NOT EXISTS (SELECT 1 FROM {root} r WHERE {is key})
            GROUP BY 1, 2 ORDER BY 3 DESC, 2
            """,
            column,
            look.live(table),
            Decided.isShared(owned, "t"),
            look.live(root),
            root.isPointedAt(table, "t", List.of(column), "r", rootKey)),
        row -> {
          String type = String.valueOf(row.getString(1));
          String text = String.valueOf(row.getString(2));
          boolean isNumber = type.equals("integer");
          values.add(
              new Value(
                  isNumber ? text : Texts.yaml(text),
                  row.getLong(3),
                  isNumber
                      ? text.equals("0") || text.startsWith("-")
                      : type.equals("text") && FOR_ALL.matcher(text).matches()));
        });
    return values;
  }
}
