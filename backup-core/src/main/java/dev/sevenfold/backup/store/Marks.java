package dev.sevenfold.backup.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known about an archive beside its content, which never changes: whether it was proven,
 * and whether it is kept outside retention. Immutable.
 *
 * @param provenAt when it was last read back from this store, restored into scratch space and found
 *     equal to what was backed up; empty if never, or if the last attempt failed
 * @param pinned whether retention leaves it alone
 */
public record Marks(Optional<Instant> provenAt, boolean pinned) {

  /** Not proven, not pinned: the marks of an archive that was just published. */
  public static final Marks NONE = new Marks(Optional.empty(), false);

  /** Requires all parts. */
  public Marks {
    Objects.requireNonNull(provenAt, "provenAt");
  }

  /** Whether the archive was proven. */
  public boolean proven() {
    return provenAt.isPresent();
  }

  /** These marks, proven at {@code instant}. */
  public Marks withProvenAt(Instant instant) {
    return new Marks(Optional.of(instant), pinned);
  }

  /** These marks, not proven. */
  public Marks withoutProof() {
    return new Marks(Optional.empty(), pinned);
  }

  /** These marks, pinned or not. */
  public Marks withPinned(boolean value) {
    return new Marks(provenAt, value);
  }
}
