package dev.sevenfold.backup.report;

import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A restore that is done. Immutable.
 *
 * @param tenant the tenant that was put back
 * @param restoredTo the instant that its rows are of
 * @param plan what was changed
 * @param safety what it can be undone with; empty if nothing differed, and so nothing was written:
 *     what an undo takes back is then what it was before
 * @param took how long it took
 */
public record RestoreReport(
    TenantId tenant,
    Instant restoredTo,
    RestorePlan plan,
    Optional<RestorePoint> safety,
    Duration took) {

  /** Requires all parts. */
  public RestoreReport {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(restoredTo, "restoredTo");
    Objects.requireNonNull(plan, "plan");
    Objects.requireNonNull(safety, "safety");
    Objects.requireNonNull(took, "took");
  }
}
