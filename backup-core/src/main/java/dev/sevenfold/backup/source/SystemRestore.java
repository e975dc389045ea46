package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;

/**
 * A restore of a whole system that is worked out and not yet done. Ask for its {@link #places},
 * extract the archive there, then {@link #apply}.
 *
 * <pre>{@code
 * try (SystemRestore restore = target.prepare(reader.readHead(head).manifest())) {
 *   reader.extract(archive, restore.places(), progress);
 *   restore.apply(Progress.none());
 * }
 * }</pre>
 *
 * <p>Use from one thread; close it to let its folder go.
 */
public interface SystemRestore extends AutoCloseable {

  /** What would be done, and what stands in its way. */
  SystemRestorePlan plan();

  /**
   * Where to extract the archive to, each part on the file system where it belongs. What was
   * extracted is moved from there into its place.
   *
   * @throws RestoreRefused if something stands in the way; nothing was changed
   * @throws OperationFailed if the folders cannot be made
   */
  EntryPlaces places();

  /**
   * Puts the system that was extracted to {@link #places} into its place: checks it, sets aside
   * what is there, moves it in, and asks the host whether it is well. If anything fails, what was
   * there comes back.
   *
   * @throws ArchiveCorrupt if a database is damaged; nothing was changed
   * @throws RestoreRefused if something stands in the way, or a check of the host failed; what was
   *     there is there
   * @throws OperationFailed if the disk failed; what was there is there, or comes back by {@link
   *     SystemTarget#recover}
   */
  RestoredSystem apply(Progress progress);

  /** Removes what was extracted and is not in its place. */
  @Override
  void close();
}
