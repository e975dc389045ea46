package dev.sevenfold.backup.report;

import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An archive file that was verified. Immutable.
 *
 * @param owner whose rows it holds: a tenant's, or the whole system's
 * @param capturedAt the instant it restores to
 * @param rows how many rows it holds
 * @param system what was found in a backup of the whole system; empty for a tenant's
 */
public record VerifiedFile(
    ArchiveOwner owner, Instant capturedAt, long rows, Optional<SystemProof> system) {

  /** Requires all parts. */
  public VerifiedFile {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(system, "system");
  }

  /** The tenant whose rows it holds; empty for a backup of the whole system. */
  public Optional<TenantId> tenant() {
    return owner.tenant();
  }
}
