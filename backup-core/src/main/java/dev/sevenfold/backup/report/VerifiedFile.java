package dev.sevenfold.backup.report;

import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.Objects;

/**
 * An archive file that was proven restorable. Immutable.
 *
 * @param tenant whose rows it holds
 * @param capturedAt the instant it restores to
 * @param rows how many rows it holds
 */
public record VerifiedFile(TenantId tenant, Instant capturedAt, long rows) {

  /** Requires all parts. */
  public VerifiedFile {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(capturedAt, "capturedAt");
  }
}
