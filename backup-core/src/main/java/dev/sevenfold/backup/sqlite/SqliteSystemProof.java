package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.SystemProof;
import java.util.ArrayList;
import java.util.List;

/**
 * Proves that the archive of a system can be restored, without the system: for an operator who has
 * nothing but the archive.
 */
public final class SqliteSystemProof {

  private SqliteSystemProof() {}

  /**
   * Opens every database of a staged archive and checks all of it. Changes nothing, and leaves no
   * file beside the databases.
   *
   * @throws ArchiveCorrupt if a database is damaged
   */
  public static SystemProof of(StagedSystem staged, Progress progress) {
    List<SystemProof.Database> databases = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<Entry> entries =
        staged.manifest().entries().stream()
            .filter(entry -> SystemEntries.isDatabase(entry.name()))
            .toList();
    for (int i = 0; i < entries.size(); i++) {
      Interrupts.check();
      progress.report("check databases", Progress.Unit.FILES, i, entries.size());
      String entryName = entries.get(i).name();
      DatabaseCheck check =
          DatabaseCheck.of(staged.entry(entryName), SystemEntries.databaseName(entryName));
      databases.add(check.found());
      warnings.addAll(check.warnings());
    }
    progress.report("check databases", Progress.Unit.FILES, entries.size(), entries.size());
    return new SystemProof(
        databases,
        staged.manifest().entries().size() - entries.size(),
        staged.manifest().folders().size(),
        staged.manifest().links().size(),
        staged.manifest().bytes(),
        warnings);
  }
}
