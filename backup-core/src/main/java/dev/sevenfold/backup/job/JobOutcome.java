package dev.sevenfold.backup.job;

import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;
import java.util.Optional;

/** How an attempt at a firing ended. Immutable. */
public sealed interface JobOutcome {

  /**
   * The work is done.
   *
   * @param label the archive that was made; of a restore, the one to undo it with
   */
  record Finished(Optional<Label> label) implements JobOutcome {
    /** Requires all parts. */
    public Finished {
      Objects.requireNonNull(label, "label");
    }
  }

  /**
   * An earlier attempt at the same firing had done the work already; nothing was done twice.
   *
   * @param label the archive that is there
   */
  record AlreadyDone(Label label) implements JobOutcome {
    /** Requires the label. */
    public AlreadyDone {
      Objects.requireNonNull(label, "label");
    }
  }

  /**
   * The work failed.
   *
   * @param what what happened, with the values; never a secret
   * @param advice what to do about it
   * @param worthRetrying whether the same attempt may succeed later
   */
  record Failed(String what, String advice, boolean worthRetrying) implements JobOutcome {
    /** Requires all parts. */
    public Failed {
      Objects.requireNonNull(what, "what");
      Objects.requireNonNull(advice, "advice");
    }
  }

  /** The working thread was interrupted; the firing is still to be done. */
  record Interrupted() implements JobOutcome {}

  /** Whether the firing has had what it asked for. */
  default boolean done() {
    return this instanceof Finished || this instanceof AlreadyDone;
  }
}
