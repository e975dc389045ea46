package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.DatabaseSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an owned table that are everybody's: those that have one of some values in a column.
 * Immutable.
 *
 * @param column the column
 * @param values a {@link Long} or a {@link String} each; at least one
 */
public record SharedRows(String column, List<Object> values) {

  /** Requires a value, and what all values have to be. */
  public SharedRows {
    Objects.requireNonNull(column, "column");
    values = List.copyOf(values);
    if (values.isEmpty()
        || !values.stream().allMatch(value -> value instanceof Long || value instanceof String)) {
      throw new IllegalArgumentException("Rows with " + values + " in " + column + " are no rows");
    }
  }

  /** As a host declares it, which may give any whole numbers. */
  static SharedRows of(String table, String column, @Nullable Object... values) {
    List<Object> all = new ArrayList<>();
    for (Object value : values) {
      if (value instanceof String) {
        all.add(value);
      } else if (value instanceof Long
          || value instanceof Integer
          || value instanceof Short
          || value instanceof Byte) {
        all.add(((Number) value).longValue());
      } else {
        throw new InvalidTenantModel(
            "Rows of table %s are declared shared where %s is %s"
                .formatted(
                    table,
                    column,
                    value == null ? "null" : value + ", a " + value.getClass().getSimpleName()),
            "Name whole numbers or texts, as -1, that rows of everybody's have there");
      }
    }
    if (all.isEmpty()) {
      throw new InvalidTenantModel(
          "Rows of table " + table + " are declared shared by " + column + ", without a value",
          "Name the values, as -1, that rows of everybody's have there");
    }
    return new SharedRows(column, all.stream().distinct().toList());
  }

  /** What the model declares of a table, with columns as the table spells them. */
  static List<SharedRows> of(DatabaseSchema.Table table, TenantModel model) {
    return model.sharedRows.stream()
        .filter(declared -> declared.table().equalsIgnoreCase(table.name()))
        .map(
            declared ->
                new SharedRows(
                    SchemaNames.column(
                        table, declared.rows().column(), "saying which rows are shared"),
                    declared.rows().values()))
        .toList();
  }

  /** Requires that the tables whose rows the model declares shared are owned, and not the root. */
  static void requireOwned(TenantModel model, SchemaNames names, Map<String, List<Claim>> claims) {
    for (TenantModel.Shared declared : model.sharedRows) {
      String table = names.table(declared.table(), "having rows that are shared").name();
      if (table.equalsIgnoreCase(model.root)) {
        throw new InvalidTenantModel(
            "Rows of the root table " + table + " are declared shared where " + declared.rows(),
            "Take this back: each row of the root is one tenant's");
      }
      if (!claims.containsKey(table)) {
        throw new InvalidTenantModel(
            "Rows of table %s are declared shared where %s, and the table is not owned by tenants"
                .formatted(table, declared.rows()),
            "Take this back: all rows of a table that is shared are everybody's");
      }
    }
  }

  /** {@code account_id is -1 or 0}. */
  @Override
  public String toString() {
    return column
        + " is "
        + values.stream()
            .map(value -> value instanceof String ? "'" + value + "'" : value.toString())
            .collect(Collectors.joining(" or "));
  }
}
