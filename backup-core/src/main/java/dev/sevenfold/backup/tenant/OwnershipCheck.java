package dev.sevenfold.backup.tenant;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Whose every row of every owned table was at one instant, counted. Immutable.
 *
 * @param at the instant of the rows that were counted
 * @param tables the owned tables, in the order of their names
 * @param unmodelled columns that prove to be references, or are likely to be, and that the model
 *     does not have
 */
public record OwnershipCheck(
    Instant at, List<TableRows> tables, List<UnmodelledReference> unmodelled) {

  /**
   * The rows of one table.
   *
   * @param table the table
   * @param rows how many it has
   * @param owned how many belong to exactly one tenant
   * @param nobodys how many lead to no tenant: they are in no archive
   * @param several how many belong to several tenants, and are in the archives of all of them
   * @param allowed whether the model says that rows of this table may be nobody's
   * @param findings which rows are not exactly one tenant's, by kind; the cause before what follows
   *     from it
   */
  public record TableRows(
      String table,
      long rows,
      long owned,
      long nobodys,
      long several,
      boolean allowed,
      List<Finding> findings) {
    /** Requires the table and copies the list. */
    public TableRows {
      Objects.requireNonNull(table, "table");
      findings = List.copyOf(findings);
    }

    /** Whether nothing of this table is left out, or in doubt, without the model saying so. */
    public boolean isComplete() {
      return (nobodys == 0 || allowed) && findings.stream().noneMatch(Finding::doubtful);
    }
  }

  /**
   * Rows of one table that are not exactly one tenant's, for one reason.
   *
   * @param why the reason, for people: {@code account_id names no tenant}
   * @param rows how many
   * @param doubtful whether they lead to several tenants in a way that stops the backups of these;
   *     else they are nobody's, or used by several
   * @param samples the keys of the first of them
   */
  public record Finding(String why, long rows, boolean doubtful, List<String> samples) {
    /** Requires the reason and copies the list. */
    public Finding {
      Objects.requireNonNull(why, "why");
      samples = List.copyOf(samples);
    }
  }

  /** Requires the instant and copies the lists. */
  public OwnershipCheck {
    Objects.requireNonNull(at, "at");
    tables = List.copyOf(tables);
    unmodelled = List.copyOf(unmodelled);
  }

  /** Whether each row is exactly one tenant's, or what else the model allows. */
  public boolean isComplete() {
    return tables.stream().allMatch(TableRows::isComplete);
  }

  /** How many rows are nobody's, in tables where the model does not allow it. */
  public long lost() {
    return tables.stream().filter(table -> !table.allowed()).mapToLong(TableRows::nobodys).sum();
  }
}
