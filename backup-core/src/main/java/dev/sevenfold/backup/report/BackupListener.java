package dev.sevenfold.backup.report;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;

/**
 * Hears what happens. Every method does nothing by default; implement those of interest.
 *
 * <p>Called from the working thread, so it must return quickly, and from several threads at a time
 * if several tenants are worked on. An exception that it throws is logged and has no other effect:
 * no backup fails because of a listener.
 */
public interface BackupListener {

  /** A backup of the tenant begins. */
  default void backupStarted(TenantId tenant) {}

  /**
   * A piece of work is under way.
   *
   * @param tenant whose work
   * @param step what is being done, in a word or two
   * @param unit what is counted
   * @param done how many are done
   * @param total of how many
   */
  default void progressed(
      TenantId tenant, String step, Progress.Unit unit, long done, long total) {}

  /** A backup is published and verified, and retention was applied. */
  default void backupCompleted(BackupReport report) {}

  /** A backup failed; older ones are as they were. */
  default void backupFailed(TenantId tenant, BackupException failure) {}

  /** A restore begins; nothing was changed yet. */
  default void restoreStarted(TenantId tenant) {}

  /** A restore is committed. */
  default void restoreCompleted(RestoreReport report) {}

  /** A restore failed or was refused; the live data is as it was. */
  default void restoreFailed(TenantId tenant, BackupException failure) {}

  /**
   * A restore that was killed was completed or reverted, when the service started.
   *
   * @param what one sentence on what was found and done
   */
  default void recovered(String what) {}

  /**
   * A piece of work on the whole system, or on the rows of all tenants, is under way.
   *
   * @param step what is being done, in a word or two
   * @param unit what is counted
   * @param done how many are done
   * @param total of how many
   */
  default void systemProgressed(String step, Progress.Unit unit, long done, long total) {}

  /** A backup of the whole system is published and verified, and retention was applied. */
  default void systemBackupCompleted(SystemBackupReport report) {}

  /** A backup of the whole system failed; older ones are as they were. */
  default void systemBackupFailed(BackupException failure) {}

  /**
   * A check of {@code BackupHealth} found that a backup of a tenant, or of the system, is overdue.
   * Told once for each time that one becomes overdue, from the thread that checks.
   */
  default void backupOverdue(BackupStatus status) {}

  /**
   * A place of a mirror did not answer, and the work went on without it: a list was made of what
   * the others have, or what a restore replaced is kept in the others alone. Told once for each
   * time that lists begin to lack a place, and for each archive that is not everywhere.
   *
   * @param outage which place, and why
   */
  default void replicaUnavailable(StoreUnavailable outage) {}

  /**
   * An archive was verified, and there is something to know of it: a restore would be refused today
   * since the schema has changed or the connection lacks a function, what it holds was not as its
   * own schema has it, or that it is verified could not be recorded. Backups tell the same in their
   * report instead.
   *
   * @param label the archive
   * @param findings what was found, one sentence each
   */
  default void archiveFindings(Label label, List<String> findings) {}

  /**
   * A drill could not verify an archive: it went bad, or that is not known now.
   *
   * @param label the archive, which counts as not verified if it went bad, and as what it was if
   *     that is not known
   */
  default void drillFailed(Label label, BackupException failure) {}
}
