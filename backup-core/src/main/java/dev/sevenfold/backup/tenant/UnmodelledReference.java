package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.naming.Texts;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A column that its values, over the whole database, show to be a reference to another table, and
 * that the model does not have. Immutable.
 *
 * @param table the owned table that has the column
 * @param column the column
 * @param typeColumn the column beside it that says which table it points at; empty if it points at
 *     one
 * @param type what that column says for {@code parent}
 * @param parent the table that it points at
 * @param parentColumn the column there
 * @param distinct how many values differ
 * @param values how many there are, each counted once for each tenant that has it
 * @param found how many of these find a row of {@code parent}
 * @param own how many find one of the tenant that has the value
 * @param proven whether this is no coincidence; else it is only likely
 */
public record UnmodelledReference(
    String table,
    String column,
    String typeColumn,
    String type,
    String parent,
    String parentColumn,
    long distinct,
    long values,
    long found,
    long own,
    boolean proven) {

  /** Requires the names. */
  public UnmodelledReference {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(typeColumn, "typeColumn");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(parentColumn, "parentColumn");
  }

  /** What the values show, for people: {@code 1,204 of 1,204 values found, all in …}. */
  public String evidence() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d values found, %s in the row's own tenant",
        found,
        values,
        own == found ? "all" : String.format(Locale.ROOT, "%,d", own));
  }

  /** How the model says that it is one, in YAML, and how it says that it is none. */
  public String settledBy() {
    String line =
        typeColumn.isEmpty()
            ? "references: {%s: %s}"
                .formatted(Texts.yaml(column), Texts.yaml(parent + '.' + parentColumn))
            : "polymorphic: {type: %s, id: %s, targets: {%s}}"
                .formatted(
                    Texts.yaml(typeColumn), Texts.yaml(column), Texts.yaml(Map.of(type, parent)));
    return "{table: %s, %s}, or not_references: [%s]"
        .formatted(Texts.yaml(table), line, Texts.yaml(table + '.' + column));
  }

  @Override
  public String toString() {
    return "%s.%s -> %s(%s)%s: %s"
        .formatted(
            table,
            column,
            parent,
            parentColumn,
            typeColumn.isEmpty() ? "" : " where " + typeColumn + " = '" + type + "'",
            evidence());
  }
}
