package dev.sevenfold.backup.source;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a restore goes about it. Immutable.
 *
 * <p>A restore brings back all of a tenant, or a part of it:
 *
 * <pre>{@code
 * // Bring back what was deleted, and leave everything else as it is.
 * RestoreOptions deleted = RestoreOptions.DEFAULT.creatingOnly();
 *
 * // Two customers, with all that hangs below them.
 * RestoreOptions customers = RestoreOptions.DEFAULT.rows("customers", "17", "18");
 *
 * // One field that was overwritten everywhere.
 * RestoreOptions names =
 *     RestoreOptions.DEFAULT.doing(RestoreOptions.Change.UPDATE).only("projects.name");
 * }</pre>
 *
 * @param collisions what to do about an id that another tenant's row has taken since
 * @param rowsPerTable how many rows of each table the plan shows; 0 shows none
 * @param dropped what to do about archived tables and columns that there are no more
 * @param toOthers what to do about references to other tenants' rows that only an archive from
 *     outside has
 * @param part what of the tenant is brought back
 * @param exactly the plan that alone is executed; empty for whatever it takes now
 */
public record RestoreOptions(
    Collisions collisions,
    int rowsPerTable,
    Dropped dropped,
    ToOthers toOthers,
    Part part,
    Optional<PlanDigest> exactly) {

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

  /** What a restore does to rows. */
  public enum Change {
    /** Rows that are missing now come back. */
    CREATE,
    /** Rows that are there with other values get those of the archive. */
    UPDATE,
    /** Rows that the archive has not go. */
    DELETE
  }

  /**
   * What of a tenant a restore brings back. Whatever it does not name stays as it is, with its
   * files. Immutable.
   *
   * @param changes what is done to rows; at least one
   * @param only the tables, {@code customers}, and single columns, {@code projects.name}, that are
   *     restored; empty for all. Of a table of which only columns are named, rows that are there
   *     get these columns back, missing ones come whole, and none goes
   * @param rows by their tables, the keys of the rows that are restored, each with all that hangs
   *     below it; empty for all. A key of several columns has {@code /} between its parts, and a
   *     part's own as {@code \/}; a blob is written in hexadecimal
   * @param takesBack whether it is what the restore wrote that the archive, a safety archive, was
   *     taken for; then the others name everything
   */
  public record Part(
      Set<Change> changes, List<String> only, Map<String, List<String>> rows, boolean takesBack) {

    /** All of the tenant. */
    public static final Part WHOLE =
        new Part(EnumSet.allOf(Change.class), List.of(), Map.of(), false);

    /** What the restore of a part wrote, out of the safety archive that was taken for it. */
    public static final Part WRITTEN =
        new Part(EnumSet.allOf(Change.class), List.of(), Map.of(), true);

    /** Requires a change, and copies the rest. */
    public Part {
      if (changes.isEmpty()) {
        throw new IllegalArgumentException("A restore that neither creates, updates nor deletes");
      }
      changes = Set.copyOf(changes);
      only = List.copyOf(only);
      Map<String, List<String>> copy = new LinkedHashMap<>();
      rows.forEach((table, keys) -> copy.put(table, List.copyOf(keys)));
      rows = Map.copyOf(copy);
      boolean isNarrowed = changes.size() < Change.values().length || !only.isEmpty();
      if (takesBack && (isNarrowed || !rows.isEmpty())) {
        throw new IllegalArgumentException("A restore is taken back as a whole, not in parts");
      }
    }

    /** Whether this is all of the tenant. */
    public boolean isWhole() {
      return equals(WHOLE);
    }

    private Part with(Set<Change> now) {
      return new Part(now, only, rows, takesBack);
    }

    private Part and(List<String> names) {
      List<String> all = new ArrayList<>(only);
      all.addAll(names);
      return new Part(changes, all, rows, takesBack);
    }

    private Part and(String table, List<String> keys) {
      Map<String, List<String>> all = new LinkedHashMap<>(rows);
      List<String> ofTable = new ArrayList<>(all.getOrDefault(table, List.of()));
      ofTable.addAll(keys);
      all.put(table, ofTable);
      return new Part(changes, only, all, takesBack);
    }
  }

  /**
   * Refuses collisions, references that nobody knows, and whatever would lose archived values,
   * shows no rows, and restores all of the tenant.
   */
  public static final RestoreOptions DEFAULT =
      new RestoreOptions(
          Collisions.REFUSE, 0, Dropped.REFUSE, ToOthers.REFUSE, Part.WHOLE, Optional.empty());

  /**
   * Requires all of them.
   *
   * @throws IllegalArgumentException for a part of a tenant with new ids: it is restored in place
   */
  public RestoreOptions {
    Objects.requireNonNull(collisions, "collisions");
    Objects.requireNonNull(dropped, "dropped");
    Objects.requireNonNull(toOthers, "toOthers");
    Objects.requireNonNull(exactly, "exactly");
    if (collisions == Collisions.REMAP && !part.isWhole() && !part.takesBack()) {
      throw new IllegalArgumentException(
          "A part of a tenant is restored in place, under the ids that its rows have: either"
              + " remapping(), or "
              + part);
    }
    if (rowsPerTable < 0) {
      throw new IllegalArgumentException("A plan cannot show " + rowsPerTable + " rows");
    }
  }

  /**
   * These options, giving new ids where ids are taken. Also what it takes to restore the archive of
   * one tenant into another.
   */
  public RestoreOptions remapping() {
    return new RestoreOptions(Collisions.REMAP, rowsPerTable, dropped, toOthers, part, exactly);
  }

  /** These options, showing up to so many rows of each table. */
  public RestoreOptions showingRows(int perTable) {
    return new RestoreOptions(collisions, perTable, dropped, toOthers, part, exactly);
  }

  /**
   * These options, consenting to leave out what tables and columns held that were dropped since the
   * backup. Where they were renamed, an {@link ArchiveMigration} keeps it.
   */
  public RestoreOptions leavingOutDropped() {
    return new RestoreOptions(collisions, rowsPerTable, Dropped.LEAVE_OUT, toOthers, part, exactly);
  }

  /**
   * These options, consenting to references to other tenants' rows that only an archive from
   * outside has: look at the list of a preview first. Whoever made the archive may have chosen
   * them.
   */
  public RestoreOptions acceptingReferencesToOthers() {
    return new RestoreOptions(collisions, rowsPerTable, dropped, ToOthers.ACCEPT, part, exactly);
  }

  /** These options, bringing back what was deleted, and doing nothing else. */
  public RestoreOptions creatingOnly() {
    return doing(Change.CREATE);
  }

  /** These options, doing this to rows, and nothing else. */
  public RestoreOptions doing(Change first, Change... more) {
    return with(part.with(EnumSet.of(first, more)));
  }

  /**
   * These options, restoring these tables, {@code customers}, and single columns, {@code
   * projects.name}, beside those that were named before.
   */
  public RestoreOptions only(String... tablesAndColumns) {
    return with(part.and(List.of(tablesAndColumns)));
  }

  /**
   * These options, restoring rows of a table by their keys, beside those that were named before:
   * each with all that hangs below it, and with rows above that it needs and that are missing now.
   */
  public RestoreOptions rows(String table, String... keys) {
    return with(part.and(table, List.of(keys)));
  }

  /**
   * These options, of a safety archive: taking back what its restore wrote, and nothing that was
   * done since. If that restored all of the tenant, all goes back to what it was.
   *
   * @throws IllegalArgumentException if a part was chosen
   */
  public RestoreOptions takingBack() {
    return with(new Part(part.changes, part.only, part.rows, true));
  }

  /**
   * These options, executing the plan that has this identity, and no other: if the restore would
   * write anything else by now, it is refused, with what differs.
   */
  public RestoreOptions exactly(PlanDigest shown) {
    return new RestoreOptions(
        collisions, rowsPerTable, dropped, toOthers, part, Optional.of(shown));
  }

  /** These options, restoring this part. */
  public RestoreOptions with(Part chosen) {
    return new RestoreOptions(collisions, rowsPerTable, dropped, toOthers, chosen, exactly);
  }
}
