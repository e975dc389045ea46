package dev.sevenfold.backup.tenant;

import static dev.sevenfold.backup.tenant.SchemaNames.column;
import static dev.sevenfold.backup.tenant.SchemaNames.singleKey;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.DatabaseSchema;
import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import dev.sevenfold.backup.schema.DatabaseSchema.TableKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Assigns every table of one schema to its owner. Used once. */
final class OwnershipResolver {

  /**
   * Sevenfold's own tables: those of the scheduler, and what a killed restore leaves for the next
   * start to find. Only these: a host may have named its own product alike.
   */
  private static final Pattern OWN =
      Pattern.compile("sevenfold_(restore_[0-9a-f]{32}|job|job_[a-z]+)", Pattern.CASE_INSENSITIVE);

  private static final String STANDALONE =
      "it is a virtual table with rows of its own, which are in no backup of a tenant. Declare it"
          + " ignored, or shared, and if nothing but the application fills it again after a restore,"
          + " name it with rebuildAfterRestore; or keep its rows in an ordinary table, and let it"
          + " index that by the option content";

  private final TenantModel model;
  private final DatabaseSchema schema;
  private final SchemaNames names;
  private final SchemaReferences references;
  private final Map<String, List<Claim>> claims = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> shared = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();
  private final List<String> derived = new ArrayList<>();

  OwnershipResolver(TenantModel model, DatabaseSchema schema) {
    this.model = model;
    this.schema = schema;
    this.names = new SchemaNames(schema);
    this.references = new SchemaReferences(model, schema, names);
  }

  Ownership resolve() {
    Table root = claim();
    requireComplete();
    requireLeadingToOwners();
    requireFilesOwned();
    requireNobodysOwned();
    SharedRows.requireOwned(model, names, claims);
    return resolved(root);
  }

  /** As far as tables are claimed; others are in no list. */
  Ownership resolveClaimed() {
    return resolved(claim());
  }

  private Table claim() {
    Table root = names.table(model.root, "the root");
    String key = keyOf(root);
    setAside(root);
    claims.put(root.name(), new ArrayList<>(List.of(new Claim.ByKey(key))));
    claimByKey(root);
    claimByDeclaration();
    claimByReference();
    return root;
  }

  private Ownership resolved(Table root) {
    RulesResolver rules = new RulesResolver(model.rules, names, this::isOwned, ignored);
    return new Ownership(
        root,
        keyOf(root),
        claims.entrySet().stream()
            .map(entry -> OwnedTable.of(entry.getKey(), entry.getValue(), names, model))
            .toList(),
        shared,
        ignored,
        derived,
        references.all(claims),
        model.files,
        rules.resolve(),
        rules.notReferences(model.notReferences),
        rules.displays(model.display));
  }

  private String keyOf(Table root) {
    if (model.key.isPresent()) {
      return column(root, model.key.get(), "the tenants' key");
    }
    if (root.primaryKey().size() != 1) {
      throw new InvalidTenantModel(
          "The root table " + root.name() + " has the primary key " + root.primaryKey(),
          "Name the one column that identifies a tenant as the model's key");
    }
    return root.primaryKey().get(0);
  }

  private void setAside(Table root) {
    for (Table table : schema.tables()) {
      boolean isShared = model.shared.test(table.name());
      boolean isIgnored = model.ignored.test(table.name());
      if (isShared && isIgnored) {
        throw new InvalidTenantModel(
            "Table " + table.name() + " is declared both shared and ignored",
            "Decide for one: shared rows belong to all tenants, ignored rows are left out");
      }
      if ((isShared || isIgnored) && table.name().equals(root.name())) {
        throw new InvalidTenantModel(
            "The root table " + root.name() + " is declared " + (isShared ? "shared" : "ignored"),
            "Take it off that list: the root is backed up with its tenant");
      }
      if (table.kind() == TableKind.DERIVED) {
        derived.add(table.name());
      } else if (isShared) {
        shared.add(table.name());
      } else if (isIgnored || OWN.matcher(table.name()).matches()) {
        ignored.add(table.name());
      }
    }
  }

  private boolean isOwned(String table) {
    return claims.containsKey(table);
  }

  private boolean isSetAside(String table) {
    return shared.contains(table) || ignored.contains(table) || derived.contains(table);
  }

  private void claimByKey(Table root) {
    for (TenantModel.TableColumn declared : model.keyColumns) {
      Table table = owner(declared.table(), "owned by its column " + declared.column());
      claim(table, new Claim.ByKey(column(table, declared.column(), "the tenant's key")));
    }
    if (model.column.isEmpty()) {
      return;
    }
    String name = model.column.get();
    for (Table table : schema.tables()) {
      if (!table.name().equals(root.name())
          && !isSetAside(table.name())
          && !isOwned(table.name())
          && !isOverruled(table, name)) {
        table.column(name).ifPresent(column -> claim(table, new Claim.ByKey(column)));
      }
    }
  }

  /** Whether the host says that another column than the tenants' decides. */
  private boolean isOverruled(Table table, String tenantColumn) {
    return model.through.stream()
        .anyMatch(
            through ->
                through.table().equalsIgnoreCase(table.name())
                    && !through.column().equalsIgnoreCase(tenantColumn));
  }

  private void claimByDeclaration() {
    for (TenantModel.Polymorphic declared : model.polymorphic) {
      Table table = owner(declared.table(), "polymorphic");
      references.byType(table, declared).forEach(claim -> claim(table, claim));
    }
    for (TenantModel.ReferencedBy declared : model.referencedBy) {
      Table table = owner(declared.table(), "referenced by " + declared.child());
      Table child = names.table(declared.child(), "referencing " + table.name());
      String column = column(child, declared.childColumn(), "a reference to " + table.name());
      String key = singleKey(table, "referenced by " + child.name());
      Claim reference = new Claim.ByReference(List.of(column), table.name(), List.of(key), false);
      claim(table, new Claim.ReferencedBy(child.name(), reference));
    }
    model.delegated.forEach(this::claimDelegated);
  }

  /** The rows of each target are owned by those that name them, by type and id. */
  private void claimDelegated(TenantModel.Polymorphic declared) {
    Table child = owner(declared.table(), "delegating its rows to others");
    for (Claim.ByType type : references.byType(child, declared)) {
      Table table = owner(type.parent(), "delegated to by " + child.name());
      Claim delegated = new Claim.ReferencedBy(child.name(), type);
      boolean known =
          claims.getOrDefault(child.name(), List.of()).stream()
                  .anyMatch(claim -> claim instanceof Claim.ByType other && isSame(other, type))
              || claims.getOrDefault(table.name(), List.of()).stream()
                  .anyMatch(claim -> claim.equals(delegated) || isOfAnyType(claim, child, type));
      if (known) {
        throw new InvalidTenantModel(
            "%s.%s is declared delegated to %s where %s is '%s', and declared a reference in another way too"
                .formatted(
                    child.name(), type.idColumn(), table.name(), type.typeColumn(), type.type()),
            "Remove the other declaration: polymorphic, referencedBy, or delegated once more");
      }
      claim(table, delegated);
    }
  }

  private static boolean isSame(Claim.ByType one, Claim.ByType other) {
    return one.typeColumn().equals(other.typeColumn())
        && one.idColumn().equals(other.idColumn())
        && one.type().equals(other.type());
  }

  private static boolean isOfAnyType(Claim claim, Table child, Claim.ByType type) {
    return claim instanceof Claim.ReferencedBy by
        && by.child().equals(child.name())
        && by.reference() instanceof Claim.ByReference plain
        && plain.columns().contains(type.idColumn());
  }

  /**
   * Follows references from table to table until no more tables are reached. Tables that are
   * claimed already are claimed by their references too: a row may have nothing else.
   */
  private void claimByReference() {
    Map<String, List<Claim.ByReference>> candidates = new LinkedHashMap<>();
    for (Table table : schema.tables()) {
      if (!isSetAside(table.name()) && !isAlwaysDecided(table)) {
        candidates.put(table.name(), upwardsFrom(table));
      }
    }
    requireThrough(candidates);
    List<String> reached;
    do {
      reached =
          candidates.entrySet().stream()
              .filter(e -> !claims.containsKey(e.getKey()))
              .filter(e -> e.getValue().stream().anyMatch(r -> claims.containsKey(r.parent())))
              .map(Map.Entry::getKey)
              .toList();
      reached.forEach(name -> claims.put(name, new ArrayList<>()));
    } while (!reached.isEmpty());
    claims.forEach(
        (name, claimed) ->
            candidates.getOrDefault(name, List.of()).stream()
                .filter(reference -> isOwned(reference.parent()))
                .forEach(claimed::add));
  }

  /** Whether each row of the table is the root's own, or holds the tenant's key. */
  private boolean isAlwaysDecided(Table table) {
    return claims.getOrDefault(table.name(), List.of()).stream()
        .anyMatch(
            claim ->
                claim instanceof Claim.ByKey key
                    && (table.name().equalsIgnoreCase(model.root)
                        || table.required().contains(key.column())));
  }

  /**
   * The references of a table that can lead its rows to an owner: not those that make their parent
   * owned by this table, and none that is null wherever it would be asked.
   */
  private List<Claim.ByReference> upwardsFrom(Table table) {
    List<Claim> own = claims.getOrDefault(table.name(), List.of());
    return references.of(table).stream()
        .filter(reference -> own.stream().noneMatch(claim -> holdsKey(claim, reference)))
        .filter(
            reference ->
                claims.getOrDefault(reference.parent(), List.of()).stream()
                    .noneMatch(claim -> isReverse(claim, table, reference)))
        .toList();
  }

  private static boolean holdsKey(Claim claim, Claim.ByReference reference) {
    return claim instanceof Claim.ByKey key && reference.columns().contains(key.column());
  }

  private static boolean isReverse(Claim claim, Table child, Claim.ByReference reference) {
    return claim instanceof Claim.ReferencedBy by
        && by.child().equals(child.name())
        && reference.columns().equals(SchemaReferences.columns(by.reference()));
  }

  /** Leaves only the claims that go through the columns which the host says decide. */
  private void requireThrough(Map<String, List<Claim.ByReference>> candidates) {
    for (TenantModel.TableColumn through : model.through) {
      Table table = owner(through.table(), "owned through " + through.column());
      String column = column(table, through.column(), "the deciding reference");
      List<Claim.ByReference> deciding =
          references.of(table).stream()
              .filter(reference -> reference.columns().contains(column))
              .toList();
      List<Claim> declared = claims.getOrDefault(table.name(), new ArrayList<>());
      boolean byType = declared.stream().anyMatch(claim -> isTypeOf(claim, column));
      boolean elsewhere = declared.stream().anyMatch(Claim.ReferencedBy.class::isInstance);
      if ((deciding.isEmpty() && !byType) || elsewhere || !candidates.containsKey(table.name())) {
        throw new InvalidTenantModel(
            "Table " + table.name() + " cannot be owned through " + column,
            deciding.isEmpty() && !byType
                ? "There is no foreign key from it; declare the reference in the model"
                : "Its rows are claimed in another way already; remove one of the two");
      }
      declared.removeIf(claim -> claim instanceof Claim.ByType && !isTypeOf(claim, column));
      candidates.put(table.name(), deciding);
    }
  }

  private static boolean isTypeOf(Claim claim, String idColumn) {
    return claim instanceof Claim.ByType type && type.idColumn().equals(idColumn);
  }

  private void requireComplete() {
    UnclaimedTables advice = new UnclaimedTables(schema, claims.keySet());
    List<String> unclaimed =
        schema.tables().stream()
            .filter(table -> !isOwned(table.name()) && !isSetAside(table.name()))
            .map(table -> "table " + table.name() + " is claimed by nobody; " + why(table, advice))
            .toList();
    if (!unclaimed.isEmpty()) {
      throw new BackupRefused(
          "The tenant model does not cover the schema",
          unclaimed,
          "Declare each of these tables as owned, shared or ignored; tenant suggest, in Java"
              + " TenantSource.suggest, proposes which by what the rows say");
    }
  }

  private static String why(Table table, UnclaimedTables advice) {
    return table.kind() == TableKind.STANDALONE ? STANDALONE : advice.likely(table);
  }

  private void requireLeadingToOwners() {
    claims.forEach(
        (name, ways) -> {
          if (ways.stream().noneMatch(this::leadsToOwner)) {
            throw new InvalidTenantModel(
                "Table " + name + " is declared owned by " + ways + ", where nothing is owned",
                "Declare a way that leads to a table with tenants' rows");
          }
        });
  }

  private boolean leadsToOwner(Claim claim) {
    if (claim instanceof Claim.ByType type) {
      return claims.containsKey(type.parent());
    }
    return !(claim instanceof Claim.ReferencedBy by) || claims.containsKey(by.child());
  }

  private void requireFilesOwned() {
    for (FileSet set : model.files) {
      Table table = owner(set.table(), "naming files");
      if (!claims.containsKey(table.name())) {
        throw new InvalidTenantModel(
            "Files are declared for table " + table.name() + ", which is not owned by tenants",
            "Declare files for owned tables only");
      }
      set.path().columns().forEach(name -> column(table, name, "part of a file path"));
    }
  }

  private void requireNobodysOwned() {
    for (String name : model.nobodys) {
      if (!TenantModel.isPattern(name)) {
        Table table = names.table(name, "one whose rows may be nobody's");
        if (table.name().equalsIgnoreCase(model.root)) {
          throw new InvalidTenantModel(
              "Rows of table "
                  + table.name()
                  + " may be nobody's, which are the tenants themselves",
              "Take it off that list, and give each tenant a key");
        }
        if (!isOwned(table.name())) {
          throw new InvalidTenantModel(
              "Rows of table " + table.name() + " may be nobody's, which is not owned by tenants",
              "Take it off that list: only rows of owned tables are somebody's or nobody's");
        }
      }
    }
  }

  private void claim(Table table, Claim claim) {
    claims.computeIfAbsent(table.name(), name -> new ArrayList<>()).add(claim);
  }

  /** A table that the host declares to be owned: it exists, and is not set aside. */
  private Table owner(String name, String declaredAs) {
    Table table = names.table(name, declaredAs);
    if (table.kind() == TableKind.STANDALONE) {
      throw new InvalidTenantModel(
          "Table " + table.name() + " is declared " + declaredAs + "; " + STANDALONE,
          "Take this back, and say it of the table that it is filled from");
    }
    if (isSetAside(table.name())) {
      throw new InvalidTenantModel(
          "Table %s is declared %s, and also shared, ignored or virtual"
              .formatted(table.name(), declaredAs),
          "Remove one of the two declarations");
    }
    return table;
  }
}
