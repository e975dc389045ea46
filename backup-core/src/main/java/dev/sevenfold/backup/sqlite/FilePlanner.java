package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot.AttachedFile;
import dev.sevenfold.backup.tenant.FileSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares the files of an archive with those that the tenant has. A file is written only if a
 * staged row names it, below its root, and never in the place of a database or of a file that
 * another tenant's row names with another content.
 */
final class FilePlanner {

  private final Session session;
  private final SqliteDatabase database;
  private final SnapshotTaker.Copied copied;
  private final StagedTenant archive;
  private final FileSets sets;
  private final List<FilePlan.Write> writes = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long unchanged;

  FilePlanner(
      Session session, SqliteDatabase database, SnapshotTaker.Copied copied, StagedTenant archive) {
    this.session = session;
    this.database = database;
    this.copied = copied;
    this.archive = archive;
    this.sets = FileSets.of(copied.ownership());
  }

  /**
   * Makes the plan.
   *
   * @param renamed from the name of an entry to those that rows have for it by now
   * @param before the files that the tenant has
   */
  FilePlan plan(Map<String, Set<String>> renamed, TenantFiles.Found before) throws SQLException {
    before.unreadable().forEach(this::addUnreadable);
    Map<String, AttachedFile> now = new TreeMap<>();
    before.files().forEach(file -> now.put(file.entryName(), file));
    Set<String> named = TenantFiles.named(session, RowDiff.STAGE, sets);
    Set<String> usedByOthers = usedByOthers();
    for (ArchiveManifest.Entry entry : archive.manifest().entries()) {
      if (!entry.name().equals(ArchiveManifest.TENANT_DATABASE)) {
        Set<String> names = new TreeSet<>(renamed.getOrDefault(entry.name(), Set.of(entry.name())));
        names.retainAll(named);
        names.forEach(name -> plan(entry, name, now.get(name), usedByOthers));
        if (names.isEmpty()) {
          notes.add("File " + entry.name() + " stays in the archive: no restored row names it");
        }
      }
    }
    List<Path> removes = new ArrayList<>();
    now.forEach(
        (name, file) -> {
          if (!named.contains(name) && !usedByOthers.contains(name)) {
            removes.add(file.path());
          }
        });
    return new FilePlan(writes, removes, unchanged, obstacles, notes);
  }

  private void plan(
      ArchiveManifest.Entry entry,
      String name,
      @Nullable AttachedFile known,
      Set<String> usedByOthers) {
    FileSets.Place place = sets.place(name).orElseThrow();
    Path target;
    try {
      target = place.root().resolve(place.path());
    } catch (InvalidPathException e) {
      addUnreadable("a restored row names " + name);
      return;
    }
    try {
      requireWritable(place.root(), target).ifPresent(obstacles::add);
      Optional<AttachedFile> live =
          known != null || !obstacles.isEmpty()
              ? Optional.ofNullable(known)
              : LiveFiles.read(place.root(), place.path(), name);
      if (live.isPresent() && live.get().sha256().equals(entry.sha256())) {
        unchanged++;
      } else if (live.isPresent() && usedByOthers.contains(name)) {
        obstacles.add("file " + target + " would change, and another tenant's row names it");
      } else {
        writes.add(new FilePlan.Write(archive.entry(entry.name()), target));
      }
    } catch (LiveFiles.Unreadable e) {
      obstacles.add(e.getMessage());
    } catch (IOException e) {
      throw new OperationFailed(
          "The file " + target + " could not be looked at: " + e.getMessage(),
          "Check its permissions",
          e);
    }
  }

  private void addUnreadable(String what) {
    obstacles.add(what + ", a file that this Java cannot: " + FileText.OTHER_LOCALE);
  }

  private Optional<String> requireWritable(Path root, Path target) throws IOException {
    for (Path file : database.files()) {
      if (file.equals(target.toAbsolutePath()) || LiveFiles.isSame(file, target)) {
        return Optional.of("file " + target + " is the live database");
      }
    }
    if (LiveFiles.isPartOfDatabase(target)) {
      return Optional.of("file " + target + " belongs to a database in use");
    }
    Path existing = target.getParent();
    while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    boolean inside =
        existing == null
            || !Files.exists(root)
            || existing.toRealPath().startsWith(root.toRealPath());
    return inside ? Optional.empty() : Optional.of("file " + target + " leads out of " + root);
  }

  /** The entry names of files that rows outside of the tenant name as well. */
  private Set<String> usedByOthers() throws SQLException {
    Set<String> used = new HashSet<>();
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
                  + " UNION ALL SELECT "
                  + Sql.columns(columns)
                  + " FROM "
                  + Sql.name(RowDiff.STAGE, table.name())
                  + ") AND NOT EXISTS (SELECT 1 FROM "
                  + before
                  + " b WHERE "
                  + RowMatch.isSameKey(table, "b", "m")
                  + ')',
              row -> TenantFiles.path(set, row))
          .forEach(path -> path.ifPresent(p -> used.add(FileSets.entryName(name, p))));
    }
    return used;
  }
}
