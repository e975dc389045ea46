package dev.sevenfold.backup.store;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.io.UsedPlaces;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps archives as files of one {@link Folder}. Thread-safe, and safe with other processes that
 * use the same folder through a store of this kind, on its machine or from another.
 *
 * <p>Each owner has a folder in it, {@code tenant_7} with the tenant's id as labels have it, or
 * {@code system}; listing one owner reads that one only. An archive is the file {@code
 * <label>.tar.gz}, {@code .tar.zst}, {@code .age} or {@code .archive} in it, whichever its first
 * bytes call for; its record is {@code <label>.marks.json} beside it. A file that is put into the
 * folder of its owner under such a name is an archive of the store (copy it there under another
 * name first, then rename it). Everything else is left alone. So are symbolic links and folders
 * that are named like archives: what they lead to is not the store's to promise anything about.
 * {@link #list} names them as unreadable, and archives that are not in the folder of their owner.
 *
 * <p>The file {@code .sevenfold-store.json} says that archives lie like this; another layout, of a
 * later version, is refused by every call. A folder that a version before has filled has all
 * archives right in it, and no such file: it is used like that until {@link #convert} is called.
 *
 * <p>A record is written before its archive has its name, so that no archive is ever seen without
 * the one that it was published with. It holds the size of the archive's file, too: where another
 * file was put in its place, what the record says of its content does not count. One that cannot be
 * read counts as pinned, not verified and without a summary, until the archive is recorded again.
 *
 * <p>The digests of the last 10,000 archives of an owner that were deleted are in {@code
 * .sevenfold-deleted} in its folder.
 *
 * <p>An upload is {@code .upload-<random>} right in the folder, synced to the disk, and linked to
 * its name, which never replaces anything. What killed processes leave is removed at a publish.
 *
 * <p>Names differ in case where tenant ids do. On a file system that does not tell {@code A} from
 * {@code a} the label of one such tenant may find the archive of another; what is inside tells.
 */
public abstract class FolderArchiveStore implements ArchiveStore {

  private static final Logger LOG = LoggerFactory.getLogger(FolderArchiveStore.class);

  private final Folder folder;
  private final UsedPlaces used = new UsedPlaces();
  private final FolderLayout layout;
  private final FolderRecords records;
  private final FolderListing listing;
  private final LabelLocks locks;
  private final Leftovers leftovers;
  private final DeletedDigests deleted;
  private final StoreConversion conversion;
  private final FolderTraces traces;
  // So that threads of one process do not record what another one deletes.
  private final ReentrantLock changes = new ReentrantLock();

  /**
   * A store in this folder, which it closes.
   *
   * @param patience for others who are at work on a label: longer than anybody is who is alive
   * @param leftoverAge how long nobody has written to what is taken for a killed process's
   */
  protected FolderArchiveStore(Folder folder, Duration patience, Duration leftoverAge) {
    this.folder = Objects.requireNonNull(folder, "folder");
    layout = new FolderLayout(folder, used);
    records = new FolderRecords(folder);
    listing = new FolderListing(folder, layout, records);
    locks = new LabelLocks(folder, patience);
    leftovers = new Leftovers(folder, leftoverAge);
    deleted = new DeletedDigests(folder);
    conversion = new StoreConversion(folder, layout, records, locks);
    traces = new FolderTraces(folder, layout);
  }

  @Override
  public final String describe() {
    return folder.describe();
  }

  @Override
  public final List<OwnPlace> ownPlaces() {
    return folder.ownPlaces();
  }

  @Override
  public final void noteUseBeside(Path database) {
    used.beside(database);
  }

  @Override
  public final StoredArchive publish(Label label, ArchiveRecord record, Content content) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(record, "record");
    Objects.requireNonNull(content, "content");
    String upload = ArchiveFileName.newUpload();
    long size = -1;
    try {
      layout.requireStill(); // before anything is written there
      requireFree(label);
      layout.settle();
      FileHead head = new FileHead();
      size = write(upload, label, content, head);
      String file = label.value() + ArchiveFileName.suffixFor(head.bytes());
      try {
        StoredArchive archive = new StoredArchive(label, size, record);
        locks.holding(label, () -> name(upload, file, archive));
        used.note(folder.place());
        return archive;
      } catch (FileAlreadyExistsException e) {
        throw taken(label);
      }
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be published to", e);
    } finally {
      if (size < 0) {
        folder.abandon(upload);
      } else {
        folder.discard(upload);
      }
    }
  }

  private long write(String upload, Label label, Content content, FileHead head)
      throws IOException {
    try (Folder.NewFile file = folder.create(upload)) {
      leftovers.sweep(file.createdAt(), upload);
      long size = Upload.run(label, content, head.of(file.content()));
      long arrived = file.finish();
      if (arrived != size) {
        throw new IOException(arrived + " bytes arrived of " + size);
      }
      return size;
    }
  }

  private void name(String upload, String file, StoredArchive archive) throws IOException {
    Label label = archive.label();
    requireFree(label);
    FolderLayout.Kind kind = layout.current();
    String name = kind.placeOfNew(label) + file;
    boolean named = false;
    try {
      // First, and durable: a kill between the two leaves a record of nobody, and no archive
      // without its record.
      records.begin(kind, archive);
      folder.linkNew(upload, name);
      named = true;
      folder.sync(name);
      if (layout.current() != kind) {
        // Whoever converts the store may have looked at the root before it was there.
        conversion.move(label);
      }
    } catch (IOException e) {
      takeBack(label, named ? Optional.of(file) : Optional.empty(), e);
      throw e;
    }
  }

  /** A failed publish leaves nothing that is listed, and no record. */
  private void takeBack(Label label, Optional<String> file, IOException failure) {
    try {
      if (file.isPresent()) {
        // In both: it may have been moved before the failure.
        for (String place : FolderLayout.Kind.FLAT.places(label)) {
          folder.remove(place + file.get());
        }
      }
      // Where the answer was lost the archive may be there, with its record; not one put by hand.
      if (failure instanceof FileAlreadyExistsException || !listing.isTaken(label)) {
        records.delete(layout.current(), label);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public final InputStream open(Label label, long offset) {
    Objects.requireNonNull(label, "label");
    try {
      try {
        return openAt(label, offset);
      } catch (NoSuchFileException e) {
        // Between the look and the opening an archive is deleted, or it moves, but once.
        return openAt(label, offset);
      }
    } catch (NoSuchFileException e) {
      throw notFound(label);
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be opened in", e);
    }
  }

  private InputStream openAt(Label label, long offset) throws IOException {
    FolderListing.Found file = require(label);
    if (offset < 0 || offset > file.size()) {
      throw new IllegalArgumentException(
          "Archive " + label + " has " + file.size() + " bytes; it cannot be read from " + offset);
    }
    return folder.openAt(file.name(), offset, file.size());
  }

  @Override
  public final StoredArchive stat(Label label) {
    Objects.requireNonNull(label, "label");
    try {
      return listing.find(label).orElseThrow(() -> notFound(label));
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be looked up in", e);
    }
  }

  @Override
  public final Listing list(ArchiveOwner owner) {
    Objects.requireNonNull(owner, "owner");
    try {
      return listing.list(owner);
    } catch (IOException e) {
      throw failed("Archives could not be listed in", e);
    }
  }

  @Override
  public final StoredArchive record(Label label, ArchiveRecord newRecord) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(newRecord, "newRecord");
    changes.lock();
    try {
      if (layout.current() == FolderLayout.Kind.BY_OWNER) {
        write(label, newRecord);
      } else {
        // It is not to move meanwhile, or the record would be that of nobody.
        locks.awaiting(label, () -> write(label, newRecord));
      }
      Optional<FolderListing.Found> archive = listing.file(label);
      if (archive.isEmpty()) {
        // Another process deleted it in between: this record is nobody's.
        discardRecord(label);
        throw notFound(label);
      }
      return new StoredArchive(label, archive.get().size(), newRecord);
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be recorded in", e);
    } finally {
      changes.unlock();
    }
  }

  private void write(Label label, ArchiveRecord newRecord) throws IOException {
    if (layout.current() == FolderLayout.Kind.CONVERTING) {
      conversion.move(label);
    }
    FolderListing.Found file = require(label);
    records.write(file.place(), label, newRecord, file.size());
  }

  /** Unless somebody uses the label again, who replaces it himself. */
  private void discardRecord(Label label) throws IOException {
    try {
      locks.holding(label, () -> deleteRecordOfNobody(label));
    } catch (FileAlreadyExistsException e) {
      LOG.debug("The record of {} is left to whoever holds its lock", label, e);
    }
  }

  private void deleteRecordOfNobody(Label label) throws IOException {
    if (!listing.isTaken(label)) {
      records.delete(layout.current(), label);
    }
  }

  @Override
  public final void delete(Label label) {
    Objects.requireNonNull(label, "label");
    changes.lock();
    try {
      if (listing.isThere(label)) {
        // Or its record could be that of a new archive with this label.
        locks.awaiting(label, () -> deleteLocked(label));
      }
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be deleted from", e);
    } finally {
      changes.unlock();
    }
  }

  private void deleteLocked(Label label) throws IOException {
    Optional<FolderListing.Found> file = listing.file(label);
    layout.staysInUse(label);
    Optional<ArchiveDigest> digest = listing.find(label).flatMap(StoredArchive::remembered);
    deleted.remembering(digest, label, () -> deleteFiles(label, file));
  }

  private void deleteFiles(Label label, Optional<FolderListing.Found> file) throws IOException {
    List<String> places = layout.current().places(label);
    for (String place : places) {
      if (file.isPresent()) {
        folder.remove(place + file.get().file()); // in both, where a conversion was interrupted
      }
    }
    deleteRecordOfNobody(label);
    for (String place : places) {
      folder.sync(place + ArchiveFileName.recordOf(label));
    }
  }

  @Override
  public final boolean remembers(ArchiveOwner owner, ArchiveDigest digest) {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(digest, "digest");
    try {
      return deleted.contain(owner, digest);
    } catch (IOException e) {
      throw failed("Deleted archives could not be looked up in", e);
    }
  }

  @Override
  public final void forget(ArchiveOwner owner) {
    traces.remove(owner, this::delete);
  }

  @Override
  public final List<String> kept(ArchiveOwner owner) {
    return traces.of(owner);
  }

  /**
   * Moves the archives of a folder that a version before this one has filled into the folders of
   * their owners, and takes in what lies beside those. Stores of this version may go on meanwhile,
   * anywhere; those of versions before must have been stopped for good: they would find nothing.
   * May be killed at any time, and called again: it does what is left to do.
   *
   * @return the labels of the archives that were moved
   * @throws dev.sevenfold.backup.error.OperationFailed if a later version has laid out the folder;
   *     or, in the end, if files are left that have the label of another archive
   */
  public final List<Label> convert() {
    try {
      return conversion.run();
    } catch (IOException e) {
      throw failed("Archives could not be moved into folders in", e);
    }
  }

  /** Begins with this folder, also where it was used before. Where there are archives: nothing. */
  public final void prepare() {
    try {
      layout.prepare();
      used.note(folder.place());
    } catch (IOException e) {
      throw failed("Archives cannot be kept in", e);
    }
  }

  @Override
  public final void close() {
    folder.close();
  }

  private FolderListing.Found require(Label label) throws IOException {
    return listing.file(label).orElseThrow(() -> notFound(label));
  }

  private void requireFree(Label label) throws IOException {
    if (listing.isTaken(label)) {
      throw taken(label);
    }
  }

  private LabelTaken taken(Label label) {
    return new LabelTaken(
        "The label " + label + " is in use in " + describe(), "Choose another label");
  }

  private ArchiveNotFound notFound(Label label) {
    return new ArchiveNotFound(
        "There is no archive " + label + " in " + describe(),
        "List the archives to see what there is");
  }

  private BackupException failed(String what, IOException cause) {
    return folder.explain(what + " " + describe(), cause);
  }
}
