package dev.sevenfold.backup.error;

import org.jspecify.annotations.Nullable;

/**
 * An archive that cannot be read as this service is set up, and may well be sound: its key is not
 * given here, it is not signed though signatures are required, or a newer version wrote it. Set up
 * otherwise, it can be read.
 */
public final class ArchiveNotReadable extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Says what happened, with the values, and what to do. */
  public ArchiveNotReadable(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public ArchiveNotReadable(String what, String advice, @Nullable Throwable cause) {
    super(what, advice, cause);
  }
}
