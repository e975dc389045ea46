package dev.sevenfold.backup.tenant;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the host wants to be different from the archive after every restore. Immutable.
 *
 * @param emptied tables whose rows are not brought back
 * @param resets columns that are set to a value in every restored row
 * @param erasures people who asked to be forgotten
 * @param rewriters columns that hold ids in a form of their own
 * @param fileKeys columns that name files, and get a new value when rows get new ids
 * @param replacements columns that get another value where theirs belongs to another row by now
 * @param deletedIgnored ignored tables whose rows go with the rows that they point at
 * @param rebuilds what the application derives from rows, and has to make anew
 */
public record RestoreRules(
    List<String> emptied,
    List<Reset> resets,
    List<Erasure> erasures,
    List<ColumnRule<IdRewriter>> rewriters,
    List<ColumnRule<Supplier<String>>> fileKeys,
    List<ColumnRule<Replacement>> replacements,
    List<String> deletedIgnored,
    List<Rebuild> rebuilds) {

  /**
   * A column that is set in every restored row.
   *
   * @param value a {@link Long}, a {@link Double}, a {@link String}, a {@code byte[]} or null
   */
  public record Reset(String table, String column, @Nullable Object value) {
    /** Requires the names. */
    public Reset {
      Objects.requireNonNull(table, "table");
      Objects.requireNonNull(column, "column");
    }
  }

  /**
   * Rows that every restore removes again: those whose {@code column} is found in the ledger.
   *
   * @param ledger a live table that is shared or ignored, so that no restore takes it back
   * @param ledgerColumn the column there that holds the keys
   * @param table the owned table
   * @param column the column there that is compared
   */
  public record Erasure(String ledger, String ledgerColumn, String table, String column) {
    /** Requires all parts. */
    public Erasure {
      Objects.requireNonNull(ledger, "ledger");
      Objects.requireNonNull(ledgerColumn, "ledgerColumn");
      Objects.requireNonNull(table, "table");
      Objects.requireNonNull(column, "column");
    }
  }

  /**
   * A column, and what gives it another value where it needs one.
   *
   * @param with the host's rewriter, its maker of file names, or its replacement
   */
  public record ColumnRule<T>(String table, String column, T with) {
    /** Requires all parts. */
    public ColumnRule {
      Objects.requireNonNull(table, "table");
      Objects.requireNonNull(column, "column");
      Objects.requireNonNull(with, "with");
    }
  }

  /**
   * What the application keeps by itself of rows, outside of what a restore writes.
   *
   * @param what its name: a table of counters, a search index
   * @param tables the owned tables that it is made of
   */
  public record Rebuild(String what, List<String> tables) {
    /** Requires the name and copies the list. */
    public Rebuild {
      Objects.requireNonNull(what, "what");
      tables = List.copyOf(tables);
    }
  }

  /** Nothing is different. */
  public static final RestoreRules NONE =
      new RestoreRules(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /** Copies the lists. */
  public RestoreRules {
    emptied = List.copyOf(emptied);
    resets = List.copyOf(resets);
    erasures = List.copyOf(erasures);
    rewriters = List.copyOf(rewriters);
    fileKeys = List.copyOf(fileKeys);
    replacements = List.copyOf(replacements);
    deletedIgnored = List.copyOf(deletedIgnored);
    rebuilds = List.copyOf(rebuilds);
  }

  /** Rules on their way into a model. Use from one thread. */
  static final class Collected {
    final List<String> emptied = new ArrayList<>();
    final List<Reset> resets = new ArrayList<>();
    final List<Erasure> erasures = new ArrayList<>();
    final List<ColumnRule<IdRewriter>> rewriters = new ArrayList<>();
    final List<ColumnRule<Supplier<String>>> fileKeys = new ArrayList<>();
    final List<ColumnRule<Replacement>> replacements = new ArrayList<>();
    final List<String> deletedIgnored = new ArrayList<>();
    final List<Rebuild> rebuilds = new ArrayList<>();

    void addAll(RestoreRules rules) {
      emptied.addAll(rules.emptied);
      resets.addAll(rules.resets);
      erasures.addAll(rules.erasures);
      rewriters.addAll(rules.rewriters);
      fileKeys.addAll(rules.fileKeys);
      replacements.addAll(rules.replacements);
      deletedIgnored.addAll(rules.deletedIgnored);
      rebuilds.addAll(rules.rebuilds);
    }

    RestoreRules rules() {
      return new RestoreRules(
          emptied, resets, erasures, rewriters, fileKeys, replacements, deletedIgnored, rebuilds);
    }
  }
}
