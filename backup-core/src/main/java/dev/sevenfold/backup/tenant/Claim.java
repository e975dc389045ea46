package dev.sevenfold.backup.tenant;

import java.util.List;
import java.util.Objects;

/**
 * Why a row of a table is a tenant's. A row is owned by the tenants that any claim of its table
 * leads to; a {@link ByKey} whose column is not null decides alone. Immutable.
 */
public sealed interface Claim {

  /**
   * The row holds the tenant's key.
   *
   * @param column the column with the key
   */
  record ByKey(String column) implements Claim {
    /** Requires the column. */
    public ByKey {
      Objects.requireNonNull(column, "column");
    }

    @Override
    public String toString() {
      return "column " + column;
    }
  }

  /**
   * The row points at a row that is the tenant's.
   *
   * @param columns the pointing columns
   * @param parent the table they point at
   * @param parentColumns the columns there
   * @param declared whether the schema declares it; else the host does
   */
  record ByReference(
      List<String> columns, String parent, List<String> parentColumns, boolean declared)
      implements Claim {
    /** Copies the lists. */
    public ByReference {
      columns = List.copyOf(columns);
      Objects.requireNonNull(parent, "parent");
      parentColumns = List.copyOf(parentColumns);
    }

    @Override
    public String toString() {
      return String.join(", ", columns)
          + " -> "
          + parent
          + "("
          + String.join(", ", parentColumns)
          + ")"
          + (declared ? "" : " (configured)");
    }
  }

  /**
   * The row names a table by a type, and points at a row there that is the tenant's.
   *
   * @param typeColumn the column with the type
   * @param type the type that stands for {@code parent}
   * @param idColumn the pointing column
   * @param parent the table it points at
   * @param parentColumn the column there
   */
  record ByType(String typeColumn, String type, String idColumn, String parent, String parentColumn)
      implements Claim {
    /** Requires all parts. */
    public ByType {
      Objects.requireNonNull(typeColumn, "typeColumn");
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(idColumn, "idColumn");
      Objects.requireNonNull(parent, "parent");
      Objects.requireNonNull(parentColumn, "parentColumn");
    }

    @Override
    public String toString() {
      return "%s -> %s(%s) where %s = '%s'"
          .formatted(idColumn, parent, parentColumn, typeColumn, type);
    }
  }

  /**
   * A row that is the tenant's points at this one.
   *
   * @param child the pointing table
   * @param reference how it points here: a {@link ByReference}, or a {@link ByType} where only rows
   *     of that type do
   */
  record ReferencedBy(String child, Claim reference) implements Claim {
    /** Requires both, and refuses what is no reference. */
    public ReferencedBy {
      Objects.requireNonNull(child, "child");
      if (!(reference instanceof ByReference) && !(reference instanceof ByType)) {
        throw new IllegalArgumentException(reference + " of table " + child + " is no reference");
      }
    }

    private List<String> columns() {
      return reference instanceof ByReference by ? by.columns() : List.of();
    }

    @Override
    public String toString() {
      return reference instanceof ByType type
          ? "referenced by %s(%s) where %s = '%s'"
              .formatted(child, type.idColumn(), type.typeColumn(), type.type())
          : "referenced by " + child + "(" + String.join(", ", columns()) + ")";
    }
  }
}
