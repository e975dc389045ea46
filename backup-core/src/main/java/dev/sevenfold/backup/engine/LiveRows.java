package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of a live database. The answers are rows on the workbench: whoever asks has
 * them brought, and reads the live tables by the names that they have there.
 *
 * <p>An engine whose workbench is its own connection brings nothing, as all is there: the statement
 * that reads is the question, joined to its answer. Another one sends all questions of a list at
 * once, and puts what comes back into tables of these names. Use from one thread.
 */
public interface LiveRows {

  /** The workbench that all of this is for. */
  Session workbench();

  /**
   * The tables as they are now, and who owns them: resolved once for each version of the schema.
   */
  LiveModel model() throws SQLException;

  /** The key of a tenant, as its row has it; empty if there is no such row. */
  Optional<TenantKey> key(TenantId tenant) throws SQLException;

  /** The schema of the workbench that has the live tables. */
  String schema();

  /** A live table, as statements on the workbench name it. */
  String table(String name);

  /**
   * Has rows at hand that are going to be read: at least those that the questions are about. Rows
   * that nobody asked about may be missing, or there. What was brought stays until the rows may be
   * others: until {@link Snapshot#begin}, a {@link Change#lock} that says so, {@link
   * Change#lockAll}, {@link Change#write}.
   */
  void bring(List<Question> questions) throws SQLException;

  /**
   * The highest whole number that a column has, or has had as far as the database remembers; 0 if
   * there is none. Texts that are digits count.
   */
  long highest(String table, String column) throws SQLException;

  /**
   * How a table numbers new rows by itself, counting on from the {@link #highest} number; empty if
   * it does not. Known from its definition, without asking.
   */
  Optional<Numbering> numbering(Table table) throws SQLException;

  /**
   * How a table numbers new rows. Immutable.
   *
   * @param column the column that gets the numbers
   * @param last the highest number that leaves it enough to count on for good
   * @param stops whether nobody's rows can be inserted any more behind the very last number; else
   *     numbers are found that are free
   */
  record Numbering(String column, long last, boolean stops) {}
}
