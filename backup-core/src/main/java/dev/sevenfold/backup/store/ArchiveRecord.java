package dev.sevenfold.backup.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known about an archive beside its content, which never changes: whether it was proven,
 * whether it is kept outside retention, and the how-manieth of its owner it is. Immutable.
 *
 * @param verifiedAt when it was last read back from this store, restored into scratch space and
 *     found equal to what was backed up; empty if never, or if the last attempt failed
 * @param pinned whether retention leaves it alone
 * @param sequence the number of its publication among its owner's, 1 or more. Of an archive that
 *     was taken in this alone says it; of others it repeats the manifest, for when that cannot be
 *     read. Empty if nobody noted it
 */
public record ArchiveRecord(Optional<Instant> verifiedAt, boolean pinned, OptionalLong sequence) {

  /** Not proven, not pinned: the marks of an archive that was just published. */
  public static final ArchiveRecord NONE =
      new ArchiveRecord(Optional.empty(), false, OptionalLong.empty());

  /** Requires all parts. */
  public ArchiveRecord {
    Objects.requireNonNull(verifiedAt, "verifiedAt");
    if (sequence.isPresent() && sequence.getAsLong() < 1) {
      throw new IllegalArgumentException("There is no sequence " + sequence.getAsLong());
    }
  }

  /** Marks without a sequence. */
  public ArchiveRecord(Optional<Instant> verifiedAt, boolean pinned) {
    this(verifiedAt, pinned, OptionalLong.empty());
  }

  /** Whether the archive was proven. */
  public boolean verified() {
    return verifiedAt.isPresent();
  }

  /** These marks, proven at {@code instant}. */
  public ArchiveRecord withVerifiedAt(Instant instant) {
    return new ArchiveRecord(Optional.of(instant), pinned, sequence);
  }

  /** These marks, not proven. */
  public ArchiveRecord withoutVerification() {
    return new ArchiveRecord(Optional.empty(), pinned, sequence);
  }

  /** These marks, pinned or not. */
  public ArchiveRecord withPinned(boolean value) {
    return new ArchiveRecord(verifiedAt, value, sequence);
  }

  /** These marks, with this sequence, or none. */
  public ArchiveRecord withSequence(OptionalLong value) {
    return new ArchiveRecord(verifiedAt, pinned, value);
  }
}
