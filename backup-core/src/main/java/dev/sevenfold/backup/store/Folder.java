package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.source.OwnPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A folder that a {@link FolderArchiveStore} keeps its files in, on this machine or another:
 * implement this to keep archives where there are files. Names are those of files right in the
 * folder, or of files in one folder of it, {@code tenant_7/tenant_7_2026-11-22.tar.gz}. Links are
 * never followed, though the folder itself may be reached through one: what is in the place of a
 * folder in front and is none, {@link #list}, {@link #stat} and {@link #linkNew} refuse.
 *
 * <p>What is done twice does no harm, or is not done twice: a folder that can lose the answer to a
 * call finds out whether it has taken effect. What fails with an {@link IOException} may have taken
 * effect only if {@link #explain} says that nobody knows.
 *
 * <p>Thread-safe.
 */
public interface Folder extends AutoCloseable {

  /**
   * What is known of a file without opening it. Immutable.
   *
   * @param sizeBytes its length
   * @param regular whether it is an ordinary file, not a folder or a link
   * @param folder whether it is a folder; where nobody can tell, both are true
   * @param modified when it was last written to, by the clock of {@link NewFile#createdAt}
   */
  record Entry(long sizeBytes, boolean regular, boolean folder, Instant modified) {}

  /** A small file that was asked for, among others. Immutable. */
  @FunctionalInterface
  interface SmallFile {
    /**
     * Its content.
     *
     * @throws IOException if this file could not be read, or is longer than was agreed
     */
    byte[] bytes() throws IOException;
  }

  /** A file that is being written, and that nobody looks for yet. Use from one thread. */
  interface NewFile extends AutoCloseable {

    /** When the file was created, by the clock that dates the folder's files. */
    Instant createdAt();

    /** Where the content goes to. Not to be closed. */
    OutputStream content();

    /**
     * Returns once the content is on the disk; nothing can be added any more.
     *
     * @return how many bytes the file has
     */
    long finish() throws IOException;

    /** Ends the writing, finished or not; the file stays. Never fails. */
    @Override
    void close();
  }

  /** Where it is, for people. Holds no secret. */
  String describe();

  /**
   * Which folder it is, by which it is known again in another process: the same text, however the
   * path to it was given. Holds no secret.
   */
  default String place() {
    return describe();
  }

  /** As {@link ArchiveStore#ownPlaces}. */
  List<OwnPlace> ownPlaces();

  /**
   * What lies in folders, many of them as fast as a few; one that is not there has nothing in it.
   *
   * @param folders names of folders of this one, or the empty text for this one itself
   * @param wanted whether to list what has this name in its folder
   * @return by name, with the folder in front
   */
  Map<String, Entry> list(Collection<String> folders, Predicate<String> wanted) throws IOException;

  /** What has one of these names, by name, looked at in this order; the others are left out. */
  Map<String, Entry> stat(Collection<String> names) throws IOException;

  /**
   * Reads small files in this order, many as fast as a few; those that are not there are left out.
   * One that cannot be read keeps no other from being read.
   */
  Map<String, SmallFile> readSmall(Collection<String> names, int maxBytes) throws IOException;

  /**
   * Opens a file at a byte of it.
   *
   * @param size how many bytes it has; reading never ends before without an exception
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  InputStream openAt(String name, long offset, long size) throws IOException;

  /** Creates a file that nobody but the owner can read, and the folder, if that is missing. */
  NewFile create(String name) throws IOException;

  /**
   * Creates a small file that is not there yet. What it contains may be left out where the answer
   * to a call cannot be lost: it tells what this call has made from what another one has.
   *
   * @throws FileAlreadyExistsException if another call has made it
   * @throws java.nio.file.FileSystemException if it cannot be made, on a full disk say
   */
  void createNew(String name, byte[] content) throws IOException;

  /**
   * Gives a finished file its name, unless the name is taken; makes the folder in front of the
   * name, if that is missing, durably and for the owner alone. Whether the file keeps the other
   * name beside, nobody relies on.
   *
   * @throws FileAlreadyExistsException if another file has the name
   */
  void linkNew(String temporary, String name) throws IOException;

  /**
   * Puts a small file in place, whole, in the place of what was there; makes the folder in front of
   * the name as {@link #linkNew} does. Durable on return.
   */
  void replace(String name, byte[] content) throws IOException;

  /** Removes a file, if it is there. */
  void remove(String name) throws IOException;

  /**
   * Removes a folder of this one if there is nothing in it. Does nothing, unless overridden: an
   * empty folder is in nobody's way.
   */
  default void removeEmptyFolder(String name) throws IOException {}

  /**
   * Removes a file of the caller's own, if it is there: at once, or as soon as that can be done.
   * Never fails.
   */
  void discard(String name);

  /**
   * As {@link #discard}, of a file that was broken off, and never got another name: where nobody
   * may remove it, it takes no room at least.
   */
  void abandon(String name);

  /** Returns once it is durable that this name is there, or is not. */
  void sync(String name) throws IOException;

  /** Waits a moment for others. */
  default void rest(Duration pause) throws InterruptedIOException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while somebody else was at work on a label");
    }
  }

  /**
   * Says what a failure means, and what to do about it. Asked while what was written is still
   * there.
   *
   * @param what what did not work, as the beginning of a sentence
   */
  BackupException explain(String what, IOException cause);

  /** Lets connections go. Does nothing the second time. */
  @Override
  void close();
}
