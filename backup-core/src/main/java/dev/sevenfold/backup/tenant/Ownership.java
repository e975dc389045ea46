package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.schema.DatabaseSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A tenant model that met a schema: every table with its owner. Immutable.
 *
 * @param root the table with one row for each tenant
 * @param keyColumn its column that identifies a tenant
 * @param owned the owned tables, the root among them, in the order of their names
 * @param shared tables that belong to all tenants
 * @param ignored tables that are left out on purpose
 * @param derived virtual tables and their storage
 * @param references every reference from an owned table, declared or configured, that does not
 *     itself make a claim of {@code owned} and those that do
 * @param files the files that rows of owned tables name
 * @param rules what is different from the archive after a restore
 */
public record Ownership(
    DatabaseSchema.Table root,
    String keyColumn,
    List<OwnedTable> owned,
    List<String> shared,
    List<String> ignored,
    List<String> derived,
    List<Reference> references,
    List<FileSet> files,
    RestoreRules rules) {

  /**
   * A reference from one table to another.
   *
   * @param child the pointing table
   * @param claim the columns on both sides, and the type where it is polymorphic
   */
  public record Reference(String child, Claim claim) {
    /** Requires both. */
    public Reference {
      Objects.requireNonNull(child, "child");
      Objects.requireNonNull(claim, "claim");
    }
  }

  /** Requires all parts and copies the lists. */
  public Ownership {
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(keyColumn, "keyColumn");
    owned = owned.stream().sorted(Comparator.comparing(OwnedTable::name)).toList();
    shared = shared.stream().sorted().toList();
    ignored = ignored.stream().sorted().toList();
    derived = derived.stream().sorted().toList();
    references = List.copyOf(references);
    files = List.copyOf(files);
    Objects.requireNonNull(rules, "rules");
  }

  /** The owned table with this name, without regard to case. */
  public Optional<OwnedTable> owned(String table) {
    return owned.stream().filter(candidate -> candidate.name().equalsIgnoreCase(table)).findFirst();
  }

  /** Whether {@code table} is the root. */
  public boolean isRoot(OwnedTable table) {
    return table.name().equalsIgnoreCase(root.name());
  }

  /**
   * How each table is owned, and through which path, one line a table.
   *
   * <pre>
   * tenants      root, key id
   * notes        owned: author_id -&gt; users(id), users: column tenant_id
   * countries    shared
   * </pre>
   */
  public String explain() {
    Map<String, String> rows = new LinkedHashMap<>();
    for (OwnedTable table : owned) {
      String path = isRoot(table) ? "root, key " + keyColumn : "owned: " + path(table, List.of());
      rows.put(Printable.of(table.name()), Printable.of(path));
    }
    shared.forEach(name -> rows.put(Printable.of(name), "shared"));
    ignored.forEach(name -> rows.put(Printable.of(name), "ignored"));
    derived.forEach(name -> rows.put(Printable.of(name), "derived, never copied"));
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    return rows.entrySet().stream()
        .map(row -> row.getKey() + " ".repeat(width - row.getKey().length() + 2) + row.getValue())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private String path(OwnedTable table, List<String> before) {
    List<String> seen = new ArrayList<>(before);
    seen.add(table.name());
    String others =
        table.claims().stream()
            .filter(claim -> !(claim instanceof Claim.ByKey))
            .map(claim -> claim + continued(claim, seen))
            .collect(Collectors.joining(" or "));
    return table
        .byKey()
        .map(key -> others.isEmpty() ? key.toString() : key + ", or where that is null " + others)
        .orElse(others);
  }

  private String continued(Claim claim, List<String> seen) {
    return owned(leadsTo(claim))
        .filter(parent -> !isRoot(parent) && !seen.contains(parent.name()))
        .map(parent -> ", " + parent.name() + ": " + path(parent, seen))
        .orElse("");
  }

  private static String leadsTo(Claim claim) {
    if (claim instanceof Claim.ByReference reference) {
      return reference.parent();
    }
    if (claim instanceof Claim.ByType type) {
      return type.parent();
    }
    return claim instanceof Claim.ReferencedBy referenced ? referenced.child() : "";
  }
}
