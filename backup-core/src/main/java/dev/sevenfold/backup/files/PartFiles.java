package dev.sevenfold.backup.files;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.Part;
import dev.sevenfold.backup.tenant.FileSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The files of a part: those of its rows. A file that a row names too which stays as it is, is that
 * one's, and is only brought back where it is missing. Immutable.
 *
 * @param whole whether the part is all of the tenant
 * @param coming entry names of files that rows name which come out of the archive
 * @param staying entry names of files that rows name which stay as they are
 * @param written what a restore wrote that is taken back: digests, by the names of the entries
 */
public record PartFiles(
    boolean whole, Set<String> coming, Set<String> staying, Map<String, String> written) {

  /** Looks at the stage, once the part is brought into it. */
  public static PartFiles of(Session session, FileSets sets, Part part) throws SQLException {
    if (part.isWhole()) {
      return new PartFiles(true, Set.of(), Set.of(), Map.of());
    }
    Function<FileSet, String> comes = set -> part.brings(set.table(), set.path().columns());
    return new PartFiles(
        false,
        TenantFiles.named(session, Workbench.STAGE, sets, comes),
        TenantFiles.named(session, Workbench.STAGE, sets, set -> "NOT " + comes.apply(set)),
        part.writtenFiles());
  }

  /**
   * Whether the archive's file may take this place.
   *
   * @param now the digest of what is there; empty if nothing is
   */
  boolean mayBeWritten(String entryName, Optional<String> now) {
    boolean isAsWritten =
        now.isPresent() && now.equals(Optional.ofNullable(written.get(entryName)));
    boolean isNobodyElses = now.isEmpty() || !staying.contains(entryName);
    return whole || isAsWritten || (coming.contains(entryName) && isNobodyElses);
  }

  /**
   * The files that a restore wrote, and that are other ones by now: what would take them back is in
   * the way of what people did since.
   *
   * @param before the files as they were before that restore
   * @param named the entry names of files that rows name afterwards
   * @param now the digest of what is there
   */
  List<String> changedSince(
      List<ArchiveManifest.Entry> before,
      Set<String> named,
      Function<String, Optional<String>> now) {
    Map<String, String> digests =
        before.stream()
            .collect(Collectors.toMap(ArchiveManifest.Entry::name, ArchiveManifest.Entry::sha256));
    List<String> changed = new ArrayList<>();
    new TreeMap<>(written)
        .forEach(
            (name, digest) -> {
              Optional<String> was = Optional.ofNullable(digests.get(name));
              boolean isTakenBack = was.isPresent() || !named.contains(name);
              boolean isAnother =
                  now.apply(name)
                      .filter(is -> !is.equals(digest))
                      .filter(is -> !was.equals(Optional.of(is)))
                      .isPresent();
              if (isTakenBack && isAnother) {
                changed.add(
                    "file "
                        + name
                        + " was written by the restore, and is another one by now; put it back to"
                        + " what the restore made of it, or restore the safety archive by its label,"
                        + " which takes back all that was done since");
              }
            });
    return changed;
  }
}
