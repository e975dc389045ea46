package dev.sevenfold.backup;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A backup that is done and proven. Immutable.
 *
 * @param restorePoint what can be restored from now on
 * @param rows how many rows it holds
 * @param files how many files it holds
 * @param warnings what a person should know: files that are missing, rows that point at another
 *     tenant's
 * @param deleted the older archives that retention deleted
 * @param took how long it took
 */
public record BackupReport(
    RestorePoint restorePoint,
    long rows,
    long files,
    List<String> warnings,
    List<RestorePoint> deleted,
    Duration took) {

  /** Requires all parts and copies the lists. */
  public BackupReport {
    Objects.requireNonNull(restorePoint, "restorePoint");
    warnings = List.copyOf(warnings);
    deleted = List.copyOf(deleted);
    Objects.requireNonNull(took, "took");
  }
}
