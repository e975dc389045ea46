package dev.sevenfold.backup.source;

import dev.sevenfold.backup.io.Sha256;

/**
 * The identity of what a restore would write: every row that is inserted, updated, deleted or kept,
 * by its key and its values before and after, and every file. Two plans of one archive on the same
 * data have the same; a value that differs in its type alone makes it another. A restore that makes
 * ids at random has another one each time. Immutable.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record PlanDigest(String hex) {

  /** Refuses what is not 64 lower-case hexadecimal digits. */
  public PlanDigest {
    Sha256.requireHex(hex, "The plan's digest");
  }

  @Override
  public String toString() {
    return hex;
  }
}
