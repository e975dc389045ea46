package dev.sevenfold.backup.files;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.HeldFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What would keep a restore from putting a file in its place, or from removing it: looked at when a
 * restore is planned, as the user that this process runs as, so that a restore never finds out when
 * its rows are committed. Changes nothing. Use from one thread.
 */
final class FilePlaces {

  private record Folder(Path root, Path path) {}

  private final Map<Folder, Optional<String>> known = new HashMap<>();

  /** What is in the way of a file below a root; empty if nothing is. */
  Optional<String> inTheWay(Path root, Path target) {
    Path folder = DurableFiles.folderOf(target);
    Optional<String> way =
        known.computeIfAbsent(
            new Folder(root, folder), any -> inTheWayOfFolder(root, folder, target));
    return way.isPresent() ? way : unnameable(folder, target);
  }

  /** What is in the way of removing a file that is there. */
  Optional<String> inTheWayOfRemoval(Path file) {
    Path folder = DurableFiles.folderOf(file);
    return whyNotChanged(folder).map(why -> "file " + file + " is to be removed, and " + why);
  }

  /** Whether a folder is there that nobody has put anything into. */
  static boolean isEmptyFolder(Path path) throws IOException {
    if (!DurableFiles.isFolder(path)) {
      return false;
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Optional<String> inTheWayOfFolder(Path root, Path folder, Path target) {
    @Nullable Path there = folder;
    while (there != null && !DurableFiles.exists(there)) {
      there = there.getParent();
    }
    if (there == null) {
      return Optional.empty();
    }
    Optional<String> way = inTheWayAt(there, root, target);
    // Each name that the folder lacks, where the file system can say whether it can be one.
    for (Path missing = folder;
        way.isEmpty() && !missing.equals(there);
        missing = DurableFiles.folderOf(missing)) {
      way = unnameable(there, missing);
    }
    return way;
  }

  private static Optional<String> inTheWayAt(Path there, Path root, Path target) {
    try {
      if (!Files.readAttributes(there, BasicFileAttributes.class).isDirectory()) {
        return Optional.of(there + " is in the place of a folder that file " + target + " needs");
      }
      if (Files.exists(root) && !there.toRealPath().startsWith(root.toRealPath())) {
        return Optional.of("file " + target + " leads out of " + root);
      }
    } catch (NoSuchFileException e) {
      return Optional.of(
          "the link " + there + " leads nowhere, and is in the way of file " + target);
    } catch (IOException e) {
      return Optional.of(there + " is in the way of file " + target + ": " + Printable.reason(e));
    }
    return whyNotChanged(there).map(why -> "file " + target + " cannot be written: " + why);
  }

  private static Optional<String> whyNotChanged(Path folder) {
    if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
      return Optional.of(
          "folder " + folder + " may not be written to or not be entered by this process");
    }
    if (!Files.isReadable(folder)) {
      // Only a folder that can be read can be told to keep what is changed in it.
      return Optional.of("folder " + folder + " may not be read by this process");
    }
    try {
      HeldFolder.open(folder.toRealPath()).close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(Printable.reason(e));
    }
  }

  /** Whether a folder that is there cannot have this name in it. */
  private static Optional<String> unnameable(Path folder, Path file) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try {
      DurableFiles.attributes(folder.resolve(file.getFileName()));
      return Optional.empty();
    } catch (NoSuchFileException | AccessDeniedException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      return Optional.of(
          "no file can be named %s: %s"
              .formatted(Printable.of(file.toString()), Printable.reason(e)));
    } catch (IOException e) {
      return Optional.of("file " + file + " cannot be looked at: " + Printable.reason(e));
    }
  }
}
