package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.SystemPlace;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What the restore of a system puts where, and what stands in its way. Immutable.
 *
 * @param placements the parts of the system, in the order of the archive
 * @param bytes how much space it takes before anything that is there goes
 * @param conflicts why the restore is refused; empty if it can be done
 * @param notes what a person should know
 */
public record SystemRestorePlan(
    List<Placement> placements, long bytes, List<String> conflicts, List<String> notes) {

  /**
   * One part of the system.
   *
   * @param place what it is
   * @param target where it goes
   * @param replaces whether something is there that is set aside
   */
  public record Placement(SystemPlace place, Path target, boolean replaces) {
    /** Requires all parts. */
    public Placement {
      Objects.requireNonNull(place, "place");
      Objects.requireNonNull(target, "target");
    }
  }

  /** Copies the lists. */
  public SystemRestorePlan {
    placements = List.copyOf(placements);
    conflicts = List.copyOf(conflicts);
    notes = List.copyOf(notes);
  }
}
