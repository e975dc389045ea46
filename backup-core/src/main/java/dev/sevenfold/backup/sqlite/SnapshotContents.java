package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.source.SystemSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where the entries of a snapshot are, and how to open each of them safely. Thread-safe. */
final class SnapshotContents implements SystemSnapshot.Contents {

  /** Opens one file. */
  @FunctionalInterface
  interface Located {
    InputStream open() throws IOException;
  }

  private final TreeGuard guard;
  private final Map<String, Located> byName = new ConcurrentHashMap<>();

  SnapshotContents(TreeGuard guard) {
    this.guard = guard;
  }

  void put(String entryName, Located located) {
    byName.put(entryName, located);
  }

  /** A file in scratch space. */
  Located at(Path file) {
    return () -> LiveFiles.open(file);
  }

  /** A file of a tree, which somebody may have put something else in the place of meanwhile. */
  Located below(Path root, Path file) {
    return () -> {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()
          || !file.toRealPath().startsWith(root)
          || guard.judge(file, attributes) != TreeGuard.Verdict.READ) {
        throw new IOException(file + " has become something else than the file that it was");
      }
      return LiveFiles.open(file);
    };
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
