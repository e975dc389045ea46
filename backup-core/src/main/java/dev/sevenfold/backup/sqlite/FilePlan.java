package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSnapshot.AttachedFile;
import dev.sevenfold.backup.tenant.FileSet;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a restore does to the files that rows name.
 *
 * @param writes files to put in place
 * @param removes files that only rows which go away name
 * @param unchanged how many files are left alone
 * @param obstacles files that must not be written
 * @param notes what a person should know
 */
record FilePlan(
    List<Write> writes,
    List<Path> removes,
    long unchanged,
    List<String> obstacles,
    List<String> notes) {

  /** A staged file and where it belongs. */
  record Write(Path staged, Path target) {}

  FilePlan {
    writes = List.copyOf(writes);
    removes = List.copyOf(removes);
    obstacles = List.copyOf(obstacles);
    notes = List.copyOf(notes);
  }

  boolean isEmpty() {
    return writes.isEmpty() && removes.isEmpty();
  }

  RestorePlan addTo(RestorePlan plan) {
    List<String> allObstacles = new ArrayList<>(plan.obstacles());
    allObstacles.addAll(obstacles);
    List<String> allNotes = new ArrayList<>(plan.notes());
    allNotes.addAll(notes);
    return new RestorePlan(
        plan.target(),
        plan.tables(),
        new RestorePlan.FileChange(writes.size(), removes.size(), unchanged),
        plan.sideEffects(),
        allObstacles,
        allNotes);
  }

  /** Compares the files of an archive with those that the tenant has. */
  static FilePlan of(
      SqliteDatabase database,
      SnapshotTaker.Copied copied,
      Path beforeFile,
      StagedTenant archive,
      TenantSnapshot before)
      throws SQLException {
    FileSets sets = FileSets.of(copied.ownership());
    Map<String, AttachedFile> now = new TreeMap<>();
    before.files().forEach(file -> now.put(file.entryName(), file));
    Set<String> wanted = new HashSet<>(archive.manifest().missing());
    List<Write> writes = new ArrayList<>();
    Map<String, Path> replaced = new TreeMap<>();
    List<String> notes = new ArrayList<>();
    long unchanged = 0;
    for (ArchiveManifest.Entry entry : archive.manifest().entries()) {
      if (entry.name().equals(ArchiveManifest.TENANT_DATABASE)) {
        continue;
      }
      wanted.add(entry.name());
      Optional<Path> target = sets.target(entry.name());
      AttachedFile live = now.get(entry.name());
      if (target.isEmpty()) {
        notes.add("File " + entry.name() + " is of no file set by now; it stays in the archive");
      } else if (live != null && live.sha256().equals(entry.sha256())) {
        unchanged++;
      } else {
        writes.add(new Write(archive.entry(entry.name()), target.get()));
        replaced.put(entry.name(), target.get());
      }
    }
    Map<String, Path> gone = new TreeMap<>();
    now.forEach(
        (name, file) -> {
          if (!wanted.contains(name)) {
            gone.put(name, file.path());
          }
        });
    Set<String> usedByOthers = new HashSet<>();
    if (!gone.isEmpty() || !replaced.isEmpty()) {
      usedByOthers = usedByOthers(database, copied, beforeFile, sets);
    }
    List<String> obstacles = new ArrayList<>();
    for (Map.Entry<String, Path> write : replaced.entrySet()) {
      if (usedByOthers.contains(write.getKey()) && now.containsKey(write.getKey())) {
        obstacles.add(
            "file " + write.getValue() + " would change, and another tenant's row names it");
      }
      requireWritable(database, write.getValue()).ifPresent(obstacles::add);
    }
    gone.keySet().removeAll(usedByOthers);
    return new FilePlan(writes, List.copyOf(gone.values()), unchanged, obstacles, notes);
  }

  /** An archive must never be able to put a file in the place of a database. */
  private static Optional<String> requireWritable(SqliteDatabase database, Path target) {
    try {
      for (Path file : database.files()) {
        if (file.equals(target.toAbsolutePath()) || LiveFiles.isSame(file, target)) {
          return Optional.of("file " + target + " is the live database");
        }
      }
    } catch (IOException e) {
      throw new OperationFailed(
          "The file " + target + " could not be looked at: " + e.getMessage(),
          "Check its permissions",
          e);
    }
    return LiveFiles.isPartOfDatabase(target)
        ? Optional.of("file " + target + " belongs to a database in use")
        : Optional.empty();
  }

  /** The entry names of files that rows outside of the tenant name as well. */
  private static Set<String> usedByOthers(
      SqliteDatabase database, SnapshotTaker.Copied copied, Path beforeFile, FileSets sets)
      throws SQLException {
    Set<String> used = new HashSet<>();
    try (Session session = database.open()) {
      session.attach(RowDiff.BEFORE, beforeFile);
      for (String name : sets.names()) {
        FileSet set = sets.set(name);
        SqliteTable table = copied.schema().table(set.table());
        List<String> columns = set.path().columns();
        String before = Sql.name(RowDiff.BEFORE, table.name());
        session
            .query(
                "SELECT "
                    + TenantFiles.asText(columns)
                    + " FROM "
                    + Sql.name(SnapshotTaker.LIVE, table.name())
                    + " m WHERE ("
                    + Sql.columns("m", columns)
                    + ") IN (SELECT "
                    + Sql.columns(columns)
                    + " FROM "
                    + before
                    + ") AND NOT EXISTS (SELECT 1 FROM "
                    + before
                    + " b WHERE "
                    + RowMatch.isSameKey(table, "b", "m")
                    + ')',
                row -> TenantFiles.path(set, row))
            .forEach(path -> path.ifPresent(p -> used.add(FileSets.entryName(name, p))));
      }
    }
    return used;
  }
}
