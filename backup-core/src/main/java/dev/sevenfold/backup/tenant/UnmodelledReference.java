package dev.sevenfold.backup.tenant;

import java.util.Locale;
import java.util.Objects;

/**
 * A column that its values, over the whole database, show to be a reference to another table, and
 * that the model does not have. Immutable.
 *
 * @param table the owned table that has the column
 * @param column the column
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
    return "{table: %1$s, references: {%2$s: %3$s.%4$s}}, or not_references: [%1$s.%2$s]"
        .formatted(table, column, parent, parentColumn);
  }

  @Override
  public String toString() {
    return "%s.%s -> %s(%s): %s".formatted(table, column, parent, parentColumn, evidence());
  }
}
