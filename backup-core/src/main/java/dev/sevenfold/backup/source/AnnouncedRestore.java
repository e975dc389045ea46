package dev.sevenfold.backup.source;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;

/**
 * A restore that is worked out, and of which whoever comes after a kill knows. The only one that
 * can be applied. Immutable; use from one thread.
 */
public interface AnnouncedRestore {

  /**
   * The target tenant as it was when the plan was made: the safety archive of it is published
   * before anything is applied. Lives as long as the scratch folder.
   */
  TenantSnapshot before();

  /**
   * Executes the plan in one transaction, verifies the outcome and commits. If the tenant's rows
   * have changed since they were read, they are read again, and the plan is made again.
   *
   * <p>When it throws, nothing was changed: what fails after the commit is part of the result. One
   * {@link OperationFailed} says that this is not known; then {@link TenantLock#interrupted} finds
   * out.
   *
   * @throws RestoreRefused if something stands in the way; nothing was changed
   * @throws SourceUnavailable if the database cannot be written; nothing was changed
   */
  AppliedRestore apply(Progress progress);
}
