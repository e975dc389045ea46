package dev.sevenfold.backup.files;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.TenantSnapshot.AttachedFile;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a restore does to the files that rows name.
 *
 * @param writes files to put in place
 * @param removes files that only rows which go away name
 * @param unchanged how many files are left alone
 * @param unnamed files that are there, in the places of restored ones, and that no row names: the
 *     safety archive keeps them
 * @param conflicts files that must not be written
 * @param notes what a person should know
 */
public record FilePlan(
    List<Write> writes,
    List<Path> removes,
    long unchanged,
    List<AttachedFile> unnamed,
    List<String> conflicts,
    List<String> notes) {

  /**
   * A staged file and where it belongs, {@link dev.sevenfold.backup.io.DurableFiles#real}: links on
   * the way were followed when it was looked at, and none is when it is written.
   *
   * @param name what its entry is called in an archive of the tenant
   * @param sha256 its digest
   */
  public record Write(Path staged, Path target, String name, String sha256) {}

  public FilePlan {
    writes = List.copyOf(writes);
    removes = List.copyOf(removes);
    unnamed = List.copyOf(unnamed);
    conflicts = List.copyOf(conflicts);
    notes = List.copyOf(notes);
  }

  /** The digests of the files that are written, by the names of their entries. */
  public Map<String, String> written() {
    Map<String, String> written = new HashMap<>();
    writes.forEach(write -> written.put(write.name(), write.sha256()));
    return written;
  }

  public boolean isEmpty() {
    return writes.isEmpty() && removes.isEmpty();
  }

  /** Whether somebody else has come to use a file that would be replaced or removed. */
  public boolean reachesOthers(LiveRows live, Copied copied) throws SQLException {
    FileSets sets = FileSets.of(copied.ownership());
    Set<Path> files = new HashSet<>();
    writes.forEach(write -> files.add(sets.identity(write.target())));
    removes.forEach(file -> files.add(sets.identity(file)));
    return !FileUsers.of(live, copied, sets, files).isEmpty();
  }

  public RestorePlan addTo(RestorePlan plan) {
    List<String> allConflicts = new ArrayList<>(plan.conflicts());
    allConflicts.addAll(conflicts);
    List<String> allNotes = new ArrayList<>(plan.notes());
    allNotes.addAll(notes);
    return new RestorePlan(
        plan.target(),
        plan.tables(),
        new RestorePlan.FileChange(writes.size(), removes.size(), unchanged),
        plan.sideEffects(),
        allConflicts,
        allNotes,
        plan.rebuild(),
        plan.options(),
        plan.archive(),
        plan.digest());
  }
}
