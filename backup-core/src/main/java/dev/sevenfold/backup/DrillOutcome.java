package dev.sevenfold.backup;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one archive in a drill: it was proven anew, or it was not, and why. Immutable.
 *
 * @param label the archive
 * @param proven what was proven
 * @param failure why it was not: the archive went bad, or the store could not be read
 */
public record DrillOutcome(
    Label label, Optional<RestorePoint> proven, Optional<BackupException> failure) {

  /** Requires exactly one of the two. */
  public DrillOutcome {
    Objects.requireNonNull(label, "label");
    if (proven.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException(
          "The archive " + label + " is either proven or there is a reason why not");
    }
  }

  static DrillOutcome proven(RestorePoint point) {
    return new DrillOutcome(point.label(), Optional.of(point), Optional.empty());
  }

  static DrillOutcome failed(Label label, BackupException failure) {
    return new DrillOutcome(label, Optional.empty(), Optional.of(failure));
  }
}
