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
 * </pre>
 */
public interface Change extends Snapshot {

  /** Whether the tenant's rows are those that were copied, in tables that mean the same. */
  boolean current(Copy copied, List<Table> returning) throws SQLException;

  /**
   * Keeps everybody else from writing.
   *
   * @return whether nobody has written since {@link #begin}; else all must be asked anew
   */
  boolean lock() throws SQLException;

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
