package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.archive.OwnPlace;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps archives as files of a folder on another machine, over SFTP. Thread-safe, and safe with
 * other processes that use the same folder through this class.
 *
 * <pre>{@code
 * ArchiveStore store =
 *     SftpArchiveStore.builder("backup.example", "app", "/srv/backups")
 *         .privateKey(Path.of("/etc/app/id_ed25519"))
 *         .knownHosts(Path.of("/etc/app/known_hosts"))
 *         .build();
 * }</pre>
 *
 * <p>The folder looks like that of a {@code DirectoryArchiveStore}: the archive {@code
 * <label>.tar.gz} (or {@code .tar.zst}, {@code .age}, {@code .archive}), its marks {@code
 * <label>.marks.json}. Either kind of store reads a folder that the other has written. Everything
 * else in it is left alone.
 *
 * <p>An upload is written to {@code .upload-<random>}, mode {@code 600} while it is still empty,
 * synced to the server's disk, and then linked to its name, which never replaces anything. What the
 * server lacks of OpenSSH's extensions is done the next best way; {@code docs/sftp.md} says which.
 *
 * <p>All calls share one connection, which is made at the first call and made anew when it was
 * lost. A call that a lost connection breaks off is tried again, unless it has begun to read the
 * content of an upload. No call waits for a silent server longer than the timeouts; a host key that
 * is unknown or has changed, a key that the server does not take and a permission that is missing
 * are reported at once. Each is a {@link dev.sevenfold.backup.error.StoreUnavailable} that says
 * what to do.
 *
 * <p>A few uploads go on at a time; others wait for them. Content must therefore not publish to the
 * store that it is being published to. After {@link #close} every call throws {@link
 * IllegalStateException}.
 */
public final class SftpArchiveStore implements ArchiveStore {

  private static final Logger LOG = LoggerFactory.getLogger(SftpArchiveStore.class);

  private final SftpParts parts;
  private final Failures failures;
  private final Semaphore uploads;
  // So that threads of one process do not mark what another one relabels or deletes.
  private final ReentrantLock changes = new ReentrantLock();

  SftpArchiveStore(SftpSettings settings) {
    this.parts = SftpParts.of(settings);
    this.failures = new Failures(parts);
    this.uploads = new Semaphore(settings.uploads(), true);
  }

  /**
   * Begins a store in a folder of a server. Nothing is connected before the first call.
   *
   * @param host the server's name or address
   * @param user the account there
   * @param folder the folder for the archives, absolute or from where the account's session starts;
   *     created when the first archive is published, if the one above it is there
   */
  public static SftpArchiveStoreBuilder builder(String host, String user, String folder) {
    return new SftpArchiveStoreBuilder(host, user, folder);
  }

  @Override
  public String describe() {
    return "sftp " + parts.settings().account() + " folder " + parts.settings().folder();
  }

  @Override
  public List<OwnPlace> ownPlaces() {
    // Not the folder: which machine the server is, this one cannot know.
    return parts.settings().login().ownPlaces();
  }

  @Override
  public StoredArchive publish(Label label, Content content) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(content, "content");
    try {
      acquireUpload();
      try {
        long size = new Publication(parts, label).run(content);
        return new StoredArchive(label, size, Marks.NONE);
      } finally {
        uploads.release();
      }
    } catch (FileAlreadyExistsException e) {
      throw taken(label);
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be published to", e);
    }
  }

  private void acquireUpload() throws InterruptedIOException {
    try {
      uploads.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting for other uploads");
    }
  }

  @Override
  public InputStream open(Label label, long offset) {
    Objects.requireNonNull(label, "label");
    try {
      return parts.retries().run(sftp -> open(sftp, label, offset));
    } catch (NoSuchFileException e) {
      throw notFound(label);
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be opened in", e);
    }
  }

  private InputStream open(Sftp sftp, Label label, long offset) throws IOException {
    RemoteListing.Found file = require(sftp, label);
    if (offset < 0 || offset > file.size()) {
      throw new IllegalArgumentException(
          "Archive " + label + " has " + file.size() + " bytes; it cannot be read from " + offset);
    }
    String path = parts.folder().path(file.name());
    try {
      return new RemoteReader(sftp, sftp.open(path, Sftp.READ), offset, file.size());
    } catch (RequestRefused e) {
      if (e.isMissing()) {
        throw new NoSuchFileException(path);
      }
      throw e;
    }
  }

  @Override
  public StoredArchive stat(Label label) {
    Objects.requireNonNull(label, "label");
    try {
      return parts
          .retries()
          .run(sftp -> parts.listing().find(sftp, label))
          .orElseThrow(() -> notFound(label));
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be looked up in", e);
    }
  }

  @Override
  public List<StoredArchive> list(ArchiveOwner owner) {
    Objects.requireNonNull(owner, "owner");
    try {
      return parts.retries().run(sftp -> parts.listing().list(sftp, owner));
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
      return new Relabelling(parts, from, to).run();
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

  @Override
  public StoredArchive mark(Label label, Marks newMarks) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(newMarks, "newMarks");
    changes.lock();
    try {
      return parts.retries().run(sftp -> mark(sftp, label, newMarks));
    } catch (NoSuchFileException e) {
      throw notFound(label);
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be marked in", e);
    } finally {
      changes.unlock();
    }
  }

  private StoredArchive mark(Sftp sftp, Label label, Marks newMarks) throws IOException {
    require(sftp, label);
    parts.marks().write(sftp, label, newMarks);
    Optional<RemoteListing.Found> archive = parts.listing().file(sftp, label);
    if (archive.isEmpty()) {
      // Another process deleted or relabelled it in between: these marks are nobody's.
      discardMarks(sftp, label);
      throw new NoSuchFileException(label.value());
    }
    return new StoredArchive(label, archive.get().size(), newMarks);
  }

  /** Unless somebody is about to use the label again, who removes them himself. */
  private void discardMarks(Sftp sftp, Label label) throws IOException {
    try (LabelClaim claim = parts.claim(label)) {
      claim.take(sftp);
      if (!parts.listing().isTaken(sftp, label)) {
        parts.marks().delete(sftp, label);
      }
    } catch (FileAlreadyExistsException e) {
      LOG.debug("The marks of {} are left to whoever has claimed it", label, e);
    }
  }

  @Override
  public void delete(Label label) {
    Objects.requireNonNull(label, "label");
    changes.lock();
    // Or the marks that go with it could be those of a new archive with this label.
    try (LabelClaim claim = parts.claim(label)) {
      parts.retries().run(sftp -> delete(sftp, label, claim));
    } catch (IOException e) {
      throw failed("Archive " + label + " could not be deleted from", e);
    } finally {
      changes.unlock();
    }
  }

  private Label delete(Sftp sftp, Label label, LabelClaim claim) throws IOException {
    if (!parts.listing().isThere(sftp, label)) {
      return label;
    }
    claim.await(sftp);
    Optional<RemoteListing.Found> file = parts.listing().file(sftp, label);
    if (file.isPresent()) {
      parts.folder().remove(sftp, file.get().name());
    }
    if (!parts.listing().isTaken(sftp, label)) {
      parts.marks().delete(sftp, label);
    }
    return label;
  }

  @Override
  public void close() {
    parts.connections().close();
  }

  private RemoteListing.Found require(Sftp sftp, Label label) throws IOException {
    return parts
        .listing()
        .file(sftp, label)
        .orElseThrow(() -> new NoSuchFileException(label.value()));
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
    return failures.explain(what + " " + describe(), cause);
  }
}
