package dev.sevenfold.backup.error;

import org.jspecify.annotations.Nullable;

/**
 * An operation failed on the way for a reason outside the database and the store: a full disk, a
 * missing permission, an interrupt. The live data is as it was, unless the message says otherwise.
 */
public final class OperationFailed extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Says what happened, with the values, and what to do. */
  public OperationFailed(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public OperationFailed(String what, String advice, @Nullable Throwable cause) {
    super(what, advice, cause);
  }
}
