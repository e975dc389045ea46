package dev.sevenfold.backup.source;

import java.util.Objects;

/**
 * How a restore goes about it. Immutable.
 *
 * @param collisions what to do about an id that another tenant's row has taken since
 * @param rowsPerTable how many rows of each table the plan shows; 0 shows none
 * @param dropped what to do about archived tables and columns that there are no more
 * @param toOthers what to do about references to other tenants' rows that only an archive from
 *     outside has
 */
public record RestoreOptions(
    Collisions collisions, int rowsPerTable, Dropped dropped, ToOthers toOthers) {

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

  /**
   * What to do about rows of an archive that was sent in, and that nobody here can say who made,
   * where they refer to another tenant's row: they do not now, and did not when an archive of the
   * tenant was made here.
   */
  public enum ToOthers {
    /** Refuse, with the list. */
    REFUSE,
    /** Restore them, which the plan's notes say. */
    ACCEPT
  }

  /**
   * Refuses collisions, references that nobody knows, and whatever would lose archived values, and
   * shows no rows.
   */
  public static final RestoreOptions DEFAULT =
      new RestoreOptions(Collisions.REFUSE, 0, Dropped.REFUSE, ToOthers.REFUSE);

  /** Requires all parts. */
  public RestoreOptions {
    Objects.requireNonNull(collisions, "collisions");
    Objects.requireNonNull(dropped, "dropped");
    Objects.requireNonNull(toOthers, "toOthers");
    if (rowsPerTable < 0) {
      throw new IllegalArgumentException("A plan cannot show " + rowsPerTable + " rows");
    }
  }

  /**
   * These options, giving new ids where ids are taken. Also what it takes to restore the archive of
   * one tenant into another.
   */
  public RestoreOptions remapping() {
    return new RestoreOptions(Collisions.REMAP, rowsPerTable, dropped, toOthers);
  }

  /** These options, showing up to so many rows of each table. */
  public RestoreOptions showingRows(int perTable) {
    return new RestoreOptions(collisions, perTable, dropped, toOthers);
  }

  /**
   * These options, consenting to leave out what tables and columns held that were dropped since the
   * backup. Where they were renamed, an {@link ArchiveMigration} keeps it.
   */
  public RestoreOptions leavingOutDropped() {
    return new RestoreOptions(collisions, rowsPerTable, Dropped.LEAVE_OUT, toOthers);
  }

  /**
   * These options, consenting to references to other tenants' rows that only an archive from
   * outside has: look at the list of a preview first. Whoever made the archive may have chosen
   * them.
   */
  public RestoreOptions acceptingReferencesToOthers() {
    return new RestoreOptions(collisions, rowsPerTable, dropped, ToOthers.ACCEPT);
  }
}
