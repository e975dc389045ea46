package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.error.OperationFailed;

/**
 * What becomes of the entries of an archive while they are read. Fails with {@link OperationFailed}
 * alone, so that a full disk is never taken for a corrupt archive. Use from one thread.
 */
interface EntryTarget {

  /** Before the first entry: whether there is room for all of them. */
  void prepare(ArchiveManifest manifest);

  /** A folder, which may be there already because of something in it. */
  void folder(Folder folder);

  /** An entry begins. */
  void begin(Entry entry);

  /** The entry's next bytes, which are not yet verified. */
  void write(byte[] bytes, int length);

  /** The entry is complete, and what the manifest says. */
  void end();

  /** A symbolic link; all files are written by then. */
  void link(Link link);

  /**
   * The archive is no good, or reading it failed: nothing of it may be left. What cannot be taken
   * away is added to {@code why} as suppressed.
   */
  void discard(Throwable why);

  /** Looks at the bytes and lets them go. */
  static EntryTarget nowhere() {
    return new EntryTarget() {
      @Override
      public void prepare(ArchiveManifest manifest) {}

      @Override
      public void folder(Folder folder) {}

      @Override
      public void link(Link link) {}

      @Override
      public void begin(Entry entry) {}

      @Override
      public void write(byte[] bytes, int length) {}

      @Override
      public void end() {}

      @Override
      public void discard(Throwable why) {}
    };
  }
}
