package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(ArchiveCopy.class);

  /** Asks a replica; never fails. */
  static ArchiveCopy in(ArchiveStore replica, Label label) {
    State state;
    try {
      replica.stat(label);
      state = State.PRESENT;
    } catch (ArchiveNotFound e) {
      state = State.MISSING;
    } catch (RuntimeException e) {
      LOG.warn("Whether {} has {} is not known: {}", replica.describe(), label, e.getMessage());
      state = State.UNREACHABLE;
    }
    return new ArchiveCopy(label, replica.describe(), state);
  }

  /** Requires all parts. */
  public ArchiveCopy {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(replica, "replica");
    Objects.requireNonNull(state, "state");
  }
}
