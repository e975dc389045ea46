package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.NeededSpace;
import dev.sevenfold.backup.io.PosixModes;
import dev.sevenfold.backup.io.Quoted;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the caller that an archive is extracted into, and where else parts of it go. Writes
 * only files, folders and links that it makes itself, for their owner alone to read, and takes them
 * away again if the archive turns out to be no good. Use from one thread, for one archive.
 */
final class ExtractionFolder implements EntryTarget {

  private static final Set<OpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /** Makes what an entry is, at its place. */
  @FunctionalInterface
  private interface Step {
    void on(Path path) throws IOException;
  }

  private final EntryPlaces places;
  private final Path folder;
  private final FileAttribute<?>[] fileMode;
  private final FileAttribute<?>[] folderMode;
  private final Set<Path> folders = new HashSet<>();
  private final Deque<Path> created = new ArrayDeque<>();
  private String name = "";
  private @Nullable OutputStream file;

  /**
   * Opens the folders.
   *
   * @throws OperationFailed if the one for most is not there, or not empty
   */
  ExtractionFolder(EntryPlaces places) {
    this.places = places;
    this.folder = places.folder();
    fileMode = PosixModes.ownFile(folder);
    folderMode = PosixModes.ownFolder(folder);
    folders.add(folder);
    places.elsewhere().values().forEach(path -> folders.add(DurableFiles.folderOf(path)));
    requireEmpty();
  }

  private void requireEmpty() {
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new OperationFailed(
            "The archive cannot be extracted into " + folder + ": it is not empty",
            "Give an empty folder");
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void prepare(ArchiveManifest manifest) {
    manifest.entries().forEach(entry -> requireName(entry.name()));
    manifest.folders().forEach(entry -> requireName(entry.name()));
    manifest.links().forEach(entry -> requireName(entry.name()));
    for (NeededSpace.Lack lack : lacks(manifest)) {
      throw new OperationFailed(
          "The archive cannot be extracted into %s: its %d entries need %d bytes, and %d are free"
              .formatted(lack.folder(), lack.files(), lack.needed(), lack.free()),
          "Make room there, or choose another folder: with scratch, or Java's option"
              + " -Djava.io.tmpdir=DIR");
    }
  }

  private List<NeededSpace.Lack> lacks(ArchiveManifest manifest) {
    try {
      return places.space(manifest).lacks();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void requireName(String entryName) {
    try {
      Path unused = places.of(entryName);
    } catch (InvalidPathException e) {
      throw new OperationFailed(
          "The entry %s cannot be extracted here: no file can have this name (%s)"
              .formatted(Quoted.text(entryName), e.getReason()),
          "Java takes the encoding of file names from the locale: start it with LC_ALL=C.UTF-8",
          e);
    }
  }

  @Override
  public void begin(Entry entry) {
    extract(
        entry.name(),
        path -> {
          file = Channels.newOutputStream(Files.newByteChannel(path, NEW_FILE, fileMode));
          created.push(path);
        });
  }

  @Override
  public void folder(Folder entry) {
    extract(entry.name(), this::makeFolder);
  }

  @Override
  public void link(Link entry) {
    extract(
        entry.name(),
        path -> {
          Files.createSymbolicLink(path, path.getFileSystem().getPath(entry.target()));
          created.push(path);
        });
  }

  private void extract(String entryName, Step step) {
    name = entryName;
    try {
      Path path = inside(entryName);
      makeFolder(path.getParent());
      step.on(path);
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      throw failed(entryName, e);
    }
  }

  private Path inside(String entryName) throws IOException {
    Path root = places.root(entryName);
    Path path = places.of(entryName).normalize();
    boolean separated =
        folder.getFileSystem().getSeparator().equals("/") || EntryNames.isPlain(entryName);
    // The manifest has checked the name; this is the last door before the disk.
    if (!separated || !path.startsWith(root) || path.equals(folder)) {
      throw new IOException(path + " is outside " + root);
    }
    return path;
  }

  // A folder that is already there is another one's, or a link: only what was made here is used.
  private void makeFolder(@Nullable Path path) throws IOException {
    if (path != null && folders.add(path)) {
      makeFolder(path.getParent());
      Files.createDirectory(path, folderMode);
      created.push(path);
    }
  }

  @Override
  public void write(byte[] bytes, int length) {
    try {
      open().write(bytes, 0, length);
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  @Override
  public void end() {
    try {
      open().close();
      file = null;
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  @Override
  public void discard(Throwable why) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      why.addSuppressed(e);
    }
    for (Path path : created) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        why.addSuppressed(e);
      }
    }
  }

  private OutputStream open() {
    return Objects.requireNonNull(file, "No entry has begun");
  }

  private OperationFailed failed(String entryName, Exception cause) {
    return new OperationFailed(
        "The entry %s cannot be extracted into %s: %s"
            .formatted(Quoted.text(entryName), places.root(entryName), reason(cause)),
        "See that the folder can be written and has room, and try again",
        cause);
  }

  private static String reason(Exception cause) {
    return cause instanceof IOException io ? Printable.reason(io) : cause.toString();
  }

  private OperationFailed failed(IOException cause) {
    return new OperationFailed(
        "The archive cannot be extracted into %s: %s".formatted(folder, reason(cause)),
        "Give an empty folder that can be written",
        cause);
  }
}
