package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.scratch.DatabaseCheck;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.source.Verification;
import dev.sevenfold.backup.system.SystemEntries;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Opens every database of a staged archive of a system. Use from one thread. */
final class SqliteSystemProof {

  private final StagedSystem staged;
  private final ConnectionCustomizer customizer;
  private final List<SystemProof.Database> databases = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private final List<String> damage = new ArrayList<>();

  private SqliteSystemProof(StagedSystem staged, ConnectionCustomizer customizer) {
    this.staged = staged;
    this.customizer = customizer;
  }

  /**
   * Opens every database of a staged archive and checks all of it. Changes nothing, and leaves no
   * file beside the databases.
   */
  static Verification<SystemProof> of(
      StagedSystem staged, ConnectionCustomizer customizer, Progress progress) {
    return new SqliteSystemProof(staged, customizer).run(progress);
  }

  private Verification<SystemProof> run(Progress progress) {
    List<Entry> entries =
        staged.manifest().entries().stream()
            .filter(entry -> SystemEntries.isDatabase(entry.name()))
            .toList();
    for (int i = 0; i < entries.size(); i++) {
      Interrupts.check();
      progress.report("check databases", Progress.Unit.FILES, i, entries.size());
      String name = SystemEntries.databaseName(entries.get(i).name());
      try {
        look(entries.get(i).name(), name);
      } catch (SQLException e) {
        if (!SqliteErrors.isDamage(e)) {
          return new Verification.NotKnown<>(
              SqliteErrors.unavailable("Checking database " + name + " of the archive", e));
        }
        damage.add("database " + name + " is damaged: " + e.getMessage());
      }
    }
    progress.report("check databases", Progress.Unit.FILES, entries.size(), entries.size());
    return outcome(entries.size());
  }

  private void look(String entryName, String name) throws SQLException {
    DatabaseCheck check = DatabaseCheck.of(staged.entry(entryName), name, customizer);
    databases.add(check.found());
    warnings.addAll(check.warnings());
    check
        .integrity()
        .damage()
        .forEach(line -> damage.add("database " + name + " is damaged: " + line));
    check.integrity().findings().forEach(line -> findings.add("database " + name + ": " + line));
  }

  private Verification<SystemProof> outcome(int count) {
    if (!damage.isEmpty()) {
      return new Verification.Damaged<>(
          "The archive holds a database that is damaged",
          damage,
          "Use another archive, and run PRAGMA integrity_check on the live database");
    }
    return new Verification.Verified<>(
        new SystemProof(
            databases,
            staged.manifest().entries().size() - count,
            staged.manifest().folders().size(),
            staged.manifest().links().size(),
            staged.manifest().bytes(),
            warnings,
            findings));
  }
}
