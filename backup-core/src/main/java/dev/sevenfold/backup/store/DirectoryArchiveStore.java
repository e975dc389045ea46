package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.tenant.Label;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps archives as files of one folder, on a disk of its own if you can. Thread-safe, and safe
 * with other processes that use the same folder through this class.
 *
 * <p>An archive is the file {@code <label>.tar.gz}, {@code .tar.zst}, {@code .age} or {@code
 * .archive}, whichever its first bytes call for; its marks are {@code <label>.marks.json}. A file
 * that is put into the folder under such a name is an archive of the store (copy it there under
 * another name first, then rename it). Everything else in the folder is left alone. So are symbolic
 * links, also those that are named like archives: what they lead to is not the store's to promise
 * anything about. The folder itself may be one.
 *
 * <p>Marks that cannot be read count as pinned and not proven, until the archive is marked again.
 *
 * <p>Files are created with mode {@code 600}, the folder, if it is missing, with {@code 700}. An
 * upload is written to {@code .upload-<random>}, synced to the disk, linked to its name, which
 * never replaces anything, and the folder is synced. Uploads of killed processes are removed a day
 * later, at a publish.
 *
 * <p>Names differ in case where tenant ids do. On a file system that does not tell {@code A} from
 * {@code a}, two such tenants still get files of their own, but the label of the one may find the
 * archive of the other; the identity inside the archive tells them apart.
 */
public final class DirectoryArchiveStore implements ArchiveStore {

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryArchiveStore.class);

  private static final int BUFFER_SIZE = 1 << 16;

  private final DurableFolder folder;
  private final DirectoryMarks marks;
  private final DirectoryListing listing;
  private final LabelClaims claims;
  private final Leftovers leftovers;
  // So that threads of one process do not mark what another one relabels or deletes.
  private final ReentrantLock changes = new ReentrantLock();

  private DirectoryArchiveStore(Path root, Clock clock, Duration patience) {
    folder = new DurableFolder(root);
    marks = new DirectoryMarks(folder);
    listing = new DirectoryListing(folder, marks);
    claims = new LabelClaims(folder, patience);
    leftovers = new Leftovers(folder, clock);
  }

  /** A store in this folder, which is created when the first archive is published. */
  public static DirectoryArchiveStore at(Path folder) {
    return at(folder, Clock.systemUTC());
  }

  /** As {@link #at(Path)}; {@code clock} tells how old the leftovers of killed uploads are. */
  public static DirectoryArchiveStore at(Path folder, Clock clock) {
    return at(folder, clock, LabelClaims.PATIENCE);
  }

  /** As {@link #at(Path, Clock)}; {@code patience} is for others who are at work on a label. */
  static DirectoryArchiveStore at(Path folder, Clock clock, Duration patience) {
    return new DirectoryArchiveStore(
        Objects.requireNonNull(folder, "folder"), Objects.requireNonNull(clock, "clock"), patience);
  }

  @Override
  public String describe() {
    return "directory " + folder.root();
  }

  @Override
  public List<OwnPlace> ownPlaces() {
    return List.of(OwnPlace.namedIn("the store", folder.root(), ArchiveFileName::isOwn));
  }

  @Override
  public StoredArchive publish(Label label, Content content) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(content, "content");
    Path upload = folder.newTemporary();
    try {
      folder.ensureExists();
      leftovers.sweep();
      requireFree(label);
      try {
        long size = write(upload, label, content);
        publish(label, upload);
        return new StoredArchive(label, size, Marks.NONE);
      } finally {
        folder.discard(upload);
      }
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be published to", e);
    }
  }

  private long write(Path upload, Label label, Content content) throws IOException {
    try (FileChannel channel = folder.create(upload)) {
      OutputStream sink = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_SIZE);
      long size = Upload.run(label, content, sink);
      channel.force(true);
      if (channel.size() != size) {
        throw new IOException(channel.size() + " bytes arrived of " + size);
      }
      return size;
    }
  }

  private void publish(Label label, Path upload) throws IOException {
    Path file = folder.file(label.value() + suffixOf(upload));
    try {
      claims.holding(
          label,
          () -> {
            requireFree(label);
            marks.delete(label); // of an archive that somebody removed by hand
            folder.nameExclusively(upload, file);
            syncOrTakeBack(file);
          });
    } catch (FileAlreadyExistsException e) {
      throw taken(label);
    }
  }

  private void syncOrTakeBack(Path published) throws IOException {
    try {
      folder.sync();
    } catch (IOException e) {
      Files.deleteIfExists(published); // a failed publish leaves nothing that is listed
      throw e;
    }
  }

  private static String suffixOf(Path upload) throws IOException {
    try (InputStream in = Files.newInputStream(upload)) {
      return ArchiveFileName.suffixFor(in.readNBytes(ArchiveFileName.HEAD_LENGTH));
    }
  }

  @Override
  public InputStream open(Label label, long offset) {
    Objects.requireNonNull(label, "label");
    try {
      Path file = require(label);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      try {
        long size = channel.size();
        if (offset < 0 || offset > size) {
          throw new IllegalArgumentException(
              "Archive " + label + " has " + size + " bytes; it cannot be read from " + offset);
        }
        return Channels.newInputStream(channel.position(offset));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw notFound(label);
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be opened in", e);
    }
  }

  @Override
  public StoredArchive stat(Label label) {
    Objects.requireNonNull(label, "label");
    try {
      return listing.find(label).orElseThrow(() -> notFound(label));
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be looked up in", e);
    }
  }

  @Override
  public List<StoredArchive> list(ArchiveOwner owner) {
    Objects.requireNonNull(owner, "owner");
    try {
      return listing.list(owner);
    } catch (IOException e) {
      throw failed("Archives could not be listed in", e);
    }
  }

  @Override
  public StoredArchive relabel(Label from, Label to) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    changes.lock();
    try {
      StoredArchive archive = listing.find(from).orElseThrow(() -> notFound(from));
      if (from.equals(to)) {
        throw taken(to);
      }
      // The old label too: whoever brought it into use again meanwhile would lose his marks to
      // this.
      claims.awaiting(from, () -> claims.holding(to, () -> relabel(require(from), from, to)));
      return new StoredArchive(to, archive.sizeBytes(), marks.read(to));
    } catch (FileAlreadyExistsException e) {
      throw taken(to);
    } catch (NoSuchFileException e) {
      throw notFound(from);
    } catch (IOException e) {
      throw failed("Archive " + from + " could not be relabelled to " + to + " in", e);
    } finally {
      changes.unlock();
    }
  }

  /** Marks go first and come last: whenever this is cut off, a pin is there under both labels. */
  private void relabel(Path source, Label from, Label to) throws IOException {
    requireFree(to);
    String suffix = source.getFileName().toString().substring(from.value().length());
    byte[] copied = marks.copy(from, to);
    try {
      folder.rename(source, folder.file(to.value() + suffix));
    } catch (IOException e) {
      marks.delete(to);
      throw e;
    }
    folder.sync();
    marks.move(from, to, copied);
  }

  @Override
  public StoredArchive mark(Label label, Marks newMarks) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(newMarks, "newMarks");
    changes.lock();
    try {
      require(label);
      marks.write(label, newMarks);
      Optional<BasicFileAttributes> archive = listing.attributes(label);
      if (archive.isEmpty()) {
        // Another process deleted or relabelled it in between: these marks are nobody's.
        discardMarks(label);
        throw notFound(label);
      }
      return new StoredArchive(label, archive.get().size(), newMarks);
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be marked in", e);
    } finally {
      changes.unlock();
    }
  }

  /** Unless somebody is about to use the label again, who removes them himself. */
  private void discardMarks(Label label) throws IOException {
    try {
      claims.holding(label, () -> deleteMarksOfNobody(label));
    } catch (FileAlreadyExistsException e) {
      LOG.debug("The marks of {} are left to whoever has claimed it", label, e);
    }
  }

  private void deleteMarksOfNobody(Label label) throws IOException {
    if (!listing.isTaken(label)) {
      marks.delete(label);
    }
  }

  @Override
  public void delete(Label label) {
    Objects.requireNonNull(label, "label");
    changes.lock();
    try {
      if (listing.isTaken(label) || marks.areThere(label)) {
        // Or the marks that go with it could be those of a new archive with this label.
        claims.awaiting(label, () -> deleteClaimed(label));
      }
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be deleted from", e);
    } finally {
      changes.unlock();
    }
  }

  private void deleteClaimed(Label label) throws IOException {
    Optional<Path> file = listing.file(label);
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
    deleteMarksOfNobody(label);
    folder.sync();
  }

  @Override
  public void close() {}

  private Path require(Label label) throws IOException {
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

  private RuntimeException failed(String what, IOException cause) {
    return DirectoryFailures.explain(what + " " + describe(), folder.root(), cause);
  }
}
