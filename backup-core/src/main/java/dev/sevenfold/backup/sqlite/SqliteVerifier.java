package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.scratch.DatabaseCheck;
import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.scratch.TenantDatabaseFile;
import dev.sevenfold.backup.source.ArchiveVerifier;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.source.TenantProof;
import dev.sevenfold.backup.source.Verification;
import dev.sevenfold.backup.system.SystemEntries;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * Opens every database of a staged archive and checks all of it. Changes nothing, and leaves no
   * file beside the databases.
   */
  @Override
  public Verification<SystemProof> verify(StagedSystem staged, Progress progress) {
    List<String> entries =
        staged.manifest().entries().stream()
            .map(ArchiveManifest.Entry::name)
            .filter(SystemEntries::isDatabase)
            .toList();
    List<DatabaseCheck> checks = new ArrayList<>();
    List<String> damage = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Interrupts.check();
      progress.report("check databases", Progress.Unit.FILES, i, entries.size());
      String entry = entries.get(i);
      String name = SystemEntries.databaseName(entry);
      String damaged = "database " + name + " is damaged: ";
      try {
        DatabaseCheck check = DatabaseCheck.of(staged.entry(entry), name, customizer);
        checks.add(check);
        check.integrity().damage().forEach(line -> damage.add(damaged + line));
      } catch (ArchiveNotReadable e) {
        return new Verification.NotKnown<>(e);
      } catch (SQLException e) {
        if (!SqliteErrors.isDamage(e)) {
          return new Verification.NotKnown<>(
              SqliteErrors.unavailable("Checking database " + name + " of the archive", e));
        }
        damage.add(damaged + e.getMessage());
      }
    }
    progress.report("check databases", Progress.Unit.FILES, entries.size(), entries.size());
    return damage.isEmpty()
        ? new Verification.Verified<>(proof(staged.manifest(), checks))
        : new Verification.Damaged<>(
            "The archive holds a database that is damaged",
            damage,
            "It was so when it was backed up: run PRAGMA integrity_check on the live database; an"
                + " earlier archive may hold it whole");
  }

  private static SystemProof proof(ArchiveManifest manifest, List<DatabaseCheck> checks) {
    List<String> warnings = new ArrayList<>();
    List<String> findings = new ArrayList<>();
    for (DatabaseCheck check : checks) {
      warnings.addAll(check.warnings());
      check
          .integrity()
          .findings()
          .forEach(line -> findings.add("database " + check.found().name() + ": " + line));
    }
    return new SystemProof(
        checks.stream().map(DatabaseCheck::found).toList(),
        manifest.entries().size() - checks.size(),
        manifest.folders().size(),
        manifest.links().size(),
        manifest.bytes(),
        warnings,
        findings);
  }
}
