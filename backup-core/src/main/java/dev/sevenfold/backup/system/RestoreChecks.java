package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.MountPoints;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What stands in the way of a restore before anything is written. Changes nothing. */
public final class RestoreChecks {

  private final RestoreLayout layout;
  private final MountPoints mounts = MountPoints.now();
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
    } else if (mounts.contains(path) || !Files.getFileStore(path).equals(store)) {
      conflicts.add(
          "%s is a mount of its own, or on another file system than %s: files cannot be renamed into it; %s"
              .formatted(path, layout.directory(), elsewhere(place)));
    } else if (!Files.isWritable(DurableFiles.folderOf(path))
        || (!database && Files.isDirectory(path) && !Files.isWritable(path))) {
      conflicts.add(path + " cannot be renamed by this process");
    }
  }

  /**
   * Mounts that moves would meet. One inside of what is set aside would go along, and the new files
   * would be on the disk below; nothing moves from one to the other.
   */
  public static List<String> findMounts(RestoreLayout layout, List<Move> moves) throws IOException {
    RestoreChecks checks = new RestoreChecks(layout);
    Set<String> found = new TreeSet<>();
    for (Move move : moves) {
      for (Path mount : checks.mountsOf(move)) {
        for (SystemPlace place : layout.places()) {
          if (move.target().startsWith(layout.target(place))) {
            found.add(
                "%s, in the place of %s, is a mount of its own: it cannot be set aside; unmount it, or %s"
                    .formatted(mount, place.name(), elsewhere(place)));
          }
        }
      }
    }
    return List.copyOf(found);
  }

  private Set<Path> mountsOf(Move move) throws IOException {
    Path folder = DurableFiles.folderOf(move.target());
    Set<Path> found = new TreeSet<>();
    if (DurableFiles.isFolder(move.target())) {
      mounts.within(move.target()).forEach(found::add);
    }
    if (DurableFiles.isFolder(folder)) {
      Optional<Path> here = mounts.around(layout.directory());
      mounts.around(folder).filter(mount -> !here.equals(Optional.of(mount))).ifPresent(found::add);
    }
    return found;
  }

  private static String elsewhere(SystemPlace place) {
    boolean tree = place.role() == Role.TREE;
    return "place %s elsewhere below the folder, by place(\"%s\", \"%s.restored\"), and copy it to that disk (cp -a %s)"
        .formatted(
            place.name(),
            place.name(),
            place.name(),
            place.name() + ".restored" + (tree ? "/. " + place.path() + "/" : " " + place.path()));
  }

  private Path nearest(Path path) {
    return DurableFiles.exists(path) || path.getParent() == null ? path : nearest(path.getParent());
  }
}
