package dev.sevenfold.backup.source;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import java.nio.file.Path;

/**
 * A restore that is worked out and not yet begun. A preview reads its {@link #plan}; whoever
 * executes it goes on from here: {@link #announce}, publish a safety archive, {@link
 * AnnouncedRestore#apply}. Immutable; lives as long as the scratch folder that it was worked out
 * in.
 */
public interface PlannedRestore {

  /** What would be done. */
  RestorePlan plan();

  /**
   * The archive's rows in the shape of today and after the host's rules, as they would be restored:
   * a SQLite database in the scratch folder, with the tables that the archive has.
   */
  Path archived();

  /**
   * The identity of what would be written. Worked out when it is asked for, before anything is
   * applied.
   *
   * @throws SourceUnavailable if the scratch folder cannot be read
   */
  PlanDigest digest();

  /**
   * Makes sure that nothing stands in the way, and that this is the plan that {@link
   * RestoreOptions#exactly()} names, if it names one.
   *
   * @throws RestoreRefused if something does, or it is another, with what differs; nothing was
   *     changed
   * @throws SourceUnavailable if the scratch folder cannot be read
   */
  void requireExecutable();

  /**
   * Tells that a safety archive of this restore is about to be published. From now on {@link
   * TenantLock#interrupted} has the restore, for whoever comes after a kill too, until it is {@link
   * AppliedRestore#settled}.
   *
   * @throws RestoreRefused if something stands in the way; nothing was changed
   * @throws OperationFailed if that could not be noted; nothing was changed
   */
  AnnouncedRestore announce();
}
