package dev.sevenfold.backup.source;

import java.util.Objects;

/** Looks at staged archives of every kind. Thread-safe. */
public interface ArchiveVerifier extends TenantVerifier, SystemVerifier {

  /** One that has each kind looked at by whoever knows it. */
  static ArchiveVerifier of(TenantVerifier tenants, SystemVerifier systems) {
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
