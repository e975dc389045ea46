package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What stands in the way of a restore before anything is written. Changes nothing. */
public final class RestoreChecks {

  private final RestoreLayout layout;
  private final List<String> conflicts = new ArrayList<>();

  private RestoreChecks(RestoreLayout layout) {
    this.layout = layout;
  }

  /**
   * Everything that can be seen from outside.
   *
   * @param bytes the space that is needed
   * @param evenIfOpen whether databases may be in use
   */
  public static List<String> find(RestoreLayout layout, long bytes, boolean evenIfOpen) {
    RestoreChecks checks = new RestoreChecks(layout);
    checks.conflicts.addAll(layout.conflicts());
    Path base = checks.nearest(layout.directory());
    try {
      if (!Files.isDirectory(base) || !Files.isWritable(base)) {
        checks.conflicts.add(base + " is no folder that this process may write to");
      } else {
        checks.checkSpace(base, bytes);
        checks.checkPlaces(Files.getFileStore(base));
      }
    } catch (IOException e) {
      checks.conflicts.add(
          "%s cannot be looked at: %s".formatted(layout.directory(), Printable.reasonWithFile(e)));
    }
    if (!evenIfOpen) {
      checks.conflicts.addAll(OpenFiles.find(layout.databaseFiles()));
    }
    return List.copyOf(checks.conflicts);
  }

  private void checkSpace(Path base, long bytes) throws IOException {
    long usable = Files.getFileStore(base).getUsableSpace();
    // Beyond 2^63 bytes the JDK wraps around.
    if (usable >= 0 && usable < bytes) {
      conflicts.add(
          "%s has %,d bytes free; the restored files need %,d beside those that are there"
              .formatted(base, usable, bytes));
    }
  }

  private void checkPlaces(FileStore store) throws IOException {
    Set<Path> looked = new TreeSet<>();
    for (SystemPlace place : layout.places()) {
      Path target = layout.target(place);
      for (Path path = target;
          path.startsWith(layout.directory()) && !path.equals(layout.directory());
          path = DurableFiles.folderOf(path)) {
        if (looked.add(path) && DurableFiles.exists(path)) {
          checkPath(path, place, store);
        }
      }
    }
  }

  private void checkPath(Path path, SystemPlace place, FileStore store) throws IOException {
    boolean database = path.equals(layout.target(place)) && place.role() != Role.TREE;
    if (Files.isSymbolicLink(path)) {
      conflicts.add(
          "%s is a link to %s; remove it, or restore into the folder that it leads to"
              .formatted(path, Files.readSymbolicLink(path)));
    } else if (!Files.getFileStore(path).equals(store)) {
      conflicts.add(
          "%s is on another file system than %s: files cannot be renamed into it; place %s elsewhere below the folder, as %s.restored say, and copy what is in it to that disk"
              .formatted(path, layout.directory(), place.name(), place.name()));
    } else if (!Files.isWritable(DurableFiles.folderOf(path))
        || (!database && Files.isDirectory(path) && !Files.isWritable(path))) {
      conflicts.add(path + " cannot be renamed by this process");
    }
  }

  private Path nearest(Path path) {
    return DurableFiles.exists(path) || path.getParent() == null ? path : nearest(path.getParent());
  }
}
