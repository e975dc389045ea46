package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;

/**
 * Whether a place of a {@link MirroredArchiveStore} has an archive. Immutable.
 *
 * @param label the archive
 * @param place the place, as it describes itself
 * @param state what is known about the copy there
 */
public record ArchiveCopy(Label label, String place, State state) {

  /** What is known about a copy. */
  public enum State {
    /** The archive is there, whole. */
    PRESENT,
    /** The place answered, and has no such archive. */
    MISSING,
    /** The place did not answer. */
    UNREACHABLE
  }

  /** Requires all parts. */
  public ArchiveCopy {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(state, "state");
  }
}
