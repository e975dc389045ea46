package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantProof;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.source.Verification;
import dev.sevenfold.backup.sqlite.SqliteVerifier;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The source of commands that work on the store alone. They run on a new machine, where there is no
 * database yet, and leave the live one alone where there is one.
 */
final class NoDatabase implements TenantSource {

  private final Runnable preparation;
  private final SqliteVerifier verifier;

  private NoDatabase(Runnable preparation, SqliteVerifier verifier) {
    this.preparation = preparation;
    this.verifier = verifier;
  }

  /** One that verifies archives as the config says. */
  static NoDatabase of(Config config) {
    return new NoDatabase(
        () -> NativeLibrary.prepare(config),
        SqliteVerifier.customizedBy(NativeLibrary.extensions(config)));
  }

  /** One that verifies archives with what every SQLite has. */
  static NoDatabase plain() {
    return new NoDatabase(() -> {}, SqliteVerifier.plain());
  }

  @Override
  public Verification<TenantProof> verify(StagedTenant staged, Progress progress) {
    preparation.run();
    return verifier.verify(staged, progress);
  }

  @Override
  public String describe() {
    return "no database";
  }

  /** None: where only the system is backed up, nobody says what a tenant is. */
  @Override
  public List<TenantId> tenants() {
    return List.of();
  }

  @Override
  public String explain() {
    throw unsupported();
  }

  @Override
  public TenantLock lock(TenantId tenant) {
    throw unsupported();
  }

  @Override
  public TenantSnapshot extract(TenantId tenant, Path scratch, Progress progress) {
    throw unsupported();
  }

  @Override
  public PlannedRestore plan(
      StagedTenant staged,
      TenantId target,
      RestoreOptions options,
      Path scratch,
      Progress progress) {
    throw unsupported();
  }

  @Override
  public TenantSource inSystem(StagedSystem staged, String database, Map<String, Path> trees) {
    throw unsupported();
  }

  @Override
  public void recover(Consumer<TenantLock> settle) {
    // A restore that was killed is completed by the commands that open the database.
  }

  @Override
  public void close() {
    // There is nothing to let go of.
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("This command does not open the database");
  }
}
