package dev.sevenfold.backup.tenant;

import static dev.sevenfold.backup.tenant.SchemaNames.column;
import static dev.sevenfold.backup.tenant.SchemaNames.singleKey;

import dev.sevenfold.backup.schema.DatabaseSchema;
import dev.sevenfold.backup.schema.DatabaseSchema.ForeignKey;
import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The references between tables, those of the schema and those of the model. */
final class SchemaReferences {

  private final TenantModel model;
  private final DatabaseSchema schema;
  private final SchemaNames names;

  SchemaReferences(TenantModel model, DatabaseSchema schema, SchemaNames names) {
    this.model = model;
    this.schema = schema;
    this.names = names;
  }

  /** Those of a table that have one target. */
  List<Claim.ByReference> of(Table table) {
    List<Claim.ByReference> references = new ArrayList<>();
    for (ForeignKey key : table.foreignKeys()) {
      schema
          .table(key.parent())
          .ifPresent(
              parent ->
                  references.add(
                      new Claim.ByReference(
                          key.columns(), parent.name(), key.parentColumns(), true)));
    }
    for (TenantModel.Reference declared : model.references) {
      if (declared.table().equalsIgnoreCase(table.name())) {
        Table parent = names.table(declared.parent(), "referenced by " + table.name());
        String column = column(table, declared.column(), "a reference to " + parent.name());
        String key = column(parent, declared.parentColumn(), "referenced by " + table.name());
        references.add(new Claim.ByReference(List.of(column), parent.name(), List.of(key), false));
      }
    }
    return references;
  }

  /** Those of a pair, one for each of its types. */
  List<Claim.ByType> byType(Table table, TenantModel.Polymorphic declared) {
    String type = column(table, declared.typeColumn(), "the type");
    String id = column(table, declared.idColumn(), "the id");
    List<Claim.ByType> result = new ArrayList<>();
    for (Map.Entry<String, String> target : new TreeMap<>(declared.targets()).entrySet()) {
      Table parent = names.table(target.getValue(), "the target of " + table.name() + "." + type);
      String key = singleKey(parent, "the target of " + table.name() + "." + id);
      result.add(new Claim.ByType(type, target.getKey(), id, parent.name(), key));
    }
    return result;
  }

  /** The pointing columns of a reference, without that of a type. */
  static List<String> columns(Claim reference) {
    if (reference instanceof Claim.ByType type) {
      return List.of(type.idColumn());
    }
    return reference instanceof Claim.ByReference by ? by.columns() : List.of();
  }

  /**
   * All that lead from owned tables, or make one owned.
   *
   * @param claims those of each owned table
   */
  List<Ownership.Reference> all(Map<String, List<Claim>> claims) {
    for (TenantModel.Reference declared : model.references) {
      names.table(declared.table(), "referencing " + declared.parent());
    }
    List<Ownership.Reference> references = new ArrayList<>();
    for (Map.Entry<String, List<Claim>> owned : claims.entrySet()) {
      Table table = names.table(owned.getKey(), "an owner");
      List<Claim> own = new ArrayList<>(of(table));
      model.polymorphic.stream()
          .filter(declared -> declared.table().equalsIgnoreCase(table.name()))
          .forEach(declared -> own.addAll(byType(table, declared)));
      own.forEach(claim -> references.add(new Ownership.Reference(table.name(), claim)));
      for (Claim claim : owned.getValue()) {
        if (claim instanceof Claim.ReferencedBy by && !isReferenced(by)) {
          references.add(new Ownership.Reference(by.child(), by.reference()));
        }
      }
    }
    return references;
  }

  private boolean isReferenced(Claim.ReferencedBy by) {
    return by.reference() instanceof Claim.ByReference reversed
        && of(names.table(by.child(), "referencing " + reversed.parent())).stream()
            .anyMatch(
                known ->
                    known.parent().equals(reversed.parent())
                        && known.columns().equals(reversed.columns()));
  }
}
