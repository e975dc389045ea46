package dev.sevenfold.backup.report;

import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Objects;

/**
 * What is kept of a tenant, at one look. Immutable.
 *
 * @param tenant whose
 * @param things what is there, with its place, a line each
 * @param silent what did not answer, and why: more may be there
 * @param holds what is not to be deleted, and why
 * @param stays what no {@code forget} touches: the tenant's rows, backups of the whole system
 */
public record KeptOfTenant(
    TenantId tenant,
    List<String> things,
    List<String> silent,
    List<String> holds,
    List<String> stays) {

  /** Requires the tenant, and copies the lists. */
  public KeptOfTenant {
    Objects.requireNonNull(tenant, "tenant");
    things = List.copyOf(things);
    silent = List.copyOf(silent);
    holds = List.copyOf(holds);
    stays = List.copyOf(stays);
  }

  /** Whether it was seen everywhere that nothing is there. */
  public boolean isNothing() {
    return things.isEmpty() && silent.isEmpty();
  }
}
