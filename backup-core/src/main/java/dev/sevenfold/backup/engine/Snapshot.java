package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.source.Progress;
import java.sql.SQLException;
import java.util.List;

/**
 * Live rows as they are at one instant. One snapshot can serve many tenants. Use from one thread.
 */
public interface Snapshot extends LiveRows {

  /**
   * Whether who writes waits for whoever has a snapshot: then it is held for copying a tenant's
   * rows and no longer, and never while a restore is thought out.
   */
  boolean stopsWriters() throws SQLException;

  /** Whether one is held: {@link #begin} or a lock has taken it, and nothing has ended it. */
  boolean isHeld();

  /** Has all that is read from now on be of one instant, until {@link #end}. */
  void begin() throws SQLException;

  /** Lets the snapshot go. */
  void end() throws SQLException;

  /**
   * Copies a tenant's rows into {@link Workbench#COPY}, as of the snapshot that is held.
   *
   * @param returning the staged tables of rows that a restore brings back; none for a backup. Rows
   *     that are nobody's and will be the tenant's with them are copied too; those that are
   *     somebody else's are noted in {@link Workbench#WORK}
   */
  Copy copy(TenantKey key, List<Table> returning, Progress progress) throws SQLException;

  /**
   * Makes sure that each copied row is the tenant's by the values that were copied. Needs no
   * snapshot.
   *
   * @throws dev.sevenfold.backup.error.BackupRefused if the live database has found others
   */
  void verify(Copy copied, List<Table> returning) throws SQLException;
}
