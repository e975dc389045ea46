package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.Table;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a restore writes: all of it stands in {@link Workbench#PLAN} and {@link Workbench#STAGE}.
 * Immutable.
 *
 * @param rows the tenant's rows, table by table
 * @param actions what the host's foreign keys do to rows of others, in the order to be done
 * @param tables the tables that are written to, in lower case
 * @param unchecked tables whose archived rows break a CHECK, and are restored all the same
 */
public record Writes(
    List<? extends PlannedRows> rows,
    List<Action> actions,
    Set<String> tables,
    Set<String> unchecked) {

  /**
   * A declared action, on rows outside of the tenant.
   *
   * @param child their table
   * @param key the foreign key; null where the rows go
   * @param action {@code SET NULL} or {@code SET DEFAULT}; {@code CASCADE} where they go, or where
   *     the value that they point at changes
   * @param set their keys
   */
  public record Action(Table child, Table.@Nullable ForeignKey key, String action, String set) {

    /** Whether the rows keep pointing at the same row, by a value that changes. */
    public boolean follows() {
      return key != null && action.equals("CASCADE");
    }

    /** The action, for people. */
    public String effect() {
      return key == null ? "ON DELETE CASCADE" : follows() ? "ON UPDATE CASCADE" : action;
    }

    /** What a column of the foreign key is set to, as SQL, where it is not followed. */
    public String valueOf(String column) {
      Table.Column of = child.column(column);
      return action.equals("SET NULL") || of.isNullByDefault()
          ? "NULL"
          : '(' + of.byDefault() + ')';
    }
  }

  public Writes {
    rows = List.copyOf(rows);
    actions = List.copyOf(actions);
    tables = Set.copyOf(tables);
    unchecked = Set.copyOf(unchecked);
  }
}
