package dev.sevenfold.backup.source;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import java.util.List;
import java.util.Objects;

/**
 * What became of a look at a staged archive. There are three outcomes, and only the first two say
 * something of the archive, so that only they change what is recorded of it. Immutable.
 *
 * @param <P> what is known of an archive that is sound
 */
public sealed interface Verification<P> {

  /**
   * The archive is what it says.
   *
   * @param proof what was found in it
   */
  record Verified<P>(P proof) implements Verification<P> {
    /** Requires the proof. */
    public Verified {
      Objects.requireNonNull(proof, "proof");
    }
  }

  /**
   * The archive is not what it says, whoever looks: a digest is another one, or a database says of
   * itself that it is malformed.
   *
   * @param what one sentence, without its full stop
   * @param evidence everything that was found, one line each
   * @param advice what to do
   */
  record Damaged<P>(String what, List<String> evidence, String advice) implements Verification<P> {
    private static final int MOST = 10;

    /** Requires evidence. */
    public Damaged {
      Objects.requireNonNull(what, "what");
      Objects.requireNonNull(advice, "advice");
      evidence = List.copyOf(evidence);
      if (evidence.isEmpty()) {
        throw new IllegalArgumentException("Nothing is damaged without evidence: " + what);
      }
    }

    private ArchiveCorrupt failure() {
      return new ArchiveCorrupt(
          what
              + ": "
              + String.join("; ", evidence.subList(0, Math.min(MOST, evidence.size())))
              + (evidence.size() > MOST ? " and " + (evidence.size() - MOST) + " more" : ""),
          advice);
    }
  }

  /**
   * It could not be found out here and now: memory, a folder, a function that the connection lacks.
   * The archive may be sound.
   *
   * @param cause what stood in the way; never an {@link ArchiveCorrupt}
   */
  record NotKnown<P>(BackupException cause) implements Verification<P> {
    /** Requires a cause that accuses nobody. */
    public NotKnown {
      if (cause instanceof ArchiveCorrupt) {
        throw new IllegalArgumentException(
            "An archive that is corrupt is known to be damaged", cause);
      }
    }
  }

  /**
   * What was found in an archive that is sound.
   *
   * @throws ArchiveCorrupt if it is damaged
   * @throws BackupException the cause, of another type, if that is not known
   */
  default P require() {
    if (this instanceof Verified<P> verified) {
      return verified.proof();
    }
    if (this instanceof Damaged<P> damaged) {
      throw damaged.failure();
    }
    throw ((NotKnown<P>) this).cause();
  }
}
