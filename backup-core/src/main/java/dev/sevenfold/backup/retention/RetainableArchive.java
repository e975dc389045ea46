package dev.sevenfold.backup.retention;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What retention has to know about an archive. Whose it is and of when is taken from its manifest,
 * never from its label. Immutable.
 *
 * @param label its name
 * @param tenant whose it is; empty for a backup of the whole system
 * @param capturedAt the instant that a restore would go back to
 * @param purpose why it was made
 * @param verified whether it was verified restorable
 * @param pinned whether retention leaves it alone
 * @param lack how much it lacks of what it should hold
 * @param sequence the number of its publication; empty if it is older than numbers are
 */
public record RetainableArchive(
    Label label,
    Optional<TenantId> tenant,
    Instant capturedAt,
    Purpose purpose,
    boolean verified,
    boolean pinned,
    Lack lack,
    OptionalLong sequence) {

  /** The newest first; what was captured at the same instant, by label, descending. */
  static final Comparator<RetainableArchive> NEWEST_FIRST =
      Comparator.comparing(RetainableArchive::capturedAt)
          .thenComparing(RetainableArchive::label)
          .reversed();

  /** The one that was published last first, whatever the clock said. */
  static final Comparator<RetainableArchive> LAST_PUBLISHED_FIRST =
      Comparator.<RetainableArchive>comparingLong(archive -> archive.sequence().orElse(0))
          .reversed()
          .thenComparing(NEWEST_FIRST);

  /** Requires all parts. */
  public RetainableArchive {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(purpose, "purpose");
    Objects.requireNonNull(lack, "lack");
    Objects.requireNonNull(sequence, "sequence");
  }

  /** The same, and retention leaves it alone. */
  public RetainableArchive asPinned() {
    return new RetainableArchive(
        label, tenant, capturedAt, purpose, verified, true, lack, sequence);
  }
}
