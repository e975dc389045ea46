package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.schema.DatabaseSchema;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
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
 * @param notReferences columns that look like references and are none
 * @param displays the columns that the host says rows are known by, one of a table
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
    RestoreRules rules,
    List<Column> notReferences,
    List<Column> displays) {

  /** How many tables a way leads over before a reader is sent to another line. */
  private static final int LONGEST_WAY = 6;

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

  /** A column of a table, both as the schema spells them. */
  public record Column(String table, String column) {
    /** Requires both. */
    public Column {
      Objects.requireNonNull(table, "table");
      Objects.requireNonNull(column, "column");
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
    notReferences = List.copyOf(notReferences);
    displays = List.copyOf(displays);
  }

  /** The columns of a table that look like references and are none. */
  public List<String> notReferences(String table) {
    return notReferences.stream()
        .filter(column -> column.table().equalsIgnoreCase(table))
        .map(Column::column)
        .toList();
  }

  /** The column that the host says a table's rows are known by. */
  public Optional<String> display(String table) {
    return displays.stream()
        .filter(column -> column.table().equalsIgnoreCase(table))
        .map(Column::column)
        .findFirst();
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
   * How each table is owned, and through which path, one line a table: every claim of its own, and
   * from there the shortest way to a tenant's key. A long way ends at a table whose line goes on.
   *
   * <pre>
   * tenants      root, key id
   * labels       owned: column tenant_id; everybody's where tenant_id is -1
   * notes        owned: author_id -&gt; users(id), users: column tenant_id
   * countries    shared
   * </pre>
   */
  public String explain() {
    return explain(table -> List.of());
  }

  /**
   * As {@link #explain()}, with what speaks for it below the line of each table.
   *
   * @param evidence says it of a table, by its name; each text is a line, indented
   */
  public String explain(Function<String, List<String>> evidence) {
    Map<String, Claim> nearest = nearest();
    Map<String, String> rows = new LinkedHashMap<>();
    for (OwnedTable table : owned) {
      String path = isRoot(table) ? "root, key " + keyColumn : "owned: " + path(table, nearest);
      rows.put(table.name(), path);
    }
    shared.forEach(name -> rows.put(name, "shared"));
    ignored.forEach(name -> rows.put(name, "ignored"));
    derived.forEach(name -> rows.put(name, "derived, never copied"));
    int width =
        rows.keySet().stream().mapToInt(name -> Printable.of(name).length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    rows.forEach(
        (table, how) -> {
          String name = Printable.of(table);
          text.append(name).append(" ".repeat(width - name.length() + 2));
          text.append(Printable.of(how)).append('\n');
          evidence
              .apply(table)
              .forEach(line -> text.append("    ").append(Printable.of(line)).append('\n'));
        });
    return text.toString();
  }

  /** The claim of each table that leads to a tenant's key by the fewest steps. */
  private Map<String, Claim> nearest() {
    Map<String, Claim> nearest = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Map<String, Map<String, Claim>> below = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Deque<String> due = new ArrayDeque<>();
    for (OwnedTable table : owned) {
      for (Claim claim : table.claims()) {
        below
            .computeIfAbsent(leadsTo(claim), name -> new LinkedHashMap<>())
            .putIfAbsent(table.name(), claim);
      }
      table.byKey().ifPresent(key -> nearest.put(table.name(), key));
    }
    due.addAll(nearest.keySet());
    while (!due.isEmpty()) {
      below
          .getOrDefault(due.removeFirst(), Map.of())
          .forEach(
              (table, claim) -> {
                if (nearest.putIfAbsent(table, claim) == null) {
                  due.addLast(table);
                }
              });
    }
    return nearest;
  }

  private String path(OwnedTable table, Map<String, Claim> nearest) {
    String everybodys =
        table.shared().stream()
            .map(rows -> "; everybody's where " + rows)
            .collect(Collectors.joining());
    return claims(table, nearest) + everybodys;
  }

  private String claims(OwnedTable table, Map<String, Claim> nearest) {
    String others =
        table.claims().stream()
            .filter(claim -> !(claim instanceof Claim.ByKey))
            .map(claim -> claim + continued(table.name(), claim, nearest))
            .collect(Collectors.joining(" or "));
    return table
        .byKey()
        .map(key -> others.isEmpty() ? key.toString() : key + ", or where that is null " + others)
        .orElse(others);
  }

  private String continued(String table, Claim claim, Map<String, Claim> nearest) {
    StringBuilder way = new StringBuilder();
    String at = leadsTo(claim);
    for (int step = 0; !at.equalsIgnoreCase(table) && !at.equalsIgnoreCase(root.name()); step++) {
      Optional<Claim> next = Optional.ofNullable(nearest.get(at));
      if (next.isEmpty()) {
        break;
      }
      if (step == LONGEST_WAY) {
        return way + ", then as " + at;
      }
      way.append(", ").append(at).append(": ").append(next.get());
      at = leadsTo(next.get());
    }
    return way.toString();
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
