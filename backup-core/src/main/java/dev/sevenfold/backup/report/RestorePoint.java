package dev.sevenfold.backup.report;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An archive as its owner sees it, a tenant or the operator of the system: an instant to go back
 * to. Immutable.
 *
 * @param label the name to restore it by
 * @param owner whose rows it holds, as the archive itself says: a tenant's, or the whole system's
 * @param capturedAt the instant it restores to
 * @param sizeBytes its length in the store
 * @param verified whether it was read back, restored into scratch space and found equal
 * @param pinned whether retention leaves it alone
 * @param hold of one that is pinned, why nobody may delete it, if nobody may
 * @param digest which archive it is, whatever its label
 * @param lack how much it lacks of what it should hold
 * @param sequence the number of its publication among its owner's: which is newer, whatever the
 *     clock said. Empty for those that are older than this: they come before all that have one
 */
public record RestorePoint(
    Label label,
    ArchiveOwner owner,
    Instant capturedAt,
    long sizeBytes,
    boolean verified,
    boolean pinned,
    Optional<String> hold,
    ArchiveDigest digest,
    Lack lack,
    OptionalLong sequence) {

  // Two that were published at a time, by processes that knew nothing of each other, may have one
  // number: then it is the instant that tells, and the label makes the order the same for all.
  private static final Comparator<RestorePoint> BY_PUBLICATION =
      Comparator.<RestorePoint>comparingLong(point -> point.sequence.orElse(0))
          .thenComparing(RestorePoint::capturedAt)
          .thenComparing(RestorePoint::label);

  private static final Comparator<RestorePoint> BY_INSTANT =
      Comparator.comparing(RestorePoint::capturedAt).thenComparing(RestorePoint::label);

  /** Requires all parts, and one owner. */
  public RestorePoint {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(hold, "hold");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(lack, "lack");
    Objects.requireNonNull(sequence, "sequence");
    if (owner.equals(ArchiveOwner.anyone())) {
      throw new IllegalArgumentException("The archive " + label + " has one owner, not any");
    }
  }

  /** The same, known to be verified. */
  public RestorePoint asVerified() {
    return new RestorePoint(
        label, owner, capturedAt, sizeBytes, true, pinned, hold, digest, lack, sequence);
  }

  /** The order in which an owner's archives were published, the first first. */
  public static Comparator<RestorePoint> byPublication() {
    return BY_PUBLICATION;
  }

  /** The order of the instants that people see, the earliest first. */
  public static Comparator<RestorePoint> byInstant() {
    return BY_INSTANT;
  }

  /** The tenant whose rows it holds; empty for a backup of the whole system. */
  public Optional<TenantId> tenant() {
    return owner.tenant();
  }

  /** Whether it was taken by a restore, so that the restore can be undone. */
  public boolean isSafety() {
    return label.kind() == Label.Kind.SAFETY;
  }

  /** Whether it was published after the other one, whatever the clock said. */
  public boolean isNewerThan(RestorePoint other) {
    return BY_PUBLICATION.compare(this, other) > 0;
  }
}
