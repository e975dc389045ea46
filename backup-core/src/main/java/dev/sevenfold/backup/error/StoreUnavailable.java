package dev.sevenfold.backup.error;

import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached, or failed on the way: a lost connection, a full disk, a missing
 * permission. Nothing is half-published; the operation may be tried again, unless {@link
 * #published()}.
 */
public final class StoreUnavailable extends BackupException {

  private static final long serialVersionUID = 1L;

  private final boolean published;

  /** Says what happened, with the values, and what to do. */
  public StoreUnavailable(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public StoreUnavailable(String what, String advice, @Nullable Throwable cause) {
    this(what, advice, cause, false);
  }

  private StoreUnavailable(
      String what, String advice, @Nullable Throwable cause, boolean published) {
    super(what, advice, cause);
    this.published = published;
  }

  /** The same, of a call that keeps the archive that it was to publish, though not everywhere. */
  public StoreUnavailable afterPublishing() {
    return new StoreUnavailable(what(), advice(), getCause(), true);
  }

  /** Whether the archive is kept and listed all the same: in the first replica of a mirror. */
  public boolean published() {
    return published;
  }
}
