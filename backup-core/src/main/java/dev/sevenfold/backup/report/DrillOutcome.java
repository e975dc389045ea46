package dev.sevenfold.backup.report;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one archive in a drill: it was proven anew; it is damaged, and no longer proven;
 * or that is not known now, and it counts as what it was. Immutable.
 *
 * @param <P> what is proven: a {@link RestorePoint} or a {@link SystemPoint}
 * @param label the archive
 * @param proven what was proven
 * @param failure why it was not: the archive went bad, or something stood in the way
 */
public record DrillOutcome<P>(Label label, Optional<P> proven, Optional<BackupException> failure) {

  /** Requires exactly one of the two. */
  public DrillOutcome {
    Objects.requireNonNull(label, "label");
    if (proven.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException(
          "The archive " + label + " is either proven or there is a reason why not");
    }
  }

  /** Whether the archive is not what it says; otherwise a failure says nothing of it. */
  public boolean damaged() {
    return failure.filter(ArchiveCorrupt.class::isInstance).isPresent();
  }

  public static <P> DrillOutcome<P> proven(Label label, P point) {
    return new DrillOutcome<>(label, Optional.of(point), Optional.empty());
  }

  public static <P> DrillOutcome<P> failed(Label label, BackupException failure) {
    return new DrillOutcome<>(label, Optional.empty(), Optional.of(failure));
  }
}
