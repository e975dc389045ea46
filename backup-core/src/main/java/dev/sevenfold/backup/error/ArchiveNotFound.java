package dev.sevenfold.backup.error;

import org.jspecify.annotations.Nullable;

/** No archive has this label. List the restore points to see those that there are. */
public final class ArchiveNotFound extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Says what happened, with the values, and what to do. */
  public ArchiveNotFound(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public ArchiveNotFound(String what, String advice, @Nullable Throwable cause) {
    super(what, advice, cause);
  }
}
