package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.tenant.Claim;
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
