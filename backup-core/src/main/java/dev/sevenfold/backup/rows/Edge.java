package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import java.util.ArrayList;
import java.util.List;

/**
 * A reference in the form that SQL needs, declared, configured or polymorphic alike.
 *
 * @param child the pointing table
 * @param columns its pointing columns
 * @param parent the table they point at
 * @param parentColumns the columns there
 * @param typeColumn the column that must hold {@code type}; empty if the reference has one target
 * @param type the type that stands for {@code parent}
 */
public record Edge(
    String child,
    List<String> columns,
    String parent,
    List<String> parentColumns,
    String typeColumn,
    String type) {

  /** A declared foreign key. */
  public static Edge of(Table child, Table.ForeignKey key) {
    return new Edge(child.name(), key.columns(), key.parent(), key.parentColumns(), "", "");
  }

  /** All foreign keys that a table declares. */
  public static List<Edge> declared(Table child) {
    return child.foreignKeys().stream().map(key -> of(child, key)).toList();
  }

  /** The references that the model has beside declared ones, of whatever kind. */
  public static List<Edge> undeclared(Ownership ownership) {
    return ownership.references().stream()
        .filter(reference -> !(reference.claim() instanceof Claim.ByReference by && by.declared()))
        .map(Edge::of)
        .toList();
  }

  /** Whether there is one parent, whatever the row's type. */
  public boolean isPlain() {
    return typeColumn.isEmpty();
  }

  public static Edge of(Ownership.Reference reference) {
    return of(reference.child(), reference.claim());
  }

  /** The reference to a row that is owned by those that refer to it. */
  public static Edge of(Claim.ReferencedBy by) {
    return of(by.child(), by.reference());
  }

  public static Edge of(String child, Claim claim) {
    if (claim instanceof Claim.ByReference reference) {
      return new Edge(
          child, reference.columns(), reference.parent(), reference.parentColumns(), "", "");
    }
    if (claim instanceof Claim.ByType byType) {
      return new Edge(
          child,
          List.of(byType.idColumn()),
          byType.parent(),
          List.of(byType.parentColumn()),
          byType.typeColumn(),
          byType.type());
    }
    throw new IllegalArgumentException(claim + " of table " + child + " is not a reference");
  }

  /** A condition: the child's row under {@code alias} points at the parent's under {@code to}. */
  public String leads(Schema schema, String alias, String to) {
    return schema.table(parent).isPointedAt(schema.table(child), alias, columns, to, parentColumns);
  }

  /** The pointing columns of the child's row under {@code alias}, as the parent's compare. */
  public String pointer(Schema schema, String alias) {
    return schema.table(parent).compared(schema.table(child), alias, columns, parentColumns);
  }

  /** A condition: the row of the child under {@code alias} points at some row of the parent. */
  public String isSet(String alias) {
    List<String> set =
        new ArrayList<>(
            columns.stream().map(c -> alias + '.' + Sql.name(c) + " IS NOT NULL").toList());
    if (!typeColumn.isEmpty()) {
      set.add(alias + '.' + Sql.name(typeColumn) + " = " + Sql.text(type));
    }
    return Sql.allOf(set);
  }

  @Override
  public String toString() {
    return child
        + '.'
        + String.join(", ", columns)
        + " -> "
        + parent
        + (typeColumn.isEmpty() ? "" : " where " + typeColumn + " = '" + type + "'");
  }
}
