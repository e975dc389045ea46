package dev.sevenfold.backup.report;

import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Objects;

/**
 * What became of a tenant that was to be forgotten. Immutable.
 *
 * @param removed what was there before and was not found any more, a line each
 * @param left what was found when all places were looked at once more
 */
public record ForgottenTenant(List<String> removed, KeptOfTenant left) {

  /** Requires both, and copies the list. */
  public ForgottenTenant {
    removed = List.copyOf(removed);
    Objects.requireNonNull(left, "left");
  }

  /** Whose. */
  public TenantId tenant() {
    return left.tenant();
  }

  /** Whether it was seen everywhere that nothing is left; if not, it is to be called again. */
  public boolean isProven() {
    return left.isNothing();
  }
}
