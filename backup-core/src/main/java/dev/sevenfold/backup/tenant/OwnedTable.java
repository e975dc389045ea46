package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.schema.DatabaseSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A table whose rows are tenants', and why. Immutable.
 *
 * @param table the table
 * @param claims in which ways a row can be a tenant's; at least one
 * @param decided whether the host says which of its references decides
 * @param shared which of its rows are everybody's, before any claim is asked; most often none
 */
public record OwnedTable(
    DatabaseSchema.Table table, List<Claim> claims, boolean decided, List<SharedRows> shared) {

  /** Requires a claim. */
  public OwnedTable {
    Objects.requireNonNull(table, "table");
    claims = List.copyOf(claims);
    shared = List.copyOf(shared);
    if (claims.isEmpty()) {
      throw new IllegalArgumentException("Table " + table.name() + " has no claim");
    }
  }

  static OwnedTable of(String name, List<Claim> claims, SchemaNames names, TenantModel model) {
    DatabaseSchema.Table table = names.table(name, "an owner");
    return new OwnedTable(
        table,
        claims,
        model.through.stream().anyMatch(through -> through.table().equalsIgnoreCase(name)),
        SharedRows.of(table, model));
  }

  /** The table's name. */
  public String name() {
    return table.name();
  }

  /** The claim by the tenant's key, which decides alone where its column is not null. */
  public Optional<Claim.ByKey> byKey() {
    return claims.stream()
        .filter(Claim.ByKey.class::isInstance)
        .map(Claim.ByKey.class::cast)
        .findFirst();
  }

  /** The claims by type, by the column that has the types. */
  public Map<String, List<Claim.ByType>> byTypes() {
    Map<String, List<Claim.ByType>> types = new LinkedHashMap<>();
    for (Claim claim : claims) {
      if (claim instanceof Claim.ByType type) {
        types.computeIfAbsent(type.typeColumn(), column -> new ArrayList<>()).add(type);
      }
    }
    return types;
  }

  /**
   * Whether nothing claims the table but declared references that may be null, and that nobody said
   * decide: that a row is the tenant's whom they lead to is a guess, which the references of others
   * to the row may prove wrong.
   */
  public boolean isLooselyClaimed() {
    return !decided
        && claims.stream()
            .allMatch(
                claim ->
                    claim instanceof Claim.ByReference reference
                        && reference.declared()
                        && !isRequired(reference.columns()));
  }

  private boolean isRequired(List<String> columns) {
    return columns.stream()
        .allMatch(
            column -> table.required().contains(column) || table.primaryKey().contains(column));
  }
}
