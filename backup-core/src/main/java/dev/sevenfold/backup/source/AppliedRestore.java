package dev.sevenfold.backup.source;

import java.util.Objects;

/**
 * A restore that is done.
 *
 * @param plan what was executed
 * @param replaced the tenant as it was immediately before, up to the last row; lives as long as the
 *     {@link PreparedRestore}
 */
public record AppliedRestore(RestorePlan plan, TenantSnapshot replaced) {

  /** Requires both. */
  public AppliedRestore {
    Objects.requireNonNull(plan, "plan");
    Objects.requireNonNull(replaced, "replaced");
  }
}
