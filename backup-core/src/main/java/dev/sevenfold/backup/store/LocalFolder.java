package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.source.OwnPlace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of this machine. Thread-safe. */
final class LocalFolder implements Folder {

  private static final Logger LOG = LoggerFactory.getLogger(LocalFolder.class);

  private static final int BUFFER_SIZE = 1 << 16;

  private final DurableFolder files;
  private final Path root;
  private final Clock clock;
  private final Clock machine;

  /**
   * A folder.
   *
   * @param clock dates what is left behind
   * @param machine this machine's own, which files get their times by, unless a server dates them
   */
  LocalFolder(Path root, Clock clock, Clock machine) {
    this.files = new DurableFolder(root);
    this.root = root.toAbsolutePath();
    this.clock = clock;
    this.machine = machine;
  }

  @Override
  public String describe() {
    return "directory " + root;
  }

  @Override
  public String place() {
    return "directory " + root.normalize();
  }

  @Override
  public List<OwnPlace> ownPlaces() {
    return List.of(
        OwnPlace.namedIn(
            "the store", root, ArchiveFileName::isOwn, ArchiveFileName::isFolderOfOwner));
  }

  @Override
  public Map<String, Entry> list(Collection<String> folders, Predicate<String> wanted)
      throws IOException {
    Map<String, Entry> found = new HashMap<>();
    for (String folder : folders) {
      list(folder, wanted, found);
    }
    return found;
  }

  private void list(String folder, Predicate<String> wanted, Map<String, Entry> found)
      throws IOException {
    requireFolder(root.resolve(folder));
    try (DirectoryStream<Path> all = Files.newDirectoryStream(root.resolve(folder))) {
      for (Path file : all) {
        String name = file.getFileName().toString();
        if (wanted.test(name)) {
          String path = folder.isEmpty() ? name : folder + "/" + name;
          entry(path).ifPresent(entry -> found.put(path, entry));
        }
      }
    } catch (NoSuchFileException e) {
      LOG.trace("{} has no folder {} yet", root, folder);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Refuses what is in the place of a folder of the store's own, a link above all. */
  private void requireFolder(Path folder) throws IOException {
    if (!folder.equals(root)) {
      BasicFileAttributes there = files.attributes(folder);
      if (there != null && !there.isDirectory()) {
        throw new NotDirectoryException(folder.toString());
      }
    }
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.getParent(), "parent");
  }

  @Override
  public Map<String, Entry> stat(Collection<String> names) throws IOException {
    Map<String, Entry> found = new HashMap<>();
    for (String name : names) {
      requireFolder(folderOf(root.resolve(name)));
      entry(name).ifPresent(entry -> found.put(name, entry));
    }
    return found;
  }

  private Optional<Entry> entry(String name) throws IOException {
    BasicFileAttributes file = files.attributes(root.resolve(name));
    return file == null
        ? Optional.empty()
        : Optional.of(
            new Entry(
                file.size(),
                file.isRegularFile(),
                file.isDirectory(),
                file.lastModifiedTime().toInstant()));
  }

  @Override
  public Map<String, SmallFile> readSmall(Collection<String> names, int maxBytes)
      throws IOException {
    Map<String, SmallFile> found = new HashMap<>();
    for (String name : names) {
      try (InputStream in = Files.newInputStream(root.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        byte[] bytes = in.readNBytes(maxBytes + 1);
        found.put(name, () -> requireShort(bytes, maxBytes));
      } catch (NoSuchFileException e) {
        LOG.trace("{} is not there", name);
      } catch (IOException e) {
        if (Files.exists(root) && !Files.isDirectory(root)) {
          throw new NotDirectoryException(root.toString());
        }
        found.put(
            name,
            () -> {
              throw e;
            });
      }
    }
    return found;
  }

  private static byte[] requireShort(byte[] bytes, int maxBytes) throws IOException {
    if (bytes.length > maxBytes) {
      throw new IOException("it has more than " + maxBytes + " bytes");
    }
    return bytes;
  }

  @Override
  public InputStream openAt(String name, long offset, long size) throws IOException {
    FileChannel channel =
        FileChannel.open(root.resolve(name), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      return Channels.newInputStream(channel.position(offset));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public NewFile create(String name) throws IOException {
    files.ensureExists(root);
    FileChannel channel = files.create(root.resolve(name));
    try {
      return new Written(channel, clock.instant().minus(behind(name)));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * How far the clock that dates the folder's files is behind that of this machine: a file server
   * has its own, and by ours an upload of this minute could be a day old. In whole hours: the
   * moment that it takes to look must not turn the clock back from one upload to the next.
   */
  private Duration behind(String fresh) throws IOException {
    Instant here = machine.instant();
    return entry(fresh)
        .map(file -> Duration.between(file.modified(), here).truncatedTo(ChronoUnit.HOURS))
        .orElse(Duration.ZERO);
  }

  @Override
  public void createNew(String name, byte[] content) throws IOException {
    files.create(root.resolve(name)).close();
  }

  @Override
  public void linkNew(String temporary, String name) throws IOException {
    files.nameExclusively(root.resolve(temporary), inFolder(name));
  }

  /** The path of a file whose folder is there by now. */
  private Path inFolder(String name) throws IOException {
    Path file = root.resolve(name);
    files.ensureExists(folderOf(file));
    requireFolder(folderOf(file));
    return file;
  }

  @Override
  public void replace(String name, byte[] content) throws IOException {
    Path file = inFolder(name);
    Path temporary = root.resolve(ArchiveFileName.newUpload());
    try {
      write(files.create(temporary), content);
      replace(temporary, file, content);
    } finally {
      files.discard(temporary);
    }
    files.sync(folderOf(file));
  }

  private void replace(Path temporary, Path file, byte[] content) throws IOException {
    try {
      files.rename(temporary, file);
    } catch (FileSystemException e) {
      if (!DirectoryFailures.isForbidden(e)) {
        throw e;
      }
      // Files can only be added (chattr +a): none loses its name, but it may get another one.
      BasicFileAttributes there = files.attributes(file);
      if (there == null) {
        files.nameExclusively(temporary, file);
      } else {
        byte[] filled = Arrays.copyOf(content, (int) Math.max(content.length, there.size()));
        Arrays.fill(filled, content.length, filled.length, (byte) ' ');
        write(FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS), filled);
      }
    }
  }

  private static void write(FileChannel opened, byte[] content) throws IOException {
    try (FileChannel channel = opened) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  @Override
  public void remove(String name) throws IOException {
    Files.deleteIfExists(root.resolve(name));
  }

  @Override
  public void removeEmptyFolder(String name) throws IOException {
    try {
      remove(name);
      files.sync(root);
    } catch (DirectoryNotEmptyException e) {
      LOG.debug("{} is in use again", name, e);
    }
  }

  @Override
  public void discard(String name) {
    files.discard(root.resolve(name));
  }

  @Override
  public void abandon(String name) {
    try {
      FileChannel.open(
              root.resolve(name),
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING,
              LinkOption.NOFOLLOW_LINKS)
          .close();
    } catch (IOException e) {
      LOG.debug("{} could not be emptied", name, e);
    }
    discard(name);
  }

  @Override
  public void sync(String name) throws IOException {
    try {
      files.sync(folderOf(root.resolve(name)));
    } catch (NoSuchFileException e) {
      LOG.trace("{} is not there, nor is its folder", name);
    }
  }

  @Override
  public BackupException explain(String what, IOException cause) {
    return DirectoryFailures.explain(what, root, cause);
  }

  @Override
  public void close() {}

  /** A file that is written through a buffer. */
  private static final class Written implements NewFile {

    private final FileChannel channel;
    private final OutputStream content;
    private final Instant createdAt;

    Written(FileChannel channel, Instant createdAt) {
      this.channel = channel;
      this.content = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_SIZE);
      this.createdAt = createdAt;
    }

    @Override
    public Instant createdAt() {
      return createdAt;
    }

    @Override
    public OutputStream content() {
      return content;
    }

    @Override
    public long finish() throws IOException {
      content.flush();
      channel.force(true);
      return channel.size();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("An upload could not be closed", e); // what it should hold is on the disk already
      }
    }
  }
}
