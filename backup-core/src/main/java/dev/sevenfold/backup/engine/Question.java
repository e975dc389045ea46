package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.SqliteTable;
import java.util.List;

/**
 * Which rows of a live table are asked about: those that have, in some columns, what the workbench
 * says. Whether two values are the same is for the reading statement to decide, by the affinity and
 * the collation of the columns; an engine that cannot compare like that brings more. Immutable.
 *
 * @param about what is asked
 * @param table the live table
 * @param columns columns of it
 * @param values selects what they have, on the workbench: as many columns, nulls to be left out
 */
public record Question(About about, SqliteTable table, List<String> columns, String values) {

  /** What rows are asked about. */
  public enum About {
    /** Those that have the values: what is taken, what exists, what points at a row. */
    HOLDING,
    /**
     * Those that have the values; all that they lead to by the model's claims, up to the rows that
     * have a tenant's key; and the rows of these tenants.
     */
    LEADING,
    /** Those whose texts, one behind the other, end with one of the values, whatever the case. */
    ENDING
  }

  public Question {
    columns = List.copyOf(columns);
  }

  /** The rows that have the values. */
  public static Question holding(SqliteTable table, List<String> columns, String values) {
    return new Question(About.HOLDING, table, columns, values);
  }

  /** The rows that have the values, and all that says whose they are. */
  public static Question leading(SqliteTable table, List<String> columns, String values) {
    return new Question(About.LEADING, table, columns, values);
  }
}
