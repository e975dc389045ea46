package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.error.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An outbox in a folder: a file for each item, for its owner alone to read, because mails hold
 * links. Files that are no items are left alone; an item that cannot be read is renamed to {@code
 * ….damaged}. One process uses a folder at a time. Thread-safe.
 */
public final class FolderOutbox implements Outbox {

  private static final Logger log = LoggerFactory.getLogger(FolderOutbox.class);

  private static final String SUFFIX = ".mail";

  /** The folders that this process has open: the system's locks are none against itself. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final Path key;
  private final int most;
  private final FileChannel lockFile;

  /**
   * What is there, and when it is due, as far as this process knows: thousands are looked through
   * without reading one, and what people delete is found missing later.
   */
  private final Map<String, Instant> dueAt = new HashMap<>();

  private FolderOutbox(Path folder, Path key, int most, FileChannel lockFile) {
    this.folder = folder;
    this.key = key;
    this.most = most;
    this.lockFile = lockFile;
  }

  /** Opens a folder, which is made if there is none, to hold up to 10,000 items. */
  public static FolderOutbox open(Path folder) {
    return open(folder, 10_000);
  }

  /**
   * Opens a folder, which is made if there is none.
   *
   * @param most how many items it holds
   * @throws OutboxFailed if it cannot be written, or another mailer uses it
   */
  public static FolderOutbox open(Path folder, int most) {
    InMemoryOutbox.requireMost(most);
    try {
      Files.createDirectories(folder, mode("rwx------"));
      Path key = folder.toRealPath();
      // Its lock is not even opened a second time: closing it again would let the system's lock go.
      if (!OPEN.add(key)) {
        throw new IOException("this process uses it already");
      }
      try {
        return open(folder, key, most);
      } catch (IOException | RuntimeException e) {
        OPEN.remove(key);
        throw e;
      }
    } catch (IOException e) {
      throw failed(folder, "be opened", e);
    }
  }

  private static FolderOutbox open(Path folder, Path key, int most) throws IOException {
    FileChannel lockFile =
        FileChannel.open(
            folder.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            mode("rw-------"));
    try {
      FolderOutbox outbox = new FolderOutbox(folder, key, most, locked(lockFile));
      outbox.removeLeftovers();
      outbox.list();
      return outbox;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static FileChannel locked(FileChannel lockFile) throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      if (lock != null) {
        return lockFile;
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("this process uses it already", e);
    }
    throw new IOException("another process uses it");
  }

  /** Files that a process was writing when it died. */
  private void removeLeftovers() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*.tmp")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  private static FileAttribute<?>[] mode(String permissions) {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  @Override
  public String describe() {
    return "folder " + folder;
  }

  @Override
  public synchronized boolean put(OutboxItem item) {
    if (!dueAt.containsKey(item.id()) && dueAt.size() >= most) {
      return false;
    }
    replace(List.of(), List.of(item));
    return true;
  }

  @Override
  public synchronized void replace(Collection<String> ids, List<OutboxItem> items) {
    Set<String> gone = new HashSet<>(ids);
    try {
      for (OutboxItem item : items) {
        write(file(item.id()), item.print());
        dueAt.put(item.id(), item.dueAt());
        gone.remove(item.id());
      }
    } catch (IOException e) {
      throw failed(folder, "be written", e);
    }
    gone.forEach(this::remove);
  }

  private void write(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    Files.createFile(temporary, mode("rw-------"));
    try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceFolder();
  }

  /** A rename is durable once its folder is; where folders cannot be opened, nothing is to do. */
  private void forceFolder() throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
        opened.force(true);
      }
    }
  }

  @Override
  public synchronized List<OutboxItem> list() {
    try {
      List<OutboxItem> items = read(ids());
      dueAt.clear();
      items.forEach(item -> dueAt.put(item.id(), item.dueAt()));
      return items;
    } catch (IOException e) {
      throw failed(folder, "be read", e);
    }
  }

  @Override
  public synchronized List<OutboxItem> due(Instant now) {
    try {
      return read(
          dueAt.entrySet().stream()
              .filter(item -> !item.getValue().isAfter(now))
              .map(Map.Entry::getKey)
              .toList());
    } catch (IOException e) {
      throw failed(folder, "be read", e);
    }
  }

  @Override
  public synchronized Optional<Instant> nextDue() {
    return dueAt.values().stream().min(Comparator.naturalOrder());
  }

  /** Those that are there and whole, the oldest first. */
  private List<OutboxItem> read(List<String> ids) throws IOException {
    List<OutboxItem> items = new ArrayList<>();
    for (String id : ids) {
      Path file = file(id);
      try {
        items.add(OutboxItem.parse(id, file));
      } catch (NoSuchFileException e) {
        // Deleting a file by hand is the way to call a mail off.
        dueAt.remove(id);
        log.debug("{} was deleted by somebody", file, Printable.failure(e));
      } catch (IllegalArgumentException | DateTimeException e) {
        dueAt.remove(id);
        setAside(file, e);
      }
    }
    items.sort(InMemoryOutbox.OLDEST_FIRST);
    return items;
  }

  private static void setAside(Path file, RuntimeException cause) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    log.error(
        "An item of the outbox is damaged and now called {}", aside, Printable.failure(cause));
  }

  @Override
  public synchronized void remove(String id) {
    try {
      Files.deleteIfExists(file(id));
      dueAt.remove(id);
    } catch (IOException e) {
      throw failed(folder, "be tidied up", e);
    }
  }

  private List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : stream) {
        String name = file.getFileName().toString();
        ids.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    }
    return ids;
  }

  private Path file(String id) {
    return folder.resolve(id + SUFFIX);
  }

  @Override
  public synchronized void close() {
    if (!lockFile.isOpen()) {
      return;
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      throw failed(folder, "be released", e);
    } finally {
      OPEN.remove(key);
    }
  }

  private static OutboxFailed failed(Path folder, String what, IOException e) {
    return new OutboxFailed(
        "The outbox %s could not %s: %s. Check its disk and its permissions"
            .formatted(folder, what, Printable.reasonWithFile(e)),
        e);
  }
}
