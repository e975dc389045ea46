package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import java.util.function.Predicate;

/** Holds the rules of a model against a schema. */
final class RulesResolver {

  private final RestoreRules declared;
  private final SchemaNames names;
  private final Predicate<String> isOwned;

  RulesResolver(RestoreRules declared, SchemaNames names, Predicate<String> isOwned) {
    this.declared = declared;
    this.names = names;
    this.isOwned = isOwned;
  }

  /** The rules with the names as the schema spells them. */
  RestoreRules resolve() {
    return new RestoreRules(
        declared.emptied().stream().map(name -> owned(name, "emptied on restore").name()).toList(),
        declared.resets().stream()
            .map(
                reset -> {
                  Table table = owned(reset.table(), "reset on restore");
                  return new RestoreRules.Reset(
                      table.name(),
                      SchemaNames.column(table, reset.column(), "reset on restore"),
                      reset.value());
                })
            .toList(),
        declared.erasures().stream().map(this::erasure).toList(),
        declared.rewriters().stream()
            .map(
                rewriter -> {
                  Table table = owned(rewriter.table(), "holding ids");
                  return new RestoreRules.Rewriter(
                      table.name(),
                      SchemaNames.column(table, rewriter.column(), "holding ids"),
                      rewriter.rewriter());
                })
            .toList(),
        declared.fileKeys().stream()
            .map(
                key -> {
                  Table table = owned(key.table(), "naming files");
                  return new RestoreRules.FileKey(
                      table.name(),
                      SchemaNames.column(table, key.column(), "naming files"),
                      key.newKey());
                })
            .toList(),
        declared.replacements().stream()
            .map(
                taken -> {
                  Table table = owned(taken.table(), "replaced where taken");
                  return new RestoreRules.Taken(
                      table.name(),
                      SchemaNames.column(table, taken.column(), "replaced where taken"),
                      taken.replacement());
                })
            .toList());
  }

  private RestoreRules.Erasure erasure(RestoreRules.Erasure declared) {
    Table ledger = names.table(declared.ledger(), "a ledger of erasures");
    if (isOwned.test(ledger.name())) {
      throw new InvalidTenantModel(
          "Table " + ledger.name() + " is declared a ledger of erasures, and is owned by tenants",
          "Declare it shared or ignored: a restore would take entries back");
    }
    Table table = owned(declared.table(), "erased on restore");
    return new RestoreRules.Erasure(
        ledger.name(),
        SchemaNames.column(ledger, declared.ledgerColumn(), "the keys of a ledger"),
        table.name(),
        SchemaNames.column(table, declared.column(), "erased on restore"));
  }

  private Table owned(String name, String declaredAs) {
    Table table = names.table(name, declaredAs);
    if (!isOwned.test(table.name())) {
      throw new InvalidTenantModel(
          "Table " + table.name() + ", declared as " + declaredAs + ", is not owned by tenants",
          "Declare rules for owned tables only");
    }
    return table;
  }
}
