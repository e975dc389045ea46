package dev.sevenfold.backup.source;

import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A restore that did not come to its end, of which its source knows by now whether it was done.
 * What is open is what the store says of its safety archives. Immutable.
 *
 * @param tenant whose restore it was
 * @param committed whether it was done; if not, the tenant is as it was before
 * @param safety the instants that its safety archives were captured at, the last one last; there
 *     need not be an archive of each
 */
public record InterruptedRestore(TenantId tenant, boolean committed, List<Instant> safety) {

  /** Requires the tenant and copies the list. */
  public InterruptedRestore {
    Objects.requireNonNull(tenant, "tenant");
    safety = List.copyOf(safety);
  }
}
