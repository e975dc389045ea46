package dev.sevenfold.backup.error;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached, or failed on the way: a lost connection, a full disk, a missing
 * permission. Nothing is half-published; the operation may be tried again, unless {@link
 * #published()}.
 */
public final class StoreUnavailable extends BackupException {

  private static final long serialVersionUID = 1L;

  private final boolean published;
  private final boolean full;

  /** Says what happened, with the values, and what to do. */
  public StoreUnavailable(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public StoreUnavailable(String what, String advice, @Nullable Throwable cause) {
    this(what, advice, cause, false, false);
  }

  /** One that has no room left. */
  public static StoreUnavailable full(String what, String advice, Throwable cause) {
    return new StoreUnavailable(what, advice, cause, false, true);
  }

  private StoreUnavailable(
      String what, String advice, @Nullable Throwable cause, boolean published, boolean full) {
    super(what, advice, cause);
    this.published = published;
    this.full = full;
  }

  /** The same, of a call that keeps the archive that it was to publish, though not everywhere. */
  public StoreUnavailable afterPublishing() {
    return new StoreUnavailable(what(), advice(), getCause(), true, full);
  }

  /** Whether it, or a replica of it, has no room left: as far as it says so. */
  public boolean isFull() {
    return full
        || (getCause() instanceof StoreUnavailable cause && cause.isFull())
        || Stream.of(getSuppressed())
            .anyMatch(other -> other instanceof StoreUnavailable store && store.isFull());
  }

  /** Whether the archive is kept and listed all the same: in the first replica of a mirror. */
  public boolean published() {
    return published;
  }
}
