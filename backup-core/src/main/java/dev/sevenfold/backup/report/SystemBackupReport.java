package dev.sevenfold.backup.report;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A backup of the whole system that is done and verified. Immutable.
 *
 * @param point what can be restored from now on
 * @param files how many files it holds, the databases among them
 * @param bytes how many bytes they have
 * @param warnings what a person should know: files that vanished, links that are left out
 * @param deleted the older archives that retention deleted
 * @param took how long it took
 */
public record SystemBackupReport(
    RestorePoint point,
    long files,
    long bytes,
    List<String> warnings,
    List<RestorePoint> deleted,
    Duration took) {

  /** Requires all parts and copies the lists. */
  public SystemBackupReport {
    Objects.requireNonNull(point, "point");
    warnings = List.copyOf(warnings);
    deleted = List.copyOf(deleted);
    Objects.requireNonNull(took, "took");
  }
}
