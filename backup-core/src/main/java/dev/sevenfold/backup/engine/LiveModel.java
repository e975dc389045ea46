package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Ownership;
import java.util.List;

/**
 * The tables of a database, and who owns them. Immutable, and shared by all work of a source for as
 * long as the schema is the same.
 *
 * @param schema the tables
 * @param ownership the host's model, held against them
 */
public record LiveModel(Schema schema, Ownership ownership) {

  /** The table of the tenants. */
  public Table root() {
    return schema.table(ownership.root().name());
  }

  /** The tables that have rows of tenants, the root among them. */
  public List<Table> owned() {
    return ownership.owned().stream().map(table -> schema.table(table.name())).toList();
  }
}
