package dev.sevenfold.backup.source;

import dev.sevenfold.backup.io.Sha256;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The identity of what a restore would write: every row that is inserted, updated, deleted or kept,
 * by its key and its values before and after, and every file. Two plans of one archive on the same
 * data have the same; a value that differs in its type alone makes it another. Which new ids a
 * restore makes is not part of it. Two are equal if their digits are. Immutable.
 *
 * @param hex 64 lower-case hexadecimal digits
 * @param tables a digest of what is written to each table, by the tables' names: tells where two
 *     plans differ. Empty where only the digits were kept
 */
public record PlanDigest(String hex, Map<String, String> tables) {

  /** Refuses what is not 64 lower-case hexadecimal digits. */
  public PlanDigest {
    Sha256.requireHex(hex, "The plan's digest");
    tables = Map.copyOf(tables);
  }

  /** The digits alone, as a form sends them back. */
  public PlanDigest(String hex) {
    this(hex, Map.of());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PlanDigest digest && hex.equals(digest.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public String toString() {
    return hex;
  }
}
