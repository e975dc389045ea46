package dev.sevenfold.backup.error;

import org.jspecify.annotations.Nullable;

/**
 * The database could not be read or written: locked for too long, unreadable, out of space. The
 * live data is as it was; try again when the cause is gone.
 */
public final class SourceUnavailable extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Says what happened, with the values, and what to do. */
  public SourceUnavailable(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public SourceUnavailable(String what, String advice, @Nullable Throwable cause) {
    super(what, advice, cause);
  }
}
