package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.DatabaseSchema;
import dev.sevenfold.backup.schema.DatabaseSchema.Table;

/** Looks up what a model names, and says what is wrong if it is not there. */
final class SchemaNames {

  private final DatabaseSchema schema;

  SchemaNames(DatabaseSchema schema) {
    this.schema = schema;
  }

  /** The table with this name. */
  Table table(String name, String declaredAs) {
    return schema
        .table(name)
        .orElseThrow(
            () ->
                new InvalidTenantModel(
                    "There is no table " + name + ", declared as " + declaredAs,
                    "Correct the name in the tenant model; the schema has "
                        + schema.tables().stream().map(Table::name).toList()));
  }

  /** The column with this name, as its table spells it. */
  static String column(Table table, String name, String declaredAs) {
    return table
        .column(name)
        .orElseThrow(
            () ->
                new InvalidTenantModel(
                    "Table %s has no column %s, declared as %s"
                        .formatted(table.name(), name, declaredAs),
                    "Correct the name in the tenant model; its columns are " + table.columns()));
  }

  /** The only column of a table's primary key. */
  static String singleKey(Table table, String declaredAs) {
    if (table.primaryKey().size() != 1) {
      throw new InvalidTenantModel(
          "Table %s, declared as %s, has the primary key %s"
              .formatted(table.name(), declaredAs, table.primaryKey()),
          "Only a table with one key column can be pointed at in this way");
    }
    return table.primaryKey().get(0);
  }
}
