package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
  private static final String FIELD = "field.";

  /** The folders that this process has open: the system's locks are none against itself. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final Path key;
  private final int most;
  private final FileChannel lockFile;

  private FolderOutbox(Path folder, Path key, int most, FileChannel lockFile) {
    this.folder = folder;
    this.key = key;
    this.most = most;
    this.lockFile = lockFile;
  }

  /** Opens a folder, which is made if there is none, for up to 10,000 items. */
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
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FolderOutbox outbox = new FolderOutbox(folder, key, most, locked(lockFile));
      outbox.removeLeftovers();
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
    Path file = file(item.id());
    try {
      if (!Files.exists(file) && files().size() >= most) {
        return false;
      }
      write(file, print(item));
      return true;
    } catch (IOException e) {
      throw failed(folder, "be written", e);
    }
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
      List<OutboxItem> items = new ArrayList<>();
      for (Path file : files()) {
        try {
          items.add(parse(file));
        } catch (NoSuchFileException e) {
          // Deleting a file by hand is the way to call a mail off.
          log.debug("{} was deleted while the outbox was read", file, e);
        } catch (IllegalArgumentException | DateTimeException e) {
          setAside(file, e);
        }
      }
      items.sort(InMemoryOutbox.OLDEST_FIRST);
      return items;
    } catch (IOException e) {
      throw failed(folder, "be read", e);
    }
  }

  private static void setAside(Path file, RuntimeException cause) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    log.error("An item of the outbox is damaged and now called {}", aside, cause);
  }

  @Override
  public synchronized void remove(String id) {
    try {
      Files.deleteIfExists(file(id));
    } catch (IOException e) {
      throw failed(folder, "be tidied up", e);
    }
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      stream.forEach(files::add);
    }
    return files;
  }

  private Path file(String id) {
    return folder.resolve(id + SUFFIX);
  }

  private static String print(OutboxItem item) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("kind", item.kind());
    properties.setProperty("createdAt", item.createdAt().toString());
    properties.setProperty("dueAt", item.dueAt().toString());
    properties.setProperty("attempts", Integer.toString(item.attempts()));
    item.fields().forEach((name, value) -> properties.setProperty(FIELD + name, value));
    StringWriter text = new StringWriter();
    properties.store(text, null);
    return text.toString();
  }

  private static OutboxItem parse(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
      properties.load(reader);
    }
    Map<String, String> fields = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(FIELD)) {
        fields.put(name.substring(FIELD.length()), properties.getProperty(name));
      }
    }
    String name = file.getFileName().toString();
    return new OutboxItem(
        name.substring(0, name.length() - SUFFIX.length()),
        required(properties, "kind"),
        Instant.parse(required(properties, "createdAt")),
        Instant.parse(required(properties, "dueAt")),
        Integer.parseInt(required(properties, "attempts")),
        fields);
  }

  private static String required(Properties properties, String name) {
    String value = properties.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException("It has no " + name);
    }
    return value;
  }

  @Override
  public synchronized void close() {
    if (!lockFile.isOpen()) {
      return;
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      throw failed(folder, "be let go", e);
    } finally {
      OPEN.remove(key);
    }
  }

  private static OutboxFailed failed(Path folder, String what, IOException e) {
    return new OutboxFailed(
        "The outbox %s could not %s: %s. Check its disk and its permissions"
            .formatted(folder, what, e.getMessage()),
        e);
  }
}
