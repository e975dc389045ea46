package dev.sevenfold.backup.store;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps archives under labels: a folder, a server, memory. Implement this to keep them somewhere
 * else, and let {@code ArchiveStoreContract} of {@code backup-testkit} prove the implementation.
 *
 * <p>What every store promises:
 *
 * <ul>
 *   <li><b>Whole or not at all.</b> An archive is listed, and can be opened, only once it is whole
 *       and durable. An upload that fails or dies half way leaves nothing that is listed.
 *   <li><b>Never changed.</b> A published archive keeps its bytes until it is deleted. Publishing
 *       never replaces another archive, not even when two processes publish the same label at the
 *       same time: one gets {@link LabelTaken}.
 *   <li><b>Read after write.</b> What {@link #publish} returned from is seen by every later call,
 *       from every process.
 *   <li><b>Streaming.</b> Archives may be larger than memory; they are written and read as streams.
 *   <li><b>Names are exact.</b> A list for one tenant holds that tenant's archives alone. Files
 *       that are not archives are left alone and not listed.
 *   <li><b>Failures.</b> {@link StoreUnavailable} means that the same call may succeed later and
 *       that nothing was half done. A call whose connection was lost may nevertheless have taken
 *       effect: repeat it, or list. Everything else is not worth a retry.
 *   <li><b>Interrupts.</b> A call that an interrupt stops throws {@link OperationFailed}, with
 *       nothing half done. The thread's interrupt status stays set, whether the call stops or not.
 * </ul>
 *
 * <p>Thread-safe: a slow upload or download holds up no other call. Nothing is returned as null.
 */
public interface ArchiveStore extends AutoCloseable {

  /** Writes the content of an archive, once, from its first byte to its last. */
  @FunctionalInterface
  interface Content {
    /**
     * Writes everything to {@code out}. Any exception abandons the upload. Closing {@code out} does
     * nothing; it is of no use any more once this method has returned.
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Where the archives are, for people: {@code directory /srv/backups}. Holds no secret. */
  String describe();

  /**
   * Keeps a new archive, with its record. Returns once both are durable.
   *
   * <p>The record is there before the archive is: nobody ever sees the archive without it, also if
   * this process is killed.
   *
   * <p>Calls {@code content} at most once. An exception that it throws reaches the caller as it is,
   * when it is unchecked; nothing is published then. {@link Upload} does this part for those who
   * implement a store.
   *
   * @throws LabelTaken if the label is in use; {@code content} may have been called or not
   * @throws StoreUnavailable if the store failed, whatever {@code content} made of it; {@link
   *     StoreUnavailable#published()} if the archive is kept all the same
   * @throws OperationFailed if {@code content} failed with an {@link IOException} of its own, or
   *     the thread was interrupted
   */
  StoredArchive publish(Label label, ArchiveRecord record, Content content);

  /** As the one above, of bytes that nobody has looked at: lists ask the archive itself. */
  default StoredArchive publish(Label label, Content content) {
    return publish(label, ArchiveRecord.NONE, content);
  }

  /**
   * Opens an archive from its first byte. The caller closes the stream. Reading it to its end gives
   * {@link StoredArchive#sizeBytes()} bytes.
   *
   * @throws ArchiveNotFound if there is none
   * @throws StoreUnavailable if the store failed
   */
  default InputStream open(Label label) {
    return open(label, 0);
  }

  /**
   * Opens an archive from the byte at {@code offset} on, so that an interrupted download can go on.
   *
   * <p>If the store fails later, or somebody deletes the archive meanwhile, reading goes on or
   * throws {@link IOException}; it never ends early in silence.
   *
   * @param offset from 0 to the archive's size, which gives an empty stream
   * @throws IllegalArgumentException if {@code offset} is less than 0 or greater than the size
   * @throws ArchiveNotFound if there is none
   * @throws StoreUnavailable if the store failed
   */
  InputStream open(Label label, long offset);

  /**
   * An address at which the store itself hands an archive out, to whoever has it, until {@code
   * expiresAt} or earlier; for stores that sign such addresses. Empty, unless overridden: then the
   * host serves the bytes. A store that changes what it keeps, such as one that encrypts, must not
   * hand out another's address.
   *
   * @param fileName what the browser is to name the file
   * @throws ArchiveNotFound if there is none
   * @throws StoreUnavailable if the store failed
   */
  default Optional<URI> presign(Label label, String fileName, Instant expiresAt) {
    return Optional.empty();
  }

  /**
   * Finds one archive.
   *
   * @throws ArchiveNotFound if there is none
   * @throws StoreUnavailable if the store failed
   */
  StoredArchive stat(Label label);

  /**
   * Lists the owner's archives by label, ascending: restore points, pinned ones and safety
   * archives; and says what it may lack. A store around another one passes on what that one says.
   *
   * @throws StoreUnavailable if the store failed; a list is never short in silence
   */
  Listing list(ArchiveOwner owner);

  /**
   * Replaces the record of an archive, atomically. The last one wins. It is given back by every
   * later {@link #stat} and {@link #list} as it is; instants are kept to the millisecond at least.
   * Where a store knows that the archive is not the one any more that was recorded, it gives the
   * record back without its summary.
   *
   * @throws ArchiveNotFound if there is none
   * @throws StoreUnavailable if the store failed
   */
  StoredArchive record(Label label, ArchiveRecord record);

  /**
   * Deletes an archive and its record: what is published under the label later starts anew.
   * Deleting one that is not there does nothing, so that a retry is harmless.
   *
   * <p>{@linkplain #remembers Remembers} the digest that the record had. Where that cannot be, on a
   * full disk say, the archive is deleted all the same.
   *
   * @throws StoreUnavailable if the store failed
   */
  void delete(Label label);

  /**
   * Whether an archive with this digest was deleted under a label of this owner: then a copy that
   * comes back is one of ours. Archives without a summary in their record, and {@linkplain
   * StoredArchive#untrusted() untrusted} ones, are not remembered, and a store may forget the
   * oldest of thousands. A store that remembers nothing, as it is unless overridden, makes people
   * consent to more.
   *
   * @param owner one owner; of {@link ArchiveOwner#anyone()} nothing is remembered
   * @throws StoreUnavailable if the store failed
   */
  default boolean remembers(ArchiveOwner owner, ArchiveDigest digest) {
    return false;
  }

  /**
   * All that is kept under the name of an owner, looked at anew, a line each, for people: archives,
   * readable or not, their records, what is remembered of deleted ones. Empty only if there is
   * nothing. Unless overridden, what {@link #list} has; a store around another one passes it on.
   *
   * @param owner one owner
   * @throws StoreUnavailable if not all of the store answers
   */
  default List<String> kept(ArchiveOwner owner) {
    Listing listing = list(owner);
    return Stream.concat(
            listing.complete().stream().map(StoredArchive::label),
            listing.unreadable().stream().map(Listing.Unreadable::label))
        .map(label -> label + " in " + describe())
        .toList();
  }

  /**
   * Deletes all that {@link #kept} has of an owner, as far as the store has put it there itself: a
   * link, say, or a file of another name in a folder of the owner stays, and is still named. Nobody
   * may publish for the owner meanwhile. Does what is left to do when it is called again.
   *
   * @param owner one owner
   * @throws StoreUnavailable if the store failed; some may be gone
   */
  default void forget(ArchiveOwner owner) {
    Listing listing = list(owner);
    listing.complete().forEach(archive -> delete(archive.label()));
    listing.unreadable().forEach(archive -> delete(archive.label()));
  }

  /**
   * The places on this machine that the store keeps archives in, or reads keys from, so that a
   * backup of the system leaves them out and a restore leaves them alone. Empty, unless overridden.
   * A store around another one adds its own to those of the other.
   */
  default List<OwnPlace> ownPlaces() {
    return List.of();
  }

  /**
   * Lets the store note beside this database, a file of this machine, that it has been used: so
   * that a later process can tell a disk that is not mounted from a folder that is new. A store
   * around another one passes it on. Does nothing, unless overridden. Never fails.
   */
  default void noteUseBeside(Path database) {}

  /** Lets connections go. Does nothing the second time. */
  @Override
  void close();
}
