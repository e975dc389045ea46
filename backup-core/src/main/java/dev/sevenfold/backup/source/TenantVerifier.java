package dev.sevenfold.backup.source;

/** Looks at staged archives of a tenant. Thread-safe. */
@FunctionalInterface
public interface TenantVerifier {

  /**
   * Finds out whether a staged archive is what it says: its bytes, its integrity, its rows. Reads
   * nothing of the tenants, and needs no lock.
   */
  Verification<TenantProof> verify(StagedTenant staged, Progress progress);
}
