package dev.sevenfold.backup.error;

import org.jspecify.annotations.Nullable;

/** Another archive already has this label. Nothing was written; choose another label. */
public final class LabelTaken extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Says what happened, with the values, and what to do. */
  public LabelTaken(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public LabelTaken(String what, String advice, @Nullable Throwable cause) {
    super(what, advice, cause);
  }
}
