package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.tenant.Label;
import java.util.List;

/**
 * Finds out which places of a mirror a relabel has to change, before it changes any. A place may
 * have been relabelled by an earlier call that failed in the next one. Use from one thread.
 */
final class MirroredRelabel {

  private final List<ArchiveStore> places;
  private final Label from;
  private final Label to;

  MirroredRelabel(List<ArchiveStore> places, Label from, Label to) {
    this.places = places;
    this.from = from;
    this.to = to;
  }

  /**
   * The places that have the archive under its old label; none of them uses the new one.
   *
   * @throws LabelTaken if the new label is in use for another archive, wherever that is
   */
  List<ArchiveStore> places() {
    List<ArchiveStore> having = places.stream().filter(place -> has(place, from)).toList();
    if (having.isEmpty()) {
      return having;
    }
    List<ArchiveStore> using = places.stream().filter(place -> has(place, to)).toList();
    for (ArchiveStore place : using) {
      if (having.contains(place) || !SameBytes.in(having.get(0), from, place, to)) {
        throw new LabelTaken(
            "The label " + to + " is in use in " + place.describe(), "Choose another label");
      }
    }
    return having;
  }

  private static boolean has(ArchiveStore place, Label label) {
    try {
      place.stat(label);
      return true;
    } catch (ArchiveNotFound e) {
      return false;
    }
  }
}
