package dev.sevenfold.backup.source;

import java.util.List;
import java.util.Objects;

/**
 * A restore that is done.
 *
 * @param plan what was executed
 * @param replaced the tenant as it was immediately before, up to the last row; lives as long as the
 *     {@link PreparedRestore}
 * @param unfinished what could not be done any more after the commit, such as a file that could not
 *     be moved into its place; whoever takes the tenant's lock next does it. Empty if all is done
 */
public record AppliedRestore(RestorePlan plan, TenantSnapshot replaced, List<String> unfinished) {

  /** Requires all. */
  public AppliedRestore {
    Objects.requireNonNull(plan, "plan");
    Objects.requireNonNull(replaced, "replaced");
    unfinished = List.copyOf(unfinished);
  }
}
