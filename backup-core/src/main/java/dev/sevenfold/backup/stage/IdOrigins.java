package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells which columns hold ids of their own, and which repeat those of another column, through
 * however many references: the key of an order line repeats the order's id, and so does the column
 * of a note that points at the line.
 */
public final class IdOrigins {

  /** A column whose values are not repeated from elsewhere. */
  record Origin(String table, String column) {
    @Override
    public String toString() {
      return table + '.' + column;
    }
  }

  private final Ownership ownership;
  private final Schema schema;

  public IdOrigins(Ownership ownership, Schema schema) {
    this.ownership = ownership;
    this.schema = schema;
  }

  /** The tenants' keys. */
  Origin root() {
    return new Origin(ownership.root().name(), ownership.keyColumn());
  }

  /**
   * The columns of a table that hold its rows' own ids: its primary key, and what references point
   * at instead of it. None of them holds the tenant's key.
   */
  List<Origin> ownIds(Table table) {
    Set<String> columns = new LinkedHashSet<>();
    if (table.primaryKey().size() == 1) {
      columns.addAll(table.primaryKey());
    }
    for (Table.Unique unique : table.uniques()) {
      if (unique.columns().size() == 1 && isPointedAt(table, unique.columns().get(0))) {
        columns.addAll(unique.columns());
      }
    }
    List<Origin> origins = new ArrayList<>();
    for (String column : columns) {
      Origin origin = new Origin(table.name(), column);
      if (!isRepeated(table, column) && !origin.equals(root())) {
        origins.add(origin);
      }
    }
    return origins;
  }

  /** Whether a column holds ids that a remap changes: a row's own, or those of other rows. */
  public boolean holdsIds(Table table, String column) {
    return isRepeated(table, column)
        || ownIds(table).contains(new Origin(table.name(), column))
        || partOfKey(table).filter(origin -> origin.column().equals(column)).isPresent();
  }

  /**
   * The one column of a primary key of several columns that gets new values, so that the whole key
   * is a new one. Empty if the key has the tenant's key or an id of an owned row in it: it is a new
   * one as soon as those are.
   */
  Optional<Origin> partOfKey(Table table) {
    List<String> key = table.primaryKey();
    boolean follows =
        key.stream().anyMatch(column -> isTenantKey(table.name(), column))
            || edgesOf(table.name()).stream()
                .filter(edge -> ownership.owned(edge.parent()).isPresent())
                .anyMatch(edge -> edge.columns().stream().anyMatch(key::contains));
    if (key.size() < 2 || follows || table.name().equals(ownership.root().name())) {
      return Optional.empty();
    }
    // The last one that is free: the first ones tend to say what the rows are about.
    return key.stream()
        .filter(column -> !isRepeated(table, column))
        .reduce((first, last) -> last)
        .map(column -> new Origin(table.name(), column));
  }

  private boolean isPointedAt(Table table, String column) {
    return ownership.references().stream()
        .map(reference -> Edge.of(reference))
        .anyMatch(
            edge ->
                edge.parent().equalsIgnoreCase(table.name())
                    && edge.parentColumns().equals(List.of(column)));
  }

  private boolean isRepeated(Table table, String column) {
    return isTenantKey(table.name(), column)
        || edgesOf(table.name()).stream().anyMatch(edge -> edge.columns().contains(column));
  }

  /** Whether a column of an owned table, not of the root, holds the tenant's key. */
  boolean isTenantKey(String table, String column) {
    return ownership
        .owned(table)
        .filter(owned -> !ownership.isRoot(owned))
        .flatMap(OwnedTable::byKey)
        .filter(byKey -> byKey.column().equals(column))
        .isPresent();
  }

  /** Every reference of a table. */
  List<Edge> edgesOf(String table) {
    return ownership.references().stream()
        .filter(reference -> reference.child().equalsIgnoreCase(table))
        .map(reference -> Edge.of(table, reference.claim()))
        .distinct()
        .toList();
  }

  /** Where the values of a column come from, by references that do not depend on a type. */
  Set<Origin> of(String table, String column) {
    Set<Origin> origins = new LinkedHashSet<>();
    climb(table, column, origins, new TreeSet<>(String.CASE_INSENSITIVE_ORDER));
    return origins;
  }

  private void climb(String table, String column, Set<Origin> origins, Set<String> seen) {
    if (!seen.add(table + '.' + column)) {
      return;
    }
    if (isTenantKey(table, column)) {
      origins.add(root());
    }
    boolean repeats = false;
    for (Edge edge : edgesOf(table)) {
      int at = edge.typeColumn().isEmpty() ? edge.columns().indexOf(column) : -1;
      if (at >= 0) {
        repeats = true;
        climb(edge.parent(), edge.parentColumns().get(at), origins, seen);
      }
    }
    if (!repeats && !isTenantKey(table, column) && schema.find(table).isPresent()) {
      origins.add(new Origin(schema.table(table).name(), column));
    }
  }
}
