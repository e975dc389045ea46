package dev.sevenfold.backup.report;

import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A backup that is done and verified. Immutable.
 *
 * @param restorePoint what can be restored from now on
 * @param rows how many rows it holds
 * @param files how many files it holds
 * @param warnings what a person should know: files that are missing, rows that point at another
 *     tenant's
 * @param deleted the older archives that retention deleted
 * @param took how long it took
 * @param completenessCheckedAt when it was last made sure, for all tenants, that looking rows up
 *     finds every row: at most a day ago. Empty where the source does nothing of that kind
 * @param ownership whose the rows of the whole database were when that was counted last, for all
 *     tenants; a backup goes on whatever it says. Empty where the source does not count
 */
public record BackupReport(
    RestorePoint restorePoint,
    long rows,
    long files,
    List<String> warnings,
    List<RestorePoint> deleted,
    Duration took,
    Optional<Instant> completenessCheckedAt,
    Optional<OwnershipCheck.Figure> ownership) {

  /** Requires all parts and copies the lists. */
  public BackupReport {
    Objects.requireNonNull(restorePoint, "restorePoint");
    warnings = List.copyOf(warnings);
    deleted = List.copyOf(deleted);
    Objects.requireNonNull(took, "took");
    Objects.requireNonNull(completenessCheckedAt, "completenessCheckedAt");
    Objects.requireNonNull(ownership, "ownership");
  }

  /** The tenant that was backed up. */
  public TenantId tenant() {
    return restorePoint.tenant().orElseThrow();
  }
}
