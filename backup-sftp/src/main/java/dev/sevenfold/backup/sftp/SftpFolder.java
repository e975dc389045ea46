package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.store.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.sshd.sftp.client.SftpClient.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of a server. What a lost connection breaks off is done again on a new one, and what may
 * have taken effect before is looked for first; only an upload whose content has begun is not, as
 * that is there only once. Thread-safe.
 */
final class SftpFolder implements Folder {

  private static final Logger LOG = LoggerFactory.getLogger(SftpFolder.class);

  /** What small files are filled up to where they are written over one another. */
  private static final int FILLED_LENGTH = 1024;

  private static final byte[] ANY_CONTENT = {};

  private final SftpSettings settings;
  private final Connections connections;
  private final Retries retries;
  private final RemoteFolder remote;
  private final Failures failures;
  private final Semaphore uploads;

  /** Files to be removed, and what one must begin with to be the one that is meant. */
  private final Map<String, byte[]> owed = new ConcurrentHashMap<>();

  SftpFolder(SftpSettings settings) {
    this.settings = settings;
    this.connections = new Connections(settings);
    this.retries = new Retries(settings, connections);
    this.remote = new RemoteFolder(settings.folder());
    this.failures = new Failures(settings, connections);
    this.uploads = new Semaphore(settings.uploads(), true);
  }

  @Override
  public String describe() {
    return "sftp " + settings.account() + " folder " + settings.folder();
  }

  @Override
  public List<OwnPlace> ownPlaces() {
    // Not the folder: which machine the server is, this one cannot know.
    return settings.login().ownPlaces();
  }

  @Override
  public Map<String, Entry> list(Collection<String> folders, Predicate<String> wanted)
      throws IOException {
    return folders.isEmpty()
        ? Map.of()
        : retries.run(sftp -> new RemoteBulk(sftp, remote).list(List.copyOf(folders), wanted));
  }

  @Override
  public Map<String, Entry> stat(Collection<String> names) throws IOException {
    Map<String, Entry> found = new HashMap<>();
    if (!names.isEmpty()) {
      retries
          .run(sftp -> remote.look(sftp, List.copyOf(names)))
          .forEach((name, file) -> found.put(name, file.entry()));
    }
    return found;
  }

  @Override
  public Map<String, SmallFile> readSmall(Collection<String> names, int maxBytes)
      throws IOException {
    return names.isEmpty()
        ? Map.of()
        : retries.run(sftp -> new RemoteBulk(sftp, remote).read(List.copyOf(names), maxBytes));
  }

  @Override
  public InputStream openAt(String name, long offset, long size) throws IOException {
    return retries.run(
        sftp -> {
          String path = remote.path(name);
          try {
            return new RemoteReader(sftp, sftp.open(path, Sftp.READ), offset, size);
          } catch (RequestRefused e) {
            if (e.isMissing()) {
              throw new NoSuchFileException(path);
            }
            throw e;
          }
        });
  }

  @Override
  public NewFile create(String name) throws IOException {
    acquireUpload();
    boolean begun = false;
    try {
      NewFile upload = retries.run(shared -> begin(shared, name));
      begun = true;
      return upload;
    } finally {
      if (!begun) {
        uploads.release();
      }
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

  private NewFile begin(Sftp shared, String name) throws IOException {
    remote.ensureExists(shared);
    owed.forEach((file, content) -> settle(shared, file, content));
    Sftp own = connections.forUpload();
    try {
      // What an earlier attempt may have left: nobody else has this name.
      remote.removeIfAllowed(own, name);
      Handle handle = remote.create(own, name);
      return new RemoteUpload(own, remote, name, handle, uploads::release);
    } catch (IOException | RuntimeException e) {
      own.close();
      throw e;
    }
  }

  @Override
  public void createNew(String name, byte[] content) throws IOException {
    AtomicBoolean sent = new AtomicBoolean();
    try {
      retries.run(
          sftp -> {
            if (!sent.getAndSet(true) || !begins(sftp, name, content)) {
              createNew(sftp, name, content);
            }
            return name;
          });
    } catch (RequestRefused e) {
      FileSystemException refused =
          new FileSystemException(remote.path(name), null, e.getMessage());
      refused.initCause(e);
      throw refused;
    } catch (ConnectionLost e) {
      owed.put(name, content);
      throw e;
    }
  }

  private void createNew(Sftp sftp, String name, byte[] content) throws IOException {
    if (!sftp.canLink()) {
      // Without links a file cannot come into being with its content: one whose making was broken
      // off cannot be told from another's then, and stays until it is swept away.
      sftp.close(remote.create(sftp, name));
      return;
    }
    String written = RemoteFolder.newTemporary();
    try {
      remote.write(sftp, written, content);
      remote.nameExclusively(sftp, written, name);
    } finally {
      discard(written);
    }
  }

  private boolean begins(Sftp sftp, String name, byte[] content) throws IOException {
    return remote
        .read(sftp, name, content.length)
        .filter(found -> Arrays.equals(found, content))
        .isPresent();
  }

  @Override
  public void linkNew(String temporary, String name) throws IOException {
    AtomicBoolean sent = new AtomicBoolean();
    retries.run(
        sftp -> {
          if (!sent.getAndSet(true) || !isNamed(sftp, temporary, name)) {
            remote.ensureFolderOf(sftp, name);
            remote.nameExclusively(sftp, temporary, name);
          }
          return name;
        });
  }

  /** The caller holds a lock: only an attempt whose answer got lost can have given the name. */
  private boolean isNamed(Sftp sftp, String temporary, String name) throws IOException {
    Map<String, RemoteFile> files = remote.look(sftp, List.of(temporary, name));
    RemoteFile named = files.get(name);
    RemoteFile left = files.get(temporary);
    return named != null && (left == null || left.size() == named.size());
  }

  @Override
  public void replace(String name, byte[] content) throws IOException {
    retries.run(
        sftp -> {
          remote.ensureFolderOf(sftp, name);
          remote.replace(sftp, name, content, Math.max(content.length, FILLED_LENGTH));
          return name;
        });
  }

  @Override
  public void remove(String name) throws IOException {
    retries.run(sftp -> remote.remove(sftp, name));
  }

  @Override
  public void discard(String name) {
    owed.put(name, ANY_CONTENT);
    connections.ifConnected().ifPresent(sftp -> settle(sftp, name, ANY_CONTENT));
  }

  @Override
  public void abandon(String name) {
    connections.ifConnected().ifPresent(sftp -> empty(sftp, name));
    discard(name);
  }

  private void empty(Sftp sftp, String name) {
    try {
      sftp.close(sftp.open(remote.path(name), Sftp.WRITE | Sftp.TRUNCATE));
    } catch (IOException e) {
      LOG.debug("{} could not be emptied", remote.path(name), e);
    }
  }

  private void settle(Sftp sftp, String name, byte[] content) {
    try {
      if (content.length == 0 || begins(sftp, name, content)) {
        remote.remove(sftp, name);
      }
      owed.remove(name);
    } catch (ConnectionLost e) {
      LOG.debug("{} could not be removed now", remote.path(name), e);
    } catch (IOException e) {
      owed.remove(name);
      LOG.debug("{} could not be removed", remote.path(name), e);
    }
  }

  @Override
  public void sync(String name) throws IOException {
    retries.run(
        sftp -> {
          remote.sync(sftp, name);
          return name;
        });
  }

  /** As {@link Connections#roundTrips}. */
  long roundTrips() {
    return connections.roundTrips();
  }

  @Override
  public void rest(Duration pause) throws InterruptedIOException {
    retries.rest(pause);
  }

  @Override
  public BackupException explain(String what, IOException cause) {
    return failures.explain(what, cause);
  }

  @Override
  public void close() {
    connections.close();
  }
}
