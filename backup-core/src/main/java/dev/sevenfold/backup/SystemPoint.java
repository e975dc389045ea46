package dev.sevenfold.backup;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.tenant.Label;
import java.time.Instant;
import java.util.Objects;

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
 */
public record SystemPoint(
    Label label,
    Instant capturedAt,
    long sizeBytes,
    boolean proven,
    boolean pinned,
    ArchiveDigest digest,
    Lack lack) {

  /** A backup that holds all that it should. */
  public SystemPoint(
      Label label,
      Instant capturedAt,
      long sizeBytes,
      boolean proven,
      boolean pinned,
      ArchiveDigest digest) {
    this(label, capturedAt, sizeBytes, proven, pinned, digest, Lack.NOTHING);
  }

  /** Requires all parts. */
  public SystemPoint {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(lack, "lack");
  }
}
