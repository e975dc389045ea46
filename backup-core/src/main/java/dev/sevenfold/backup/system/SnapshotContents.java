package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.source.SystemSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Where the entries of a snapshot are, and how to open each of them safely. Thread-safe. */
public final class SnapshotContents implements SystemSnapshot.Contents {

  /** Opens one file. */
  @FunctionalInterface
  interface Located {
    InputStream open() throws IOException;
  }

  /** What a snapshot is found to be made of, to be added to. */
  public record Parts(
      List<Entry> entries,
      List<Folder> folders,
      List<Link> links,
      List<String> missing,
      List<String> warnings,
      Map<String, String> unmounted) {

    /** Nothing yet. */
    public Parts() {
      this(
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new TreeMap<>());
    }
  }

  private final TreeGuard guard;
  private final Map<String, Located> byName = new ConcurrentHashMap<>();

  public SnapshotContents(TreeGuard guard) {
    this.guard = guard;
  }

  public void put(String entryName, Located located) {
    byName.put(entryName, located);
  }

  /** A file in scratch space. */
  public Located at(Path file) {
    return () -> LiveFiles.open(file);
  }

  /** A file of a tree, which somebody may have put something else in the place of meanwhile. */
  Located below(Path root, Path file) {
    return () -> {
      requireReadable(root, file);
      return LiveFiles.open(file);
    };
  }

  /**
   * Looks at a file of a tree once more, before it is opened.
   *
   * @throws NoSuchFileException if it is no file of the tree any more
   */
  BasicFileAttributes requireReadable(Path root, Path file) throws IOException {
    BasicFileAttributes attributes = DurableFiles.attributes(file);
    if (!attributes.isRegularFile()
        || !file.toRealPath().startsWith(root)
        || guard.judge(file, attributes) != TreeGuard.Verdict.READ) {
      throw new NoSuchFileException(
          file.toString(), null, "it has become something else than the file that it was");
    }
    return attributes;
  }

  /** Whether there is no such file any more, for whatever reason reading it has failed. */
  static boolean isGone(Path file) {
    try {
      return !DurableFiles.attributes(file).isRegularFile();
    } catch (AccessDeniedException e) {
      return false;
    } catch (IOException e) {
      // Not there, or what was a folder above it is none any more.
      return e instanceof FileSystemException;
    }
  }

  @Override
  public InputStream open(String entryName) throws IOException {
    Located located = byName.get(entryName);
    if (located == null) {
      throw new NoSuchFileException(entryName);
    }
    return located.open();
  }
}
