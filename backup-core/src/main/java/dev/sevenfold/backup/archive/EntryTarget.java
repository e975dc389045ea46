package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.error.OperationFailed;

/**
 * What becomes of the entries of an archive while they are read: nothing, as it is. Fails with
 * {@link OperationFailed} alone, so that a full disk is never taken for a corrupt archive. Use from
 * one thread.
 */
interface EntryTarget {

  /** Looks at the bytes and lets them go. */
  EntryTarget NOWHERE = new EntryTarget() {};

  /** Before the first entry: whether there is room for all of them. */
  default void prepare(ArchiveManifest manifest) {}

  /** A folder, which may be there already because of something in it. */
  default void folder(Folder folder) {}

  /** An entry begins. */
  default void begin(Entry entry) {}

  /** The entry's next bytes, which are not yet verified. */
  default void write(byte[] bytes, int length) {}

  /** The entry is complete, and what the manifest says. */
  default void end() {}

  /** A symbolic link; all files are written by then. */
  default void link(Link link) {}

  /**
   * The archive is no good, or reading it failed: nothing of it may be left. What cannot be taken
   * away is added to {@code why} as suppressed.
   */
  default void discard(Throwable why) {}
}
