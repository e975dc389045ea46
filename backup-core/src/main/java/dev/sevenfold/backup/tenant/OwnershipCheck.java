package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.naming.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

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

  /** How many tables a sentence names. */
  private static final int NAMED = 5;

  /**
   * The rows of one table.
   *
   * @param table the table
   * @param rows how many it has
   * @param owned how many belong to exactly one tenant
   * @param nobodys how many lead to no tenant: they are in no archive
   * @param several how many belong to several tenants, and are in the archives of all of them; also
   *     those that belong to a tenant and lead to one that does not exist
   * @param everybodys how many the model declares everybody's, or lead to nothing but such rows:
   *     they are in no archive, and no restore writes them
   * @param allowed whether the model says that rows of this table may be nobody's; never of the
   *     root
   * @param findings which rows are not exactly one tenant's, by kind; the cause before what follows
   *     from it
   */
  public record TableRows(
      String table,
      long rows,
      long owned,
      long nobodys,
      long several,
      long everybodys,
      boolean allowed,
      List<Finding> findings) {
    /** Requires the table and copies the list. */
    public TableRows {
      Objects.requireNonNull(table, "table");
      findings = List.copyOf(findings);
    }

    /** Those that are not as the model says. */
    public List<Finding> faults() {
      return findings.stream()
          .filter(
              finding ->
                  switch (finding.kind()) {
                    case DOUBTFUL, UNNAMED -> true;
                    case NOBODYS -> !allowed;
                    case SEVERAL, KEPT, CROSSING -> false;
                  })
          .toList();
    }

    /** How the model says, in YAML, that rows of this table may be nobody's. */
    public String allowedBy() {
      return "nobodys: {" + Texts.yaml(table) + ": allowed}";
    }

    /** Whether nothing of this table is left out, or in doubt, without the model saying so. */
    public boolean isComplete() {
      return lost() == 0 && doubtful() == 0;
    }

    /** How many rows are nobody's, where the model does not allow it. */
    public long lost() {
      return allowed ? 0 : nobodys;
    }

    /** How many rows are in doubt, so that backups are refused. */
    public long doubtful() {
      return findings.stream().filter(Finding::doubtful).mapToLong(Finding::rows).sum();
    }
  }

  /**
   * Rows of one table that are not exactly one tenant's, for one reason.
   *
   * @param why the reason, for people: {@code account_id names no tenant}
   * @param rows how many
   * @param kind whose they are
   * @param samples the keys of the first of them
   */
  public record Finding(String why, long rows, Kind kind, List<String> samples) {
    /** Whose rows are that are not exactly one tenant's. */
    public enum Kind {
      /** Nobody's: they are in no archive. */
      NOBODYS,
      /**
       * Rows of the root whose key is null or empty: tenants whom no id can name, and who are in no
       * archive, whatever the model allows.
       */
      UNNAMED,
      /** Several tenants', who use them together: they are in the archives of all of them. */
      SEVERAL,
      /**
       * A tenant's by a guess that references of others prove wrong: they are in its archive, and
       * no restore writes them. Counted beside whose they are by that guess.
       */
      KEPT,
      /**
       * A tenant's without a doubt, with a reference to another tenant's row: backups warn of it.
       * Counted beside whose they are, for each reference; not counted for backups.
       */
      CROSSING,
      /**
       * They lead to several tenants in a way that stops the backups of these, or are of a type
       * that the model does not know, and could be a tenant's.
       */
      DOUBTFUL
    }

    /** Requires the reason and the kind and copies the list. */
    public Finding {
      Objects.requireNonNull(why, "why");
      Objects.requireNonNull(kind, "kind");
      samples = List.copyOf(samples);
    }

    /** Whether the backups of the tenants concerned are refused for it. */
    public boolean doubtful() {
      return kind == Kind.DOUBTFUL;
    }
  }

  /**
   * What a backup says of the last check. Immutable.
   *
   * @param at the instant of the rows that were counted
   * @param rows how many rows all owned tables had
   * @param tables those with rows that are not as the model says, the worst first; empty if there
   *     are none
   */
  public record Figure(Instant at, long rows, List<Wrong> tables) {
    /** Requires the instant and copies the list. */
    public Figure {
      Objects.requireNonNull(at, "at");
      tables = List.copyOf(tables);
    }

    /** How many rows are nobody's, without the model allowing it: they are in no archive. */
    public long nobodys() {
      return tables.stream().mapToLong(Wrong::nobodys).sum();
    }

    /** How many rows are in doubt, so that backups are refused. */
    public long doubtful() {
      return tables.stream().mapToLong(Wrong::doubtful).sum();
    }

    /** Whether each row is exactly one tenant's, or what else the model allows. */
    public boolean isComplete() {
      return tables.isEmpty();
    }

    /** One sentence for people; names tables and no tenant. */
    @Override
    public String toString() {
      List<String> wrong = new ArrayList<>();
      if (nobodys() > 0) {
        wrong.add(some(Wrong::nobodys, "is nobody's", "are nobody's") + " and in no backup");
      }
      if (doubtful() > 0) {
        wrong.add(
            some(Wrong::doubtful, "is in doubt", "are in doubt")
                + ", for which backups are refused");
      }
      return "As of "
          + at
          + ", "
          + (wrong.isEmpty()
              ? "each of " + rows + " rows is as the tenant model says"
              : String.join("; ", wrong));
    }

    private String some(ToLongFunction<Wrong> count, String one, String many) {
      List<Wrong> some = tables.stream().filter(table -> count.applyAsLong(table) > 0).toList();
      long sum = some.stream().mapToLong(count).sum();
      String worst =
          some.stream()
              .sorted(Comparator.comparingLong(table -> -count.applyAsLong(table)))
              .limit(NAMED)
              .map(table -> table.table() + ' ' + count.applyAsLong(table))
              .collect(Collectors.joining(", "));
      return "%d %s of %d %s (%s%s) %s"
          .formatted(
              sum,
              sum == 1 ? "row" : "rows",
              some.size(),
              some.size() == 1 ? "table" : "tables",
              worst,
              some.size() > NAMED ? ", …" : "",
              sum == 1 ? one : many);
    }
  }

  /**
   * A table with rows that are not as the model says.
   *
   * @param table the table
   * @param nobodys how many of its rows are nobody's
   * @param doubtful how many are in doubt, so that backups are refused
   */
  public record Wrong(String table, long nobodys, long doubtful) {
    /** Requires the table. */
    public Wrong {
      Objects.requireNonNull(table, "table");
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

  /** The numbers of this check. */
  public Figure figure() {
    return new Figure(
        at,
        tables.stream().mapToLong(TableRows::rows).sum(),
        tables.stream()
            .filter(table -> !table.isComplete())
            .map(table -> new Wrong(table.table(), table.lost(), table.doubtful()))
            .sorted(Comparator.comparingLong(wrong -> -wrong.nobodys() - wrong.doubtful()))
            .toList());
  }
}
