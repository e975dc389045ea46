package dev.sevenfold.backup.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is held open, reached from the top of the file system by one folder after the
 * other, and by no link. Whoever may write to one of them could put a link in its place at any
 * moment; what is done here is done in this folder all the same, and nowhere else.
 *
 * <p>Where the platform cannot hold folders, it is looked for links before each step instead. Use
 * from one thread.
 */
public final class HeldFolder implements AutoCloseable {

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final String LINK = "a link has come to be on the way to it, and leads elsewhere";

  private final Path path;
  private final @Nullable SecureDirectoryStream<Path> held;

  /** Folders between the one that is held and this one: none, unless they may not be read. */
  private final Path between;

  private HeldFolder(Path path, @Nullable SecureDirectoryStream<Path> held, Path between) {
    this.path = path;
    this.held = held;
    this.between = between;
  }

  /**
   * Opens a folder.
   *
   * @param path of a folder as {@link DurableFiles#real} tells it
   * @throws NoSuchFileException if there is none
   * @throws FileSystemException if a link is on the way by now, or leads to it
   */
  public static HeldFolder open(Path path) throws IOException {
    Path top = path.getRoot();
    if (top == null) {
      throw new IllegalArgumentException(path + " is not absolute");
    }
    HeldFolder folder = new HeldFolder(top, hold(top), path.getFileSystem().getPath(""));
    if (folder.held == null) {
      folder = new HeldFolder(path, null, folder.between);
      folder.requireReal();
      requireFolder(path, DurableFiles.attributes(path));
      return folder;
    }
    try {
      for (Path name : path) {
        folder = folder.enter(name);
      }
      return folder;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Opens a file for reading; neither it nor a folder on the way may be a link. */
  public static InputStream openFile(Path file) throws IOException {
    try (HeldFolder folder = open(DurableFiles.folderOf(file))) {
      return Channels.newInputStream(folder.read(file.getFileName()));
    }
  }

  @SuppressWarnings("StreamResourceLeak") // it is what holds the folder, and closed with it
  private static @Nullable SecureDirectoryStream<Path> hold(Path top) throws IOException {
    DirectoryStream<Path> stream;
    try {
      stream = Files.newDirectoryStream(top);
    } catch (AccessDeniedException e) {
      return null;
    }
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    return null;
  }

  /** A folder in this one, which is let go. */
  private HeldFolder enter(Path name) throws IOException {
    Path there = path.resolve(name);
    requireFolder(there, attributes(name));
    SecureDirectoryStream<Path> next;
    try {
      next =
          in(
              name,
              (folder, at) -> folder.newDirectoryStream(at, LinkOption.NOFOLLOW_LINKS),
              any -> {
                throw new IllegalStateException(path + " is not held");
              });
    } catch (AccessDeniedException e) {
      if (isOnlyItsOwners()) {
        return new HeldFolder(there, held, between.resolve(name));
      }
      String why =
          "folder %s may not be read by this process, which has to open it so that nobody puts a"
              + " link in its place: others may write to the folder it is in";
      throw new AccessDeniedException(there.toString(), null, why.formatted(there));
    }
    close();
    return new HeldFolder(there, next, path.getFileSystem().getPath(""));
  }

  private static void requireFolder(Path path, BasicFileAttributes attributes)
      throws FileSystemException {
    if (attributes.isSymbolicLink()) {
      throw new FileSystemException(path.toString(), null, LINK);
    }
    if (!attributes.isDirectory()) {
      throw new NotDirectoryException(path.toString());
    }
  }

  /** Whether nobody but its owner may exchange what is in it. */
  private boolean isOnlyItsOwners() throws IOException {
    PosixFileAttributeView view = view();
    if (view == null) {
      return false;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    return !permissions.contains(PosixFilePermission.GROUP_WRITE)
        && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }

  public Path path() {
    return path;
  }

  /** What a stat tells of a file in it, or of a link itself. */
  public BasicFileAttributes attributes(Path name) throws IOException {
    return in(
        name,
        (folder, at) ->
            folder
                .getFileAttributeView(at, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes(),
        DurableFiles::attributes);
  }

  public boolean isThere(Path name) throws IOException {
    try {
      attributes(name);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  public boolean isFolder(Path name) throws IOException {
    return isThere(name) && attributes(name).isDirectory();
  }

  /** Its owner and its mode; null on a file system without them. */
  @Nullable PosixFileAttributeView view() {
    if (held == null) {
      return PosixModes.view(path);
    }
    return between.toString().isEmpty()
        ? held.getFileAttributeView(PosixFileAttributeView.class)
        : view(held, between);
  }

  /** The owner and the mode of a file in it; null on a file system without them. */
  @Nullable PosixFileAttributeView view(Path name) throws IOException {
    if (held == null) {
      requireReal();
      return PosixModes.view(path.resolve(name));
    }
    return view(held, between.resolve(name));
  }

  private static @Nullable PosixFileAttributeView view(
      SecureDirectoryStream<Path> folder, Path at) {
    return folder.getFileAttributeView(at, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  SeekableByteChannel read(Path name) throws IOException {
    BasicFileAttributes attributes = attributes(name);
    if (!attributes.isRegularFile()) {
      // A pipe would be waited for.
      String why = attributes.isSymbolicLink() ? LINK : "it is not a plain file";
      throw new FileSystemException(path.resolve(name).toString(), null, why);
    }
    return in(
        name,
        (folder, at) -> folder.newByteChannel(at, READ),
        file -> Files.newByteChannel(file, READ));
  }

  /** Makes a new file, which nobody but its owner may read. */
  SeekableByteChannel create(Path name) throws IOException {
    return in(
        name,
        (folder, at) -> folder.newByteChannel(at, NEW, PosixModes.ownFile(path)),
        file -> Files.newByteChannel(file, NEW, PosixModes.ownFile(file)));
  }

  /** Renames a file in it over whatever file has the new name. */
  void replace(Path from, Path to) throws IOException {
    in(
        from,
        (folder, at) -> {
          folder.move(at, folder, between.resolve(to));
          return at;
        },
        file -> Files.move(file, path.resolve(to), StandardCopyOption.ATOMIC_MOVE));
  }

  /** Deletes one file or one empty folder in it. */
  void delete(Path name) throws IOException {
    boolean isFolder = attributes(name).isDirectory();
    in(
        name,
        (folder, at) -> {
          if (isFolder) {
            folder.deleteDirectory(at);
          } else {
            folder.deleteFile(at);
          }
          return at;
        },
        file -> {
          Files.delete(file);
          return file;
        });
  }

  /** Requires that no link leads to it, or is on the way: without a hold, as close as can be. */
  private void requireReal() throws IOException {
    Path any = path.resolve("any");
    if (!DurableFiles.real(any).equals(any)) {
      throw new FileSystemException(path.toString(), null, LINK);
    }
  }

  private interface Held<T> {
    T take(SecureDirectoryStream<Path> folder, Path at) throws IOException;
  }

  private interface Unheld<T> {
    T take(Path file) throws IOException;
  }

  private <T> T in(Path name, Held<T> step, Unheld<T> other) throws IOException {
    Path file = path.resolve(name);
    if (held == null) {
      requireReal();
      return other.take(file);
    }
    try {
      return step.take(held, between.resolve(name));
    } catch (FileSystemException e) {
      throw named(file, e);
    }
  }

  /**
   * The same failure, which knows the file by its name in the folder alone, with the whole path.
   */
  private static FileSystemException named(Path file, FileSystemException e) {
    String name = file.toString();
    FileSystemException named;
    if (e instanceof NoSuchFileException) {
      named = new NoSuchFileException(name, null, e.getReason());
    } else if (e instanceof FileAlreadyExistsException) {
      named = new FileAlreadyExistsException(name, null, e.getReason());
    } else if (e instanceof AccessDeniedException) {
      named = new AccessDeniedException(name, null, e.getReason());
    } else if (e instanceof NotDirectoryException) {
      named = new NotDirectoryException(name);
    } else if (e instanceof DirectoryNotEmptyException) {
      named = new DirectoryNotEmptyException(name);
    } else {
      named = new FileSystemException(name, null, e.getReason());
    }
    named.initCause(e);
    return named;
  }

  @Override
  public void close() throws IOException {
    if (held != null) {
      held.close();
    }
  }
}
