package dev.sevenfold.backup.files;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.Part;
import dev.sevenfold.backup.tenant.FileSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Function;

/**
 * The files of a part: those of its rows. A file that a row names too which stays as it is, is that
 * one's, and is only brought back where it is missing. Immutable.
 *
 * @param whole whether the part is all of the tenant
 * @param coming entry names of files that rows name which come out of the archive
 * @param staying entry names of files that rows name which stay as they are
 */
public record PartFiles(boolean whole, Set<String> coming, Set<String> staying) {

  /** Looks at the stage, once the part is brought into it. */
  public static PartFiles of(Session session, FileSets sets, Part part) throws SQLException {
    if (part.isWhole()) {
      return new PartFiles(true, Set.of(), Set.of());
    }
    Function<FileSet, String> comes = set -> part.brings(set.table(), set.path().columns());
    return new PartFiles(
        false,
        TenantFiles.named(session, Workbench.STAGE, sets, comes),
        TenantFiles.named(session, Workbench.STAGE, sets, set -> "NOT " + comes.apply(set)));
  }

  /** Whether the archive's file may take this place. */
  boolean mayBeWritten(String entryName, boolean isThere) {
    return whole || (coming.contains(entryName) && !(isThere && staying.contains(entryName)));
  }
}
