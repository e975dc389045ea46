package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.source.Progress;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * A change of live rows. What can be asked without the lock is asked before it, by the same
 * questions, so that the lock stays short. Rolled back unless it is committed. Use from one thread.
 *
 * <pre>
 * begin, current, every question  →  lock  →  the same anew, if the lock says so  →  write  →  mark
 *     →  commit
 * lockAll, every question  →  write  →  mark  →  commit
 * </pre>
 */
public interface Change extends Snapshot {

  /** Whether the tenant's rows are those that were copied, in tables that mean the same. */
  boolean current(Copy copied, List<Table> returning) throws SQLException;

  /**
   * Keeps everybody else from changing the rows that are going to be written, and from giving
   * others what they must have alone. What the plan was made of was looked at since {@link #begin}.
   *
   * @param planned what is going to be written, if nobody has come in between
   * @return whether all is still as it was looked at. Else the lock is that of {@link #lockAll},
   *     and all must be asked anew: other rows may have to be written by now
   */
  boolean lock(Writes planned) throws SQLException;

  /** Keeps everybody else from writing anything that a restore could depend on. */
  void lockAll() throws SQLException;

  /**
   * Writes what differs, with all that the host would do to it switched off, and reads it back.
   *
   * @return for tables whose inserted rows have keys that the stage does not know, a select of
   *     these
   */
  Map<String, String> write(Writes writes, Progress progress) throws SQLException;

  /** Leaves a mark that is there if, and only if, this is committed. */
  void mark(String marker) throws SQLException;

  /** Commits. Throws although it was done, if the answer was lost: then the mark tells. */
  void commit() throws SQLException;

  /** Whether the change that left a mark was committed. */
  boolean isMarked(String marker) throws SQLException;

  /** Removes a mark, if it is there. */
  void unmark(String marker) throws SQLException;
}
