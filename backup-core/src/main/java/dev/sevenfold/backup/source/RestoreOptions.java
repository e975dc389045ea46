package dev.sevenfold.backup.source;

import java.util.Objects;

/**
 * How a restore goes about it. Immutable.
 *
 * @param collisions what to do about an id that another tenant's row has taken since
 * @param rowsPerTable how many rows of each table the plan shows; 0 shows none
 * @param dropped what to do about archived tables and columns that there are no more
 */
public record RestoreOptions(Collisions collisions, int rowsPerTable, Dropped dropped) {

  /** What to do about ids and unique values that belong to somebody else by now. */
  public enum Collisions {
    /** Refuse, with the list. */
    REFUSE,
    /** Give the restored rows new ids and rewrite every reference to them. */
    REMAP
  }

  /** What to do about archived rows and values that have no place in the schema of today. */
  public enum Dropped {
    /** Refuse, with the list. */
    REFUSE,
    /** Leave them out, which the plan's notes say. */
    LEAVE_OUT
  }

  /** Refuses collisions and whatever would lose archived values, and shows no rows. */
  public static final RestoreOptions DEFAULT =
      new RestoreOptions(Collisions.REFUSE, 0, Dropped.REFUSE);

  /** Requires all parts. */
  public RestoreOptions {
    Objects.requireNonNull(collisions, "collisions");
    Objects.requireNonNull(dropped, "dropped");
    if (rowsPerTable < 0) {
      throw new IllegalArgumentException("A plan cannot show " + rowsPerTable + " rows");
    }
  }

  /**
   * These options, giving new ids where ids are taken. Also what it takes to restore the archive of
   * one tenant into another.
   */
  public RestoreOptions remapping() {
    return new RestoreOptions(Collisions.REMAP, rowsPerTable, dropped);
  }

  /** These options, showing up to so many rows of each table. */
  public RestoreOptions showingRows(int perTable) {
    return new RestoreOptions(collisions, perTable, dropped);
  }

  /**
   * These options, consenting to leave out what tables and columns held that were dropped since the
   * backup. Where they were renamed, an {@link ArchiveMigration} keeps it.
   */
  public RestoreOptions leavingOutDropped() {
    return new RestoreOptions(collisions, rowsPerTable, Dropped.LEAVE_OUT);
  }
}
