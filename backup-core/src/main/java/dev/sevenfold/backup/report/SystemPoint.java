package dev.sevenfold.backup.report;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.tenant.Label;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A backup of the whole system, as an operator sees it. Immutable.
 *
 * @param label the name to restore it by
 * @param capturedAt the instant it restores to
 * @param sizeBytes its length in the store
 * @param proven whether it was read back and every database in it checked
 * @param pinned whether retention leaves it alone
 * @param digest which archive it is, whatever its label
 * @param lack how much it lacks of what it should hold
 * @param sequence the number of its publication among its owner's: which is newer, whatever the
 *     clock said. Empty for those that are older than this: they come before all that have one
 */
public record SystemPoint(
    Label label,
    Instant capturedAt,
    long sizeBytes,
    boolean proven,
    boolean pinned,
    ArchiveDigest digest,
    Lack lack,
    OptionalLong sequence) {

  /** A backup that holds all that it should, older than numbers are. */
  public SystemPoint(
      Label label,
      Instant capturedAt,
      long sizeBytes,
      boolean proven,
      boolean pinned,
      ArchiveDigest digest) {
    this(label, capturedAt, sizeBytes, proven, pinned, digest, Lack.NOTHING, OptionalLong.empty());
  }

  /** Requires all parts. */
  public SystemPoint {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(lack, "lack");
    Objects.requireNonNull(sequence, "sequence");
  }

  /** Whether it was published after the other one, whatever the clock said. */
  public boolean isNewerThan(SystemPoint other) {
    return PublicationOrder.OF_SYSTEM.compare(this, other) > 0;
  }
}
