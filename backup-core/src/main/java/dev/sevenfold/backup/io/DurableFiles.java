package dev.sevenfold.backup.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every change that a restore makes to a disk, one step a method: after a power cut each of them is
 * done or not done, and those before {@link #sync()} are done before those after it. Use from one
 * thread.
 */
public class DurableFiles {

  /** EINVAL and ENOTSUP, in the words of the system. */
  private static final List<String> NO_SYNC =
      List.of("Invalid argument", "Operation not supported");

  private final Set<Path> touched = new LinkedHashSet<>();

  public static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether something is a folder, and no link to one. */
  public static boolean isFolder(Path file) {
    return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** What a stat tells of a file, or of a link itself. */
  public static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** What tells a file from others while it is there; null if it is not, or nothing does. */
  public static @Nullable Object key(Path file, LinkOption... options) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, options).fileKey();
    } catch (IOException e) {
      // It is not there, or nobody may look: its path is all there is to know it by.
      return null;
    }
  }

  /** What is in a folder; nothing if it is none. */
  public static List<Path> list(Path folder) throws IOException {
    if (!isFolder(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Whether a file is there, where a wrong answer would lose it.
   *
   * @throws IOException if that cannot be seen
   */
  public static boolean isThere(Path file) throws IOException {
    try {
      attributes(file);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (FileSystemException e) {
      // A name that is too long, for instance, or a file where its folder was.
      if (isMissing(file)) {
        return false;
      }
      throw e;
    }
  }

  /** Whether the folder of a file can be listed, and has none of the name. */
  private static boolean isMissing(Path file) {
    try (Stream<Path> files = Files.list(folderOf(file))) {
      return files.noneMatch(other -> other.getFileName().equals(file.getFileName()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return true;
    } catch (FileSystemException e) {
      // Behind links that lead in a circle nothing can be. Java has no class for them here.
      return String.valueOf(e.getReason()).contains("of symbolic link");
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /**
   * Where a file is once each link on the way to it is followed. Whether it is one itself is not
   * asked; it need not be there, nor its folder.
   */
  public static Path real(Path file) throws IOException {
    Path there = folderOf(file.toAbsolutePath());
    while (!exists(there)) {
      there = folderOf(there);
    }
    return there.toRealPath().resolve(there.relativize(file.toAbsolutePath()));
  }

  public static Path folderOf(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " has no folder");
    }
    return folder;
  }

  /** What is mounted now. */
  public MountPoints mounts() {
    return MountPoints.now();
  }

  /** Makes a folder and those above it, where they are not there yet. */
  public void createFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      createFolders(folderOf(folder));
      try {
        createFolder(folder);
      } catch (FileAlreadyExistsException e) {
        // Another thread or process may have made it since.
        if (!Files.isDirectory(folder)) {
          throw e;
        }
      }
      touched.add(folderOf(folder));
    }
  }

  /** Makes one folder, like the one that it is in: of the same owner, usable by the same. */
  public void createFolder(Path folder) throws IOException {
    FileOwners.createFolder(folder);
  }

  /** Renames a file or a folder; nothing is at the new place. */
  public void move(Path from, Path to) throws IOException {
    // The system would replace a file without a word.
    if (exists(to)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    touched.add(folderOf(from));
    touched.add(folderOf(to));
  }

  /** Makes a folder and those above it, where they are not there yet, and holds it. */
  public HeldFolder createHeld(Path folder) throws IOException {
    try {
      return HeldFolder.open(folder);
    } catch (NoSuchFileException e) {
      try (HeldFolder above = createHeld(folderOf(folder))) {
        createFolder(above, folder.getFileName());
      } catch (FileAlreadyExistsException other) {
        // Another thread or process may have made it since.
      }
    }
    return HeldFolder.open(folder);
  }

  /** Makes one folder, as {@link #createFolder(Path)}. */
  public void createFolder(HeldFolder above, Path name) throws IOException {
    FileOwners.createFolder(above, name);
    touched.add(above.path());
  }

  /** Renames a file over whatever file has the new name in the same folder. */
  public void replace(HeldFolder folder, Path from, Path to) throws IOException {
    folder.replace(from, to);
    touched.add(folder.path());
  }

  /** Copies a file to a new one, which nobody but its owner may read yet. */
  public void copy(Path from, HeldFolder folder, Path to) throws IOException {
    try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
        SeekableByteChannel copy = folder.create(to)) {
      long size = source.size();
      for (long done = 0; done < size; ) {
        done += source.transferTo(done, size - done, copy);
      }
    }
    touched.add(folder.path());
  }

  /** Gives a file a second name; tells whether the file system can. */
  public boolean link(Path file, Path second) throws IOException {
    try {
      createLink(file, second);
      touched.add(folderOf(second));
      return true;
    } catch (FileSystemException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Gives a file a second name. */
  public void createLink(Path file, Path second) throws IOException {
    Files.createLink(second, file);
  }

  /** Writes a small file, so that it has either its old or its new content. */
  public void write(Path file, byte[] content) throws IOException {
    Path fresh = half(file);
    Files.write(
        fresh,
        content,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(folderOf(file));
  }

  /** Writes a small file of keys and values, as {@link #write(Path, byte[])}. */
  public void write(Path file, Properties content, String comment) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.store(bytes, comment);
    write(file, bytes.toByteArray());
  }

  /** Reads what {@link #write(Path, Properties, String)} wrote. */
  public static Properties read(Path file) throws IOException {
    Properties content = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      content.load(in);
    }
    return content;
  }

  /** What {@link #write(Path, byte[])} leaves when it is killed. */
  public static Path half(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  /** Deletes a file, or a folder with all that is in it, if it is there. */
  public void deleteAll(Path file) throws IOException {
    for (Path child : list(file)) {
      // Nothing that was mounted there is ours to delete, whatever was known of mounts.
      if (isFolder(child) && !MountPoints.disk(child).equals(MountPoints.disk(file))) {
        throw new FileSystemException(
            child.toString(), null, "another file system is mounted here");
      }
      deleteAll(child);
    }
    if (exists(file)) {
      delete(file);
    }
  }

  /** Deletes the folders in a folder, and itself, that hold no file. */
  public void deleteEmptyFolders(Path folder) throws IOException {
    if (!isFolder(folder)) {
      return;
    }
    for (Path child : list(folder)) {
      deleteEmptyFolders(child);
    }
    if (list(folder).isEmpty()) {
      delete(folder);
    }
  }

  /** Deletes one file or one empty folder, if it is there. */
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    touched.add(folderOf(file));
  }

  /** Deletes one file or one empty folder, if it is there. */
  public void delete(HeldFolder folder, Path name) throws IOException {
    folder.delete(name);
    touched.add(folder.path());
  }

  /** Sets when a file was written to last, as exactly as can be; does nothing without a time. */
  public static void setModified(Path file, Optional<Instant> modified) throws IOException {
    if (modified.isPresent()) {
      Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(FileTime.from(modified.get()), null, null);
    }
  }

  /** Returns when every change so far would survive a power cut. */
  public void sync() throws IOException {
    for (Path folder : touched) {
      if (Files.isDirectory(folder)) {
        sync(folder);
      }
    }
    touched.clear();
  }

  /** Returns when the content of a file would survive a power cut. */
  public void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Returns when the content of a file would survive a power cut. */
  public void force(HeldFolder folder, Path name) throws IOException {
    try (SeekableByteChannel channel = folder.read(name)) {
      if (channel instanceof FileChannel file) {
        file.force(true);
      }
    }
  }

  /** Returns when the names in a folder would survive a power cut. */
  public void sync(Path folder) throws IOException {
    // Windows cannot open folders, and need not.
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        forceFolder(channel);
      }
    }
  }

  /**
   * Sees the names in a folder to the disk, where its file system knows how to. Some do not, on
   * other machines most often: they say that a folder is nothing to be seen to the disk.
   */
  public static void forceFolder(FileChannel folder) throws IOException {
    try {
      folder.force(true);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (NO_SYNC.stream().noneMatch(reason::contains)) {
        throw e;
      }
    }
  }
}
