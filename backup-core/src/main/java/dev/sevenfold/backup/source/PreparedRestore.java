package dev.sevenfold.backup.source;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import java.time.Instant;

/**
 * A restore that is worked out and not yet done. {@link #apply} executes the {@link #plan}; a
 * preview only reads it. Use from one thread; close it to let its scratch space go.
 */
public interface PreparedRestore extends AutoCloseable {

  /** What would be done. */
  RestorePlan plan();

  /**
   * The target tenant as it was when the plan was made: what a safety archive is made of. Lives as
   * long as this.
   */
  TenantSnapshot before();

  /**
   * Tells that a safety archive of a snapshot of this restore is about to be published. From now on
   * {@link TenantLock#interrupted} has the restore, for whoever comes after a kill too, until it is
   * {@link TenantLock#settled}. Called before {@link #apply}; and once more after it, if what was
   * replaced is not what was announced.
   *
   * @param capturedAt the instant of the snapshot, which is how the archive is known
   * @throws OperationFailed if that could not be noted; nothing was changed
   */
  default void announceSafety(Instant capturedAt) {}

  /**
   * Executes the plan in one transaction, proves the outcome and commits. If the tenant's rows have
   * changed since they were read, they are read again, and the plan is made again.
   *
   * <p>When it throws, nothing was changed: what fails after the commit is part of the result. One
   * {@link OperationFailed} says that this is not known; then {@link TenantLock#interrupted} finds
   * out.
   *
   * @throws RestoreRefused if something stands in the way; nothing was changed
   * @throws SourceUnavailable if the database cannot be written; nothing was changed
   */
  AppliedRestore apply(Progress progress);

  @Override
  void close();
}
