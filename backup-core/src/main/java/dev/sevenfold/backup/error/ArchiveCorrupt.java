package dev.sevenfold.backup.error;

import org.jspecify.annotations.Nullable;

/**
 * An archive that is not what its manifest says: cut, flipped, forged, or no archive at all. Trying
 * again will not help; another archive may.
 */
public final class ArchiveCorrupt extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Says what happened, with the values, and what to do. */
  public ArchiveCorrupt(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public ArchiveCorrupt(String what, String advice, @Nullable Throwable cause) {
    super(what, advice, cause);
  }
}
