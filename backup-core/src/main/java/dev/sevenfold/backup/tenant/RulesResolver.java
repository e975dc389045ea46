package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import dev.sevenfold.backup.tenant.RestoreRules.ColumnRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Holds the rules of a model against a schema. */
final class RulesResolver {

  private static final String AS_DISPLAY = "displayed";

  private final RestoreRules declared;
  private final SchemaNames names;
  private final Predicate<String> isOwned;
  private final List<String> ignored;

  RulesResolver(
      RestoreRules declared, SchemaNames names, Predicate<String> isOwned, List<String> ignored) {
    this.ignored = ignored;
    this.declared = declared;
    this.names = names;
    this.isOwned = isOwned;
  }

  /** The rules with the names as the schema spells them. */
  RestoreRules resolve() {
    return new RestoreRules(
        declared.emptied().stream().map(name -> owned(name, "emptied on restore").name()).toList(),
        declared.resets().stream().map(this::reset).toList(),
        declared.erasures().stream().map(this::erasure).toList(),
        columns(declared.rewriters(), "holding ids"),
        columns(declared.fileKeys(), "naming files"),
        columns(declared.replacements(), "replaced where taken"),
        declared.deletedIgnored().stream().flatMap(glob -> ignored(glob).stream()).toList(),
        declared.rebuilds().stream().map(this::rebuild).toList());
  }

  /** Columns that are no references, as the schema spells them. */
  List<Ownership.Column> notReferences(List<TenantModel.TableColumn> declared) {
    return declared.stream()
        .map(
            column -> {
              Table table = names.table(column.table(), "having a column that is no reference");
              return new Ownership.Column(
                  table.name(),
                  SchemaNames.column(table, column.column(), "declared to be no reference"));
            })
        .toList();
  }

  /** The columns that rows are known by, of each table one. */
  List<Ownership.Column> displays(List<TenantModel.TableColumn> declared) {
    Map<String, Ownership.Column> columns = new LinkedHashMap<>();
    for (TenantModel.TableColumn display : declared) {
      Table table = owned(display.table(), AS_DISPLAY);
      String column = SchemaNames.column(table, display.column(), AS_DISPLAY);
      Ownership.Column now = new Ownership.Column(table.name(), column);
      Ownership.Column before = columns.put(table.name(), now);
      if (before != null && !before.equals(now)) {
        throw new InvalidTenantModel(
            "Rows of table %s are declared to be displayed by %s and by %s"
                .formatted(table.name(), before.column(), column),
            "Decide for one of the two columns");
      }
    }
    return List.copyOf(columns.values());
  }

  private List<String> ignored(String glob) {
    List<String> tables = ignored.stream().filter(TenantModel.named(List.of(glob))).toList();
    if (tables.isEmpty()) {
      throw new InvalidTenantModel(
          "There is no ignored table " + glob + ", whose rows go with those that they point at",
          "Correct the name, or declare the table ignored; the ignored ones are " + ignored);
    }
    return tables;
  }

  private RestoreRules.Rebuild rebuild(RestoreRules.Rebuild declared) {
    String declaredAs = "what " + declared.what() + " is made of";
    return new RestoreRules.Rebuild(
        declared.what(),
        declared.tables().stream().map(name -> owned(name, declaredAs).name()).toList());
  }

  private <T> List<ColumnRule<T>> columns(List<ColumnRule<T>> rules, String declaredAs) {
    return rules.stream()
        .map(
            rule -> {
              Table table = owned(rule.table(), declaredAs);
              String column = SchemaNames.column(table, rule.column(), declaredAs);
              return new ColumnRule<>(table.name(), column, rule.with());
            })
        .toList();
  }

  private RestoreRules.Reset reset(RestoreRules.Reset declared) {
    Table table = owned(declared.table(), "reset on restore");
    String column = SchemaNames.column(table, declared.column(), "reset on restore");
    return new RestoreRules.Reset(table.name(), column, declared.value());
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
