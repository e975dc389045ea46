package dev.sevenfold.backup.schema;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.DatabaseSchema.TableKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The schema of one attached database. Immutable.
 *
 * @param tables the ordinary tables, in the order of their names
 * @param derived the names of virtual tables and of their storage
 * @param standalone those of them that have rows which no other table has
 */
public record Schema(List<Table> tables, List<String> derived, List<String> standalone) {

  public Schema {
    tables = List.copyOf(tables);
    derived = List.copyOf(derived);
    standalone = List.copyOf(standalone);
  }

  /** The table with this name, which must be there. */
  public Table table(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new InvalidTenantModel(
                    "There is no table " + name, "The schema has changed; start again"));
  }

  public Optional<Table> find(String name) {
    return tables.stream().filter(table -> table.name().equalsIgnoreCase(name)).findFirst();
  }

  public DatabaseSchema toSchema() {
    List<DatabaseSchema.Table> all = new ArrayList<>();
    tables.forEach(table -> all.add(table.toSchema()));
    derived.forEach(
        name ->
            all.add(
                new DatabaseSchema.Table(
                    name,
                    standalone.contains(name) ? TableKind.STANDALONE : TableKind.DERIVED,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of())));
    return new DatabaseSchema(all);
  }
}
