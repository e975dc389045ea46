package dev.sevenfold.backup.source;

import dev.sevenfold.backup.error.OperationFailed;
import java.util.Optional;

/**
 * A restore that is done. What is left: a safety archive of what was really replaced, if that is
 * not the one that was published; and, when the store says which archive takes the restore back,
 * {@link #settled}. Immutable; lives as long as the scratch folder.
 */
public interface AppliedRestore {

  /** What was executed. */
  RestorePlan plan();

  /**
   * Announces one more safety archive, where the tenant immediately before was not any more what
   * {@link AnnouncedRestore#before} says: the one that was published does not take this restore
   * back.
   *
   * @return the tenant as it was immediately before, up to the last row; empty if what was
   *     published is that
   * @throws OperationFailed if that could not be noted
   */
  Optional<TenantSnapshot> announceReplaced();

  /**
   * Ends the restore: the store says of its safety archives what became of it, and {@link
   * TenantLock#interrupted} need not have it any more.
   *
   * @throws OperationFailed if something could not be done any more after the commit, such as a
   *     file that could not be moved into its place: whoever takes the tenant's lock next does it
   */
  void settled();
}
