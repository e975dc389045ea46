package dev.sevenfold.backup.error;

import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached, or failed on the way: a lost connection, a full disk, a missing
 * permission. Nothing is half-published; the operation may be tried again.
 */
public final class StoreUnavailable extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Says what happened, with the values, and what to do. */
  public StoreUnavailable(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public StoreUnavailable(String what, String advice, @Nullable Throwable cause) {
    super(what, advice, cause);
  }
}
