package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;

/**
 * Whether a replica of a {@link MirroredArchiveStore} has an archive. Immutable.
 *
 * @param label the archive
 * @param replica the replica, as it describes itself
 * @param state what is known about the copy there
 */
public record ArchiveCopy(Label label, String replica, State state) {

  /** What is known about a copy. */
  public enum State {
    /** The archive is there, whole. */
    PRESENT,
    /** The replica answered, and has no such archive. */
    MISSING,
    /** The replica did not answer. */
    UNREACHABLE
  }

  /** Requires all parts. */
  public ArchiveCopy {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(replica, "replica");
    Objects.requireNonNull(state, "state");
  }
}
