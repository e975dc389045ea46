package dev.sevenfold.backup.source;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.SourceUnavailable;
import java.nio.file.Path;

/**
 * Everything that a system is made of: its databases and its file trees. Takes a copy of all of it
 * while the system goes on; a {@link SystemTarget} puts such a copy back.
 *
 * <p>Thread-safe.
 */
public interface SystemSource extends SystemVerifier, AutoCloseable {

  /** What is backed up, for people. Holds no secret. */
  String describe();

  /**
   * Copies the databases into {@code scratch}, each as of one instant, and reads the file trees.
   * Writers go on.
   *
   * <p>The databases are as of the same instant, up to the milliseconds that it takes to begin a
   * transaction on each of them. The trees are read after the databases: a file that a row names
   * was there before the row, and so is in the snapshot unless it was deleted since. Files are read
   * where they are, not copied.
   *
   * @param scratch an empty folder of the caller, who deletes it when the archive is written. If it
   *     is on the file system of a tree, that tree's files are held by hard links in it, so that
   *     deleting one meanwhile does not fail the backup.
   * @throws BackupRefused if something cannot be kept in an archive, or must not be read
   * @throws SourceUnavailable if a database cannot be read, or a tree is not there
   * @throws OperationFailed if a file cannot be read, or changes each time that it is read
   */
  SystemSnapshot snapshot(Path scratch, Progress progress);

  /** Lets go of everything. Does nothing the second time. */
  @Override
  void close();
}
