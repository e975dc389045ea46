package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.TenantDatabaseFile;
import dev.sevenfold.backup.source.ArchiveVerifier;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.source.TenantProof;
import dev.sevenfold.backup.source.Verification;
import java.util.Objects;
import java.util.Set;

/**
 * Verifies archives without the database that they are of: for an operator who has nothing but the
 * archive. Immutable and thread-safe.
 */
public final class SqliteVerifier implements ArchiveVerifier {

  private final ConnectionCustomizer customizer;

  private SqliteVerifier(ConnectionCustomizer customizer) {
    this.customizer = customizer;
  }

  /** One whose connections have what every SQLite has. */
  public static SqliteVerifier plain() {
    return new SqliteVerifier(ConnectionCustomizer.none());
  }

  /** One whose connections have what the host's schema needs. */
  public static SqliteVerifier customizedBy(ConnectionCustomizer customizer) {
    return new SqliteVerifier(Objects.requireNonNull(customizer, "customizer"));
  }

  @Override
  public Verification<TenantProof> verify(StagedTenant staged, Progress progress) {
    return new TenantDatabaseFile(ScratchFile.own(customizer), Set::of)
        .verify(staged.database(), staged.manifest(), progress);
  }

  @Override
  public Verification<SystemProof> verify(StagedSystem staged, Progress progress) {
    return SqliteSystemProof.of(staged, customizer, progress);
  }
}
