package dev.sevenfold.backup.report;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one archive in a drill: it was verified anew; it is damaged, and no longer counts
 * as verified; or that is not known now, and it counts as what it was. Immutable.
 *
 * @param label the archive
 * @param verified what was verified
 * @param failure why it was not: the archive went bad, or something stood in the way
 */
public record DrillOutcome(
    Label label, Optional<RestorePoint> verified, Optional<BackupException> failure) {

  /** Requires exactly one of the two. */
  public DrillOutcome {
    Objects.requireNonNull(label, "label");
    if (verified.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException(
          "The archive " + label + " is either verified or there is a reason why not");
    }
  }

  /** Whether the archive is not what it says; otherwise a failure says nothing of it. */
  public boolean damaged() {
    return failure.filter(ArchiveCorrupt.class::isInstance).isPresent();
  }

  public static DrillOutcome verified(RestorePoint point) {
    return new DrillOutcome(point.label(), Optional.of(point), Optional.empty());
  }

  public static DrillOutcome failed(Label label, BackupException failure) {
    return new DrillOutcome(label, Optional.empty(), Optional.of(failure));
  }
}
