package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.Table;
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
public record Question(About about, Table table, List<String> columns, String values) {

  /** What rows are asked about. */
  public enum About {
    /** Those that have the values: what is taken, what exists, what points at a row. */
    HOLDING,
    /**
     * Those that have the values; all that they lead to by the model's claims, up to the rows that
     * have a tenant's key; and the rows of these tenants.
     */
    LEADING,
    /** All of them. */
    ALL,
    /** Those that have none of the values, and not nothing. */
    LACKING,
    /** One of those that have not nothing, to see how it is held. */
    ANY,
    /**
     * Those that a unique index, whose name stands for columns, does not let be there beside staged
     * rows of the table: the values are these rows' keys.
     */
    TAKEN,
    /**
     * Those that name a file by these columns, as the model's set of files says, of which the last
     * characters are one of the values, whatever the case.
     */
    NAMING
  }

  public Question {
    columns = List.copyOf(columns);
  }

  /** The rows that have the values. */
  public static Question holding(Table table, List<String> columns, String values) {
    return new Question(About.HOLDING, table, columns, values);
  }

  /** Every row. */
  public static Question all(Table table) {
    return new Question(About.ALL, table, List.of(), "SELECT 1 WHERE 0");
  }

  /** Any row that has something in a column. */
  public static Question any(Table table, String column) {
    return new Question(About.ANY, table, List.of(column), "SELECT 1 WHERE 0");
  }

  /** The rows that have none of the values, and not nothing. */
  public static Question lacking(Table table, List<String> columns, String values) {
    return new Question(About.LACKING, table, columns, values);
  }

  /** The rows in the way of staged ones, by a unique index. */
  public static Question taken(Table table, Table.Unique unique, String keys) {
    return new Question(About.TAKEN, table, List.of(unique.index()), keys);
  }

  /** The rows that have the values, and all that says whose they are. */
  public static Question leading(Table table, List<String> columns, String values) {
    return new Question(About.LEADING, table, columns, values);
  }
}
