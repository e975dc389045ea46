package dev.sevenfold.backup.source;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.SourceUnavailable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a system is made of: its databases and its file trees. Takes a copy of all of it
 * while the system goes on; a {@link SystemTarget} puts such a copy back.
 *
 * <p>Thread-safe.
 */
public interface SystemSource extends ArchiveVerifier.Systems, AutoCloseable {

  /**
   * The right to number and publish a backup of a system, until it is closed. Close it in the same
   * thread.
   */
  @FunctionalInterface
  interface Lock extends AutoCloseable {

    @Override
    void close();
  }

  /** What is backed up, for people. Holds no secret. */
  String describe();

  /**
   * Takes the lock of the system, shared with all threads and processes that back it up on this
   * machine, as far as there is one. Waits until the other backup is published, though not for
   * ever: it is no reason not to make this one.
   */
  default Lock lock() {
    return () -> {};
  }

  /**
   * Copies the databases into {@code scratch}, each as of one instant, and reads the file trees.
   * Writers go on.
   *
   * <p>The databases are as of the same instant, up to the milliseconds that it takes to begin a
   * transaction on each of them. The trees are read after the databases: a file that a row names
   * was there before the row, and so is in the snapshot unless it was deleted since. Files are read
   * where they are, not copied. A tree that is not there is part of the result, by {@link
   * SystemSnapshot#unmounted}: whoever backs up decides on it.
   *
   * @param scratch an empty folder of the caller, who deletes it when the archive is written. If it
   *     is on the file system of a tree, that tree's files are held by hard links in it, so that
   *     deleting one meanwhile does not fail the backup.
   * @throws BackupRefused if something cannot be kept in an archive, or must not be read
   * @throws SourceUnavailable if a database cannot be read
   * @throws OperationFailed if a file cannot be read, or changes each time that it is read
   */
  SystemSnapshot snapshot(Path scratch, Progress progress);

  /**
   * As {@link #snapshot(Path, Progress)}, for a caller who knows where backups themselves live: a
   * source of file trees leaves these places out, and says so in the warnings. A source that does
   * not override this does neither.
   *
   * @param own the store, the scratch folder, keys; they need not be in what is backed up
   */
  default SystemSnapshot snapshot(Path scratch, List<OwnPlace> own, Progress progress) {
    return snapshot(scratch, progress);
  }

  /** The file of this machine that the first database is, to keep notes beside; empty if none. */
  default Optional<Path> databaseFile() {
    return Optional.empty();
  }

  /** Releases everything. Does nothing the second time. */
  @Override
  void close();
}
