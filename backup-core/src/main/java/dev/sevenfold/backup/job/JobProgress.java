package dev.sevenfold.backup.job;

import dev.sevenfold.backup.source.Progress;
import java.util.Objects;

/**
 * How far a running job is. Immutable.
 *
 * @param step what is being done, in a word or two
 * @param unit what is being counted
 * @param done how many are done
 * @param total of how many
 */
public record JobProgress(String step, Progress.Unit unit, long done, long total) {

  /** Requires all parts. */
  public JobProgress {
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(unit, "unit");
  }
}
