package dev.sevenfold.backup.report;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * An archive as a tenant sees it: an instant to go back to. Immutable.
 *
 * @param label the name to restore it by
 * @param tenant whose rows it holds, as the archive itself says
 * @param capturedAt the instant it restores to
 * @param sizeBytes its length in the store
 * @param proven whether it was read back, restored into scratch space and found equal
 * @param pinned whether retention leaves it alone
 * @param digest which archive it is, whatever its label
 * @param lack how much it lacks of the files that its rows name
 * @param sequence the number of its publication among its owner's: which is newer, whatever the
 *     clock said. Empty for those that are older than this: they come before all that have one
 */
public record RestorePoint(
    Label label,
    TenantId tenant,
    Instant capturedAt,
    long sizeBytes,
    boolean proven,
    boolean pinned,
    ArchiveDigest digest,
    Lack lack,
    OptionalLong sequence) {

  /** A restore point that has all files that its rows name, older than numbers are. */
  public RestorePoint(
      Label label,
      TenantId tenant,
      Instant capturedAt,
      long sizeBytes,
      boolean proven,
      boolean pinned,
      ArchiveDigest digest) {
    this(
        label,
        tenant,
        capturedAt,
        sizeBytes,
        proven,
        pinned,
        digest,
        Lack.NOTHING,
        OptionalLong.empty());
  }

  /** Requires all parts. */
  public RestorePoint {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(lack, "lack");
    Objects.requireNonNull(sequence, "sequence");
  }

  /** Whether it was taken by a restore, so that the restore can be undone. */
  public boolean isSafety() {
    return label.kind() == Label.Kind.SAFETY;
  }
}
