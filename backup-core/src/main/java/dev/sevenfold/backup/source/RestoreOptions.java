package dev.sevenfold.backup.source;

import java.util.Objects;

/**
 * How a restore goes about it. Immutable.
 *
 * @param collisions what to do about an id that another tenant's row has taken since
 * @param rowsPerTable how many rows of each table the plan shows; 0 shows none
 */
public record RestoreOptions(Collisions collisions, int rowsPerTable) {

  /** What to do about ids and unique values that belong to somebody else by now. */
  public enum Collisions {
    /** Refuse, with the list. */
    REFUSE,
    /** Give the restored rows new ids and rewrite every reference to them. */
    REMAP
  }

  /** Refuses collisions, and shows no rows. */
  public static final RestoreOptions DEFAULT = new RestoreOptions(Collisions.REFUSE, 0);

  /** Requires all parts. */
  public RestoreOptions {
    Objects.requireNonNull(collisions, "collisions");
    if (rowsPerTable < 0) {
      throw new IllegalArgumentException("A plan cannot show " + rowsPerTable + " rows");
    }
  }

  /**
   * These options, giving new ids where ids are taken. Also what it takes to restore the archive of
   * one tenant into another.
   */
  public RestoreOptions remapping() {
    return new RestoreOptions(Collisions.REMAP, rowsPerTable);
  }

  /** These options, showing up to so many rows of each table. */
  public RestoreOptions showingRows(int perTable) {
    return new RestoreOptions(collisions, perTable);
  }
}
