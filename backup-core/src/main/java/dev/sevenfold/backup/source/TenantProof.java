package dev.sevenfold.backup.source;

import java.util.List;

/**
 * What was found in a staged archive of a tenant, all of it as the manifest says. Immutable.
 *
 * @param rows how many rows it holds
 * @param findings what a person should know of them
 */
public record TenantProof(long rows, List<String> findings) {

  /** Copies the list. */
  public TenantProof {
    findings = List.copyOf(findings);
  }
}
