package dev.sevenfold.backup.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known about an archive beside its content, which never changes: whether it was proven,
 * whether it is kept outside retention, and the how-manieth of its owner it is. Immutable.
 *
 * @param provenAt when it was last read back from this store, restored into scratch space and found
 *     equal to what was backed up; empty if never, or if the last attempt failed
 * @param pinned whether retention leaves it alone
 * @param sequence the number of its publication among its owner's, 1 or more. Of an archive that
 *     was taken in this alone says it; of others it repeats the manifest, for when that cannot be
 *     read. Empty if nobody noted it
 */
public record Marks(Optional<Instant> provenAt, boolean pinned, OptionalLong sequence) {

  /** Not proven, not pinned: the marks of an archive that was just published. */
  public static final Marks NONE = new Marks(Optional.empty(), false, OptionalLong.empty());

  /** Requires all parts. */
  public Marks {
    Objects.requireNonNull(provenAt, "provenAt");
    if (sequence.isPresent() && sequence.getAsLong() < 1) {
      throw new IllegalArgumentException("There is no sequence " + sequence.getAsLong());
    }
  }

  /** Marks without a sequence. */
  public Marks(Optional<Instant> provenAt, boolean pinned) {
    this(provenAt, pinned, OptionalLong.empty());
  }

  /** Whether the archive was proven. */
  public boolean proven() {
    return provenAt.isPresent();
  }

  /** These marks, proven at {@code instant}. */
  public Marks withProvenAt(Instant instant) {
    return new Marks(Optional.of(instant), pinned, sequence);
  }

  /** These marks, not proven. */
  public Marks withoutProof() {
    return new Marks(Optional.empty(), pinned, sequence);
  }

  /** These marks, pinned or not. */
  public Marks withPinned(boolean value) {
    return new Marks(provenAt, value, sequence);
  }

  /** These marks, with this sequence, or none. */
  public Marks withSequence(OptionalLong value) {
    return new Marks(provenAt, pinned, value);
  }
}
