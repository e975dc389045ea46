package dev.sevenfold.backup.report;

import java.util.List;
import java.util.Optional;

/**
 * What one look at the store has found of an owner. Immutable.
 *
 * @param points what can be gone back to, the newest first
 * @param unreadable what has the name of such an archive and does not say what it is, the latest
 *     label first
 */
public record ArchiveList(List<RestorePoint> points, List<UnreadableArchive> unreadable) {

  /** Copies the lists. */
  public ArchiveList {
    points = List.copyOf(points);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * Of what a tenant's restores can be taken back with, the one that an undo goes back to: the
   * first, if it is verified, and none that cannot be read may have been published after it.
   */
  public Optional<RestorePoint> undoPoint() {
    return points.stream()
        .findFirst()
        .filter(last -> last.verified() && maybeNewer(last).isEmpty());
  }

  /** Those that cannot be read and were, or may have been, published after this one. */
  public List<UnreadableArchive> maybeNewer(RestorePoint point) {
    return unreadable.stream().filter(archive -> archive.mayBeNewerThan(point)).toList();
  }
}
