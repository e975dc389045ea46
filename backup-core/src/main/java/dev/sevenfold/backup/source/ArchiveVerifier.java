package dev.sevenfold.backup.source;

import java.util.Objects;

/** Looks at staged archives of every kind. Thread-safe. */
public interface ArchiveVerifier {

  /** Looks at staged archives of tenants. */
  @FunctionalInterface
  interface Tenants {

    /**
     * Finds out whether a staged archive is what it says: its bytes, its integrity, its rows. Reads
     * nothing of the tenants, and needs no lock.
     */
    Verification<TenantProof> verify(StagedTenant staged, Progress progress);
  }

  /** Looks at staged archives of a system. */
  @FunctionalInterface
  interface Systems {

    /**
     * Finds out whether a staged archive can be restored: opens every database and checks all of
     * it. Changes nothing, neither in the system nor in the staged files.
     */
    Verification<SystemProof> verify(StagedSystem staged, Progress progress);
  }

  /** As {@link Tenants#verify}. */
  Verification<TenantProof> verify(StagedTenant staged, Progress progress);

  /** As {@link Systems#verify}. */
  Verification<SystemProof> verify(StagedSystem staged, Progress progress);

  /** One that has each kind looked at by whoever knows it. */
  static ArchiveVerifier of(Tenants tenants, Systems systems) {
    Objects.requireNonNull(tenants, "tenants");
    Objects.requireNonNull(systems, "systems");
    return new ArchiveVerifier() {
      @Override
      public Verification<TenantProof> verify(StagedTenant staged, Progress progress) {
        return tenants.verify(staged, progress);
      }

      @Override
      public Verification<SystemProof> verify(StagedSystem staged, Progress progress) {
        return systems.verify(staged, progress);
      }
    };
  }
}
